//! What a person does with the commands of a plan: types them as they are printed, and does what is behind
//! a `#`.

use super::machines::Machines;
use bouquet_model::artifact::shell_word;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::PathBuf;

/// The steps as one script, with the folder that a client has. What is looked at has no outcome but what it
/// shows.
pub(super) fn script(
    steps: &[Value],
    machines: &Machines,
    client: &dyn Fn(&str) -> PathBuf,
) -> String {
    let mut script = String::new();
    for step in steps {
        let title = step["title"].as_str().expect("a title");
        let _ = writeln!(script, "echo == {}", shell_word(title));
        let is_look = step["action"] == "look";
        for command in step["commands"].as_array().expect("commands") {
            let command = command.as_str().expect("a text");
            match command.strip_prefix("# ") {
                Some(words) => writeln!(script, "{}", by_hand(words, machines, client)),
                None if is_look => writeln!(script, "{command} || true"),
                // A chain of commands that ends early does not end a shell with `-e`.
                None => writeln!(script, "{command}\n[ $? = 0 ] || exit 1"),
            }
            .expect("a string takes it");
        }
    }
    script
}

/// All commands as they are printed, from that line on.
pub(super) fn pasted(steps: &[Value], from_line: usize) -> String {
    let commands = steps.iter().flat_map(|step| step["commands"].as_array().expect("commands"));
    let text: String =
        commands.map(|command| command.as_str().expect("a text").to_owned() + "\n").collect();
    text.split_inclusive('\n').skip(from_line).collect()
}

/// What a line means that is for a person.
fn by_hand(words: &str, machines: &Machines, client: &dyn Fn(&str) -> PathBuf) -> String {
    if let Some(words) = words.strip_prefix("on each machine of ") {
        let (names, urls) = words
            .split_once(": let it dial these, and restart it\n# ")
            .expect("clients, and what they are to dial");
        let dials = |name: &str| {
            let file = client(name).join("etcdctl.env");
            let edit = format!("s|^ETCDCTL_ENDPOINTS=.*|ETCDCTL_ENDPOINTS={urls}|");
            format!("sed -i {} {}\n", shell_word(&edit), file.display())
        };
        return names.split(", ").map(dials).collect();
    }
    let parts: Vec<&str> = words.split(' ').collect();
    match &parts[..] {
        // All clients are on one machine here; of these there are none.
        ["HOST:" | "Kubernetes," | "Patroni:" | "Patroni,", ..]
        | ["k3s", "and", "RKE2,", ..]
        | ["all", "else", "that", ..] => String::new(),
        ["on", name, "install", "etcd", version] => {
            machines.installs(name.trim_end_matches(':'), version)
        }
        ["first", "take", "the", "address", address, "from", .., "that", "of", name]
        | [
            "first",
            "take",
            "the",
            "address",
            address,
            "from",
            ..,
            "that",
            "of",
            name,
            "besides",
            _,
        ]
        | ["the", "machine", "of", name, "has", "the", "address", address, ..] => {
            machines.gives(name.trim_end_matches(','), address)
        }
        _ => panic!("nobody knows what to do: {words}"),
    }
}
