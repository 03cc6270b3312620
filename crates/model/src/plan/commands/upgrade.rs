//! What has to be seen on nodes before another minor version of etcd starts on their data.

use super::node::Node;
use crate::artifact::shell_word;
use crate::release::{LookAt, edge};
use crate::version::{EtcdVersion, Minor};

/// Returns the commands that look, of which those of etcdctl are made by `ask`, and what has to be seen.
pub(in crate::plan) fn looks_of_upgrade(
    nodes: &[Node<'_>],
    ask: &dyn Fn(&str) -> String,
    from: EtcdVersion,
    to: EtcdVersion,
) -> (Vec<String>, Vec<String>) {
    let (mut commands, mut to_see) = (Vec::new(), Vec::new());
    let edge = edge(from, to);
    if let Some((least, why)) = edge.and_then(|edge| edge.least) {
        to_see.push(format!("every member must run {}.{least} or later: {why}", from.minor()));
    }
    for look in edge.map(|edge| edge.looks).unwrap_or_default() {
        match look.place {
            LookAt::Cluster => commands.push(ask(look.command)),
            LookAt::Nodes => commands.extend(nodes.iter().map(|node| {
                node.look(&look.command.replace("DATA-DIR", &shell_word(&node.data())))
            })),
            LookAt::Past => {}
        }
        to_see.push(format!("{}: {}", look.how(), look.why));
    }
    to_see.push(format!(
        "once all run {to} there is no way back to {} but the snapshot{}",
        from.minor(),
        if to.minor() == Minor::V3_6 { ", or `etcdctl downgrade`" } else { "" }
    ));
    (commands, to_see)
}
