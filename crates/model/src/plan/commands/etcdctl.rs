//! What is asked of the cluster, and told to it, by `bouquet etcdctl`.

use crate::artifact::shell_word;
use crate::plan::state::{Seat, State, client_urls};
use crate::running::Running;
use crate::trust::ca_place;
use crate::version::Minor;
use std::collections::BTreeSet;

/// The program as it is typed, and what it was compiled from.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Program<'a> {
    /// `bouquet`, or `cargo run --`.
    pub(in crate::plan) typed: &'a str,
    /// What it was compiled from.
    pub(in crate::plan) compiled: &'a Running,
    /// The flags with the files that are shown to members which still speak TLS, where the program was
    /// compiled without; nothing otherwise.
    pub(in crate::plan) files: &'a str,
    /// Whether an alarm may be on meanwhile, with which `endpoint health` calls nobody healthy from 3.5 on
    /// (`epHealthCommandFunc` in `etcdctl/ctlv3/command/ep_command.go`).
    pub(in crate::plan) has_alarm: bool,
}

/// Returns the flags with the files of before, for a program that is compiled without TLS: a build leaves
/// the certificates and keys in `out/` that it does not want any more. The client is that which `etcdctl`
/// speaks as.
pub(in crate::plan) fn former_files(before: &Running, after: &Running) -> String {
    let has_tls = after.members.values().any(|member| member.clients.is_some());
    let root = before.clients.get_key_value("root").or_else(|| before.clients.first_key_value());
    let issues = before.members.values().find_map(|member| Some(member.clients.as_ref()?.issue));
    let Some(((name, _), number)) = root.zip(issues).filter(|_| !has_tls) else {
        return String::new();
    };
    let file = |flag, path: String| format!(" --{flag}={}", shell_word(&path));
    [
        file("cacert", format!("out/{}.crt", ca_place(number))),
        file("cert", format!("out/clients/{name}/client.crt")),
        file("key", format!("out/clients/{name}/client.key")),
    ]
    .concat()
}

impl Program<'_> {
    /// Returns a command for everybody who has a vote now.
    pub(in crate::plan) fn all(&self, state: &State, words: &str) -> String {
        let now = state.up_seats().flat_map(|seat| &seat.clients).map(String::as_str);
        let now: BTreeSet<&str> = now.collect();
        let compiled: BTreeSet<String> =
            self.compiled.members.values().flat_map(client_urls).collect();
        if now.iter().copied().eq(compiled.iter().map(String::as_str)) {
            return format!("{} etcdctl -- {words}", self.typed);
        }
        let now: Vec<&str> = now.into_iter().collect();
        self.at(&now, words)
    }

    /// Returns a command for one member.
    pub(in crate::plan) fn one(&self, state: &State, name: &str, words: &str) -> String {
        let now = state.seat(name).map(|seat| seat.clients.as_slice()).unwrap_or_default();
        self.seat(name, now, words)
    }

    /// Returns a command for one member that is found there.
    pub(in crate::plan) fn seat(&self, name: &str, urls: &[String], words: &str) -> String {
        let compiled = self.compiled.members.get(name).map(client_urls).unwrap_or_default();
        if compiled == urls {
            return format!("{} etcdctl {} -- {words}", self.typed, shell_word(name));
        }
        self.at(&urls.iter().map(String::as_str).collect::<Vec<_>>(), words)
    }

    fn at(&self, urls: &[&str], words: &str) -> String {
        let is_secret = urls.iter().any(|url| url.starts_with("https:"));
        let files = if is_secret { self.files } else { "" };
        let urls = urls.join(",");
        format!("{} etcdctl -- {words} --endpoints={}{files}", self.typed, shell_word(&urls))
    }

    /// Waits until all that have a vote are healthy, seen twice, as far apart as etcd wants them to be
    /// connected before it takes a change of members (`isConnectedFullySince` and `HealthInterval` in its
    /// `etcdserver/server.go`).
    pub(in crate::plan) fn healthy(&self, state: &State) -> String {
        let asked = self.health(state);
        repeated(&format!("{asked} && sleep 5 && {asked}"))
    }

    /// Waits until all that have a vote are healthy: before anything that stops one of them, so that a plan
    /// that is pasted whole goes no further than to a member that does not come back.
    pub(in crate::plan) fn healthy_before(&self, state: &State) -> String {
        repeated(&self.health(state))
    }

    fn health(&self, state: &State) -> String {
        if self.has_alarm {
            let read = |name| self.one(state, name, self.read());
            state.up().map(read).collect::<Vec<_>>().join(" && ")
        } else {
            self.all(state, "endpoint health")
        }
    }

    /// Waits until a member has all that a quorum agreed on: one that is cut off hands out a snapshot as well.
    pub(in crate::plan) fn current(&self, state: &State, name: &str) -> String {
        repeated(&self.one(state, name, self.read()))
    }

    /// Waits until a member answers no more.
    pub(in crate::plan) fn silent(&self, state: &State, name: &str) -> String {
        format!("while {}; do sleep 2; done", self.one(state, name, "endpoint status"))
    }

    /// Returns a read that a quorum has to agree on before a member answers it; so does `endpoint health`.
    const fn read(&self) -> &'static str {
        if self.has_alarm { "get health" } else { "endpoint health" }
    }

    /// Waits until a member is in the list, by the word of `via`.
    pub(in crate::plan) fn listed(&self, state: &State, seat: &Seat, via: &str) -> String {
        repeated(&format!("{} | grep -F {}", self.one(state, via, "member list"), in_list(seat)))
    }

    /// Waits until a member is in the list no more, by the word of `via`.
    pub(in crate::plan) fn gone(&self, state: &State, seat: &Seat, via: &str) -> String {
        let list = self.one(state, via, "member list");
        let urls = in_list(seat);
        repeated(&format!("list=$({list}) && ! echo \"$list\" | grep -F {urls}"))
    }

    /// Waits until all that have a vote keep their data as that minor does, which a reader of 3.6 and later is
    /// told (`storageVersion` of `StatusResponse`).
    pub(in crate::plan) fn stores(&self, state: &State, minor: Minor) -> String {
        let status = |name| {
            let asked = self.one(state, name, "endpoint status -w json");
            format!("{asked} | grep -q '\"storageVersion\":\"{minor}.0\"'")
        };
        repeated(&state.up().map(status).collect::<Vec<_>>().join(" && "))
    }

    /// Switches alarms off, and then writes once: not where one of them says that members have different
    /// data.
    pub(in crate::plan) fn disarm(&self, state: &State, via: &str) -> Vec<String> {
        let list = self.one(state, via, "alarm list");
        let look = format!("list=$({list}) && ! echo \"$list\" | grep CORRUPT");
        std::iter::once(look).chain(self.disarm_all(state, Some(via))).collect()
    }

    /// Compacts all history, by any member that answers, and has each member give the space back, one after
    /// another.
    pub(in crate::plan) fn compacts(&self, state: &State) -> Vec<String> {
        let defragment = |name| self.defragment(state, name);
        std::iter::once(self.compact(state)).chain(state.up().map(defragment)).collect()
    }

    /// Compacts all history, by any member that answers.
    pub(in crate::plan) fn compact(&self, state: &State) -> String {
        let status = self.all(state, "endpoint status -w json");
        let latest =
            format!("$({status} | grep -o '\"revision\":[0-9]*' | head -n 1 | cut -d : -f 2)");
        let compact = self.all(state, &format!("compaction --physical \"{latest}\""));
        // A restore that raised the revisions has done it.
        format!("{compact} || true")
    }

    /// Makes a member give back the space that it has no use for.
    pub(in crate::plan) fn defragment(&self, state: &State, name: &str) -> String {
        self.one(state, name, "--command-timeout=5m defrag")
    }

    /// Switches all alarms off, whatever they say, and then writes once: those that came with a snapshot are of
    /// members that are no more.
    pub(in crate::plan) fn disarm_all(&self, state: &State, via: Option<&str>) -> Vec<String> {
        std::iter::once(self.off(state, via)).chain(self.write(state, via)).collect()
    }

    /// Switches all alarms off, whatever they say.
    pub(in crate::plan) fn off(&self, state: &State, via: Option<&str>) -> String {
        self.by(state, via, "alarm disarm")
    }

    /// Returns one write, and a removal of what it wrote.
    pub(in crate::plan) fn write(&self, state: &State, via: Option<&str>) -> Vec<String> {
        ["put bouquet/plan done", "del bouquet/plan"]
            .map(|words| self.by(state, via, words))
            .to_vec()
    }

    /// Returns a command for one member, or for whichever answers.
    fn by(&self, state: &State, via: Option<&str>, words: &str) -> String {
        via.map_or_else(|| self.all(state, words), |name| self.one(state, name, words))
    }

    /// Returns the word for a member's ID, and the command that finds it where it is not known.
    pub(in crate::plan) fn id(
        &self,
        state: &State,
        name: &str,
        seat: &Seat,
        via: &str,
    ) -> (Option<String>, String) {
        if let Some(id) = state.get(name).and_then(|listed| listed.id) {
            return (None, id.to_string());
        }
        let (find, id) = self.new_id(state, seat, via);
        (Some(find), id)
    }

    /// Returns the same for a member whose ID nobody knows before: etcd makes it when it is added.
    pub(in crate::plan) fn new_id(
        &self,
        state: &State,
        seat: &Seat,
        via: &str,
    ) -> (String, String) {
        let list = self.one(state, via, "member list");
        let urls = in_list(seat);
        let find = format!("id=$({list} | grep -F {urls} | cut -d, -f1)");
        (find, "\"$id\"".to_owned())
    }
}

/// Does it again until it succeeds.
pub(in crate::plan) fn repeated(asked: &str) -> String {
    format!("until {asked}; do sleep 2; done")
}

/// Returns a member's peer URLs as a line of `member list` has them, for a shell.
fn in_list(seat: &Seat) -> String {
    shell_word(&format!(", {}, ", seat.peers.join(","))).into_owned()
}
