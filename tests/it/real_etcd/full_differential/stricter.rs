//! What a build refuses although etcd serves, and why: a row for each rule.

/// Words that the message has, all of them, and the reason.
const STRICTER: &[(&[&str], &str)] = &[
    (&["is negative"], "etcd reads it as none at all, or as never"),
    (&["is nothing that", "can be"], "etcd takes some words that it does not know for its default"),
    (&["is empty"], "it says nothing that leaving it out would not"),
    (&[" twice"], "one of the two is a mistake"),
    (&["is at least 5s"], "etcd raises a shorter time to 5s without a word"),
    (&["takes one entry for"], "etcd takes all of it for one name, which nobody has"),
    (&["would serve clients without TLS"], "everybody could read and write the cluster"),
    (&["without `auto-compaction-mode`"], "read from a YAML file, etcd compacts nothing"),
    (&["is not an absolute path"], "where it is depends on where etcd is started"),
    (&["`bcrypt-cost` is at"], "etcd takes 10 for it without a word"),
    (&["holds the control character"], "not every format can carry it"),
    (&["has more than a scheme, a host and a port"], "etcd drops it without a word"),
    (&["`quota-backend-bytes` is at least"], "each negative number is the same as -1"),
];

/// Returns the reason why a message stands where etcd would serve.
pub(super) fn reason(message: &str) -> Option<&'static str> {
    let fits = |(words, _): &&(&[&str], &'static str)| words.iter().all(|w| message.contains(w));
    STRICTER.iter().find(fits).map(|(_, reason)| *reason)
}
