//! What has to be seen on nodes before another minor version of etcd starts on their data.

use super::node::Node;
use crate::artifact::shell_word;
use crate::version::{EtcdVersion, Minor};

/// Returns the commands that look, and what has to be seen.
///
/// Members are lost otherwise (etcd issues 19557, 20793, 20967), or what the old API wrote is.
pub(in crate::plan) fn looks_of_upgrade(
    nodes: &[Node<'_>],
    from: EtcdVersion,
    to: EtcdVersion,
) -> (Vec<String>, Vec<String>) {
    let each = |line: &dyn Fn(&Node<'_>) -> String| -> Vec<String> {
        nodes.iter().map(|node| node.look(&line(node))).collect()
    };
    let is = |minor: Minor| from.minor() < minor && minor <= to.minor();
    let (mut commands, mut to_see) = (Vec::new(), Vec::new());
    if is(Minor::V3_5) {
        commands
            .extend(each(&|node| format!("ls {}/member/snap/*.snap", shell_word(&node.data()))));
        to_see.push(
            "each member must show a snapshot file: without one, 3.5 drops members from its store, and \
             3.6 shuts them out later; start 3.4 with `snapshot-count = 5` and write a few keys"
                .to_owned(),
        );
    }
    if is(Minor::V3_6) {
        commands.extend(each(&|_| {
            "! journalctl -u etcd | grep 'Removing zombie member from v3store'".to_owned()
        }));
        to_see.push(
            "every member must run 3.5.26 or later, and no log may have that line: 3.6 would shut the \
             named members out; stay with 3.5 then"
                .to_owned(),
        );
    }
    if is(Minor::V3_6) || is(Minor::V3_7) {
        commands.extend(each(&|node| {
            format!("etcdutl check v2store --data-dir={}", shell_word(&node.data()))
        }));
        to_see.push(
            "`detected custom content in v2store` means that something still uses the old API: 3.6 refuses \
             to start on it, and 3.7 forgets it without a word"
                .to_owned(),
        );
    }
    if is(Minor::V3_7) {
        to_see.push("every member must run 3.6.11 or later".to_owned());
    }
    to_see.push(format!(
        "once all run {to} there is no way back to {} but the snapshot{}",
        from.minor(),
        if to.minor() == Minor::V3_6 { ", or `etcdctl downgrade`" } else { "" }
    ));
    (commands, to_see)
}
