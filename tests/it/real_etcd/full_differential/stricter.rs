//! Where a build and etcd differ on purpose: what a build refuses although etcd serves, with the
//! reason, and what it only warns of although etcd does not. A row for each rule.

/// Words that the message has, all of them, and the reason.
const STRICTER: &[(&[&str], &str)] = &[
    // What etcd takes for something else, without a word.
    (&["is negative"], "etcd reads it as none at all, or as never"),
    (&["is nothing that", "can be"], "etcd takes some words that it does not know for its default"),
    (&["is at least 5s"], "etcd raises a shorter time to 5s"),
    (&["takes one entry for"], "etcd takes all of it for one name, which nobody has"),
    (&["`bcrypt-cost` is"], "etcd takes 10 for it"),
    (&["`auth-token-ttl` is"], "etcd takes 300 for it"),
    (&["`quota-backend-bytes` is", "at least"], "each negative number is the same as -1"),
    (&["batch-limit` is"], "etcd takes a negative number for its default"),
    (&["`max-concurrent-streams` is at least"], "gRPC takes 0 for all, and older ones for none"),
    (&["`snapshot-count` is at least"], "etcd takes 0 for its default"),
    (&["`grpc-keepalive-", "at least"], "gRPC takes its own time instead"),
    (&["sleep-interval` is"], "etcd takes another time instead"),
    (&["has more than a scheme, a host and a port"], "etcd drops the rest"),
    (&["without `auto-compaction-mode`"], "read from a YAML file, etcd compacts nothing"),
    (&["compacts nothing"], "read from a YAML file, etcd compacts nothing"),
    (&["serves no metrics on"], "etcd ignores the path of the socket, and takes a random one"),
    (&["does not have the path of a socket"], "where it is depends on where etcd is started"),
    (&["is not an absolute path"], "where it is depends on where etcd is started"),
    (&["is nothing etcd can log to"], "where it is depends on where etcd is started"),
    (&["reads the log's path"], NOT_OPENED),
    (&["rather than by `log-output`"], "etcd goes by `log-outputs` where this has one entry"),
    // What says nothing, or nothing that is certain.
    (&["is empty"], "it says nothing that leaving it out would not"),
    (&[" twice"], "one of the two is a mistake"),
    (&["has both"], "etcd takes the last of them"),
    (
        &["-unary-request-duration", "are one option"],
        "etcd takes 0 for an option that is not there",
    ),
    (&["stands for itself"], "what is beside it has no effect"),
    (&["`simple` tokens take no parameters"], "they have no effect"),
    (&["has one secret"], "etcd reads the file, and does nothing with it"),
    (&["cannot contain the"], "not every format can carry it"),
    (&["begins or ends with a space"], "not every format can carry it"),
    (&["listens on port 0"], "nobody knows the port"),
    // What is wrong as soon as something else looks at it, or something happens.
    (&["-sampling-rate` is at"], "etcd looks at it once tracing is on, and then refuses it"),
    (&["is not a host and a port"], "etcd connects once tracing is on, and traces are lost"),
    (&["is a URL"], "etcd connects once tracing is on, and traces are lost"),
    (&["is not an object of JSON"], "etcd looks at it once rotation is on, and dies of it"),
    (&["-rotation-config-json` holds nothing"], "etcd looks at it once rotation is on, and dies"),
    (&["can be said of log rotation"], "etcd looks at it once rotation is on, and dies of it"),
    (&["takes an integer, not"], "etcd looks at it once rotation is on, and dies of it"),
    (&["`maxsize` is at"], "etcd looks at it once rotation is on, and rotates at every line"),
    (&["does not name a package and a level"], "etcd goes on with levels of its own"),
    (&["is not a level of the log"], "etcd goes on with levels of its own"),
    (&["log rotation needs exactly one file"], "etcd rotates nothing where there is no file"),
    (&["is no time for a token to be valid"], "every token would be invalid when it is made"),
    (&["-retention` is at least 1s"], "etcd divides it by ten, and compacts without a pause"),
    (&["cannot read ``"], "an empty text turns compaction off, for which there is `0`"),
    (&["-notify-interval` is"], "every watcher would be told that often"),
    (&["-catchup-entries` is at"], "YAML reads it as a float, which has no more digits"),
    (&["-threshold-megabytes` is at most"], "the bytes overflow"),
    (&["`quota-backend-bytes` is", "at most"], "a tenth more is mapped, which panics or overflows"),
    (&["`max-request-bytes` is at least"], "no request of any use fits"),
    (&["`max-txn-ops` is at least"], "etcd would refuse every transaction"),
    (&["no request is made to the host"], "it lets nobody in"),
    (&["is neither an IP address nor a host name"], "no certificate has it"),
    (&["is not the origin of a web page"], "no browser sends it"),
    (&["no browser sends any"], "no browser sends it"),
    (&["fits a key of kind"], "anyone who speaks TLS 1.2 alone finds no suite"),
    (&["is not a cipher suite of TLS 1.2"], "suites of TLS 1.3 cannot be chosen"),
    (&["`max-request-bytes` is at most"], "no message of gRPC's gets that large"),
    (&["cannot read `+"], "one number has one spelling here"),
    (&["is not an IPv6 address"], "an older Go reads anything between brackets"),
    (&["is a scheme in capitals"], "etcd prints it in small letters, and it has one spelling here"),
    (&["is not a port"], "one port has one spelling here"),
    // What is wrong as soon as the folder is there, or the unit is.
    (&["goes through `.` or `..`"], "one folder has one spelling here"),
    (&["more slashes than it needs"], "one folder has one spelling here"),
    (&["is right in", "is not etcd's alone"], "the unit would open the whole folder to etcd"),
    (&["is not etcd's alone"], "it would get etcd's owner and mode"),
    (&["the account `etcd` cannot reach"], "it is not root who runs etcd by the unit"),
    (&["is in `certs-dir`"], "what is copied there again would be among it"),
    // What is unsafe.
    (&["would serve clients without TLS"], "everybody could read and write the cluster"),
];

/// Warnings, by words of theirs, which say that a member will not serve.
const ANNOUNCED: &[&[&str]] =
    &[&["`quota-backend-bytes` is rarely less"], &["`max-request-bytes` is rarely less"]];

/// What is said of the files that a log goes to. Of `log-output` etcd 3.4 opens none, and goes on.
const OF_LOG_OUTPUT: &[(&[&str], &str)] = &[
    (&["is no file of etcd's"], NOT_OPENED),
    (&["is a folder, and etcd logs to a file"], NOT_OPENED),
];

const NOT_OPENED: &str = "etcd 3.4 opens no file of `log-output`";

/// Returns the reason why a message stands where etcd would serve; of a spec that has `log-output` or not.
pub(super) fn reason(message: &str, has_log_output: bool) -> Option<&'static str> {
    let fits = |(words, _): &&(&[&str], &'static str)| words.iter().all(|w| message.contains(w));
    let of_log_output = OF_LOG_OUTPUT.iter().filter(|_| has_log_output);
    STRICTER.iter().chain(of_log_output).find(fits).map(|(_, reason)| *reason)
}

/// Tells whether a warning says that a member will not serve.
pub(super) fn is_announced(warning: &str) -> bool {
    ANNOUNCED.iter().any(|words| words.iter().all(|w| warning.contains(w)))
}
