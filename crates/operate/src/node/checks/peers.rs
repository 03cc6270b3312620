//! The other members: whether each can be reached from here, and trusts this one.

use super::check::{Check, Node};
use crate::node::machine::read::host::{ip, name};
use crate::node::peers::{Answer, answering};
use bouquet_etcd::{Error, Reach};
use bouquet_model::diagnostic::{Diagnostic, quoted};

pub(super) fn peers(node: &Node<'_>) -> Check {
    const NAME: &str = "peers";
    let others = node.cluster().members.len() - 1;
    if others == 0 {
        return Check::new(NAME, "none: it is alone");
    }
    let answers = match &node.facts.peers {
        Err(why) => return Check::unseen(NAME, why),
        Ok(peers) => &peers.answers,
    };
    let heard = answering(answers).len();
    let findings = answers.iter().filter_map(|answer| unheard(node, answer));
    Check::new(NAME, format!("{heard} of {others} answer")).with(findings)
}

fn unheard(node: &Node<'_>, answer: &Answer) -> Option<Diagnostic> {
    let Answer { name: whose, url, members } = answer;
    let error = members.as_ref().err()?;
    let name = quoted(whose);
    let at = format!("{name}, at {url},");
    let program = node.program;
    Some(match error {
        Error::Unreachable(Reach::NoListener) => {
            Diagnostic::warning(format!("{at} is down: nobody listens there"))
                .help(format!("on its node: `{program} doctor`, which says why; or `systemctl start {}`", unit(node, whose)))
        }
        Error::Unreachable(Reach::Silent) => {
            Diagnostic::error(format!("{at} does not answer"))
                .note("a packet filter drops what is sent there, or its machine is down, or its process was stopped")
                .help(format!("from here: `nc -vz -w 3 {} {}`; on its node: `{program} doctor`, in the lines `firewall` and `ports`", host(answer), url.port))
        }
        Error::Unreachable(Reach::NoRoute(text)) => {
            Diagnostic::error(format!("there is no way to {name}, at {url}: {text}"))
                .help(format!("see the way that this node takes: `ip route get {}`", host(answer)))
        }
        Error::Unreachable(Reach::NoAddress(text)) => {
            Diagnostic::error(format!("the name of {name} has no address here: {text}"))
                .help(format!("`getent hosts {}`: correct DNS or /etc/hosts", host(answer)))
        }
        Error::Unreachable(Reach::Local(text)) => {
            Diagnostic::error(format!("this node can open no connection to {name}: {text}"))
                .help("`ulimit -n`, and what has files and ports open here")
        }
        Error::Unreachable(Reach::NotTls) => {
            Diagnostic::error(format!("{at} speaks no TLS"))
                .help(format!("it runs with other files than those of this build, or another program has its port: on its node `{program} doctor`"))
        }
        Error::Unreachable(Reach::Untrusted(text)) => {
            Diagnostic::error(format!("{at} shows a certificate that is not trusted here: {text}"))
                .note("one of the two has files of another build, another CA, or a wrong clock")
                .help(format!("on both nodes: `{program} check-node`, and `date -u`"))
        }
        Error::Unreachable(Reach::Rejected(text)) => {
            Diagnostic::error(format!("{at} does not trust this node's certificate: {text}"))
                .note("its CA file is another one; or ours expired, was revoked, is not for the address that it sees, or for `serverAuth` alone")
                .help(format!("on both nodes: `{program} check-node`; on its own, etcd's journal names the reason: `journalctl -u {} | {program} doctor --log -`", unit(node, whose)))
        }
        other => Diagnostic::error(format!("{at} does not answer as a member does: {other}"))
            .help(format!("on its node: `{program} doctor`")),
    })
}

/// Returns the name of another member's unit.
fn unit(node: &Node<'_>, name: &str) -> String {
    let member = node.cluster().member(name);
    member.map_or_else(|| "etcd".to_owned(), |member| node.cluster().unit_name(member))
}

fn host(answer: &Answer) -> String {
    let ip = ip(&answer.url).map(|ip| ip.to_string());
    ip.or(name(&answer.url)).unwrap_or_default()
}
