//! Where a container's paths are on its node.

use super::given::{Given, Key, Mount, Read, Said};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::option::{Kind, find};

/// Options that have paths among other words.
const WITH_PATHS: [&str; 2] = ["auth-token", "log-outputs"];

/// Has the options name the node's paths, in place of the container's.
pub(super) fn on_node(mut read: Read) -> Read {
    for given in &mut read.given {
        let Some((name, is_whole)) = with_paths(given) else { continue };
        let texts = match &mut given.said {
            Said::Text(text) => std::slice::from_mut(text),
            Said::List(entries) => entries.as_mut_slice(),
            Said::Open(_) => continue,
        };
        for text in texts {
            let was = text.clone();
            let parts: Vec<&str> = if is_whole { vec![&*was] } else { was.split(',').collect() };
            let mut mapped = Vec::new();
            for part in parts {
                let (before, path) =
                    if is_whole { ("", part) } else { part.split_at(part.find('/').unwrap_or(0)) };
                let mounts = read.mounts.iter().filter(|_| path.starts_with('/'));
                let below = mounts.filter_map(|mount| Some((mount, mount.below(path)?)));
                // Of mounts in one another, the innermost one has the path.
                let place = below.max_by_key(|(mount, _)| mount.inside.len());
                let outside = match place {
                    Some((Mount { outside: Some(outside), .. }, below)) => {
                        format!("{outside}{below}")
                    }
                    Some((Mount { outside: None, .. }, _)) => {
                        read.unsaid.push(in_volume(&name, path));
                        path.to_owned()
                    }
                    None => {
                        let is_lost = read.is_inside && path.starts_with('/');
                        read.unsaid.extend(is_lost.then(|| under_no_mount(&name, path)));
                        path.to_owned()
                    }
                };
                if outside != path {
                    read.said.push(Diagnostic::warning(format!(
                        "`{name}` is {} in the container, and {} on the node",
                        quoted(path),
                        quoted(&outside)
                    )));
                }
                mapped.push(format!("{before}{outside}"));
            }
            *text = mapped.join(",");
        }
    }
    read
}

fn in_volume(name: &str, path: &str) -> Diagnostic {
    Diagnostic::error(format!("`{name}` is {} in a volume of the container", quoted(path)))
        .note("which folder of the node that is does not stand here")
        .help("write the node's path in its place, or move the files to a folder of the node")
}

fn under_no_mount(name: &str, path: &str) -> Diagnostic {
    Diagnostic::error(format!("`{name}` is {} in the container, and under no mount", quoted(path)))
        .note("the node has something else at that path, or nothing: what is in a container ends with it")
        .help("write the node's path in its place, or copy the files from the container to a folder of the node")
}

/// Returns the name of an option that has paths, and whether it is nothing but one.
fn with_paths(given: &Given) -> Option<(String, bool)> {
    let name = match &given.key {
        Key::Flag(name) => name.clone(),
        Key::Variable(name) => Key::of_variable(name),
        Key::Path(path) => path.last()?.clone(),
    };
    let option = find(&name)?;
    let is_path = option.kind() == Kind::Path;
    (is_path || WITH_PATHS.contains(&option.name())).then_some((name, is_path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_a_container_that_no_mount_has_is_not_the_nodes() {
        let given = |path: &str| Given::flag("data-dir", Said::Text(path.to_owned()), None);
        for (path, is_inside, is_listed) in [
            ("/var/lib/etcd", true, true),
            ("/data/x", true, false),
            ("d", true, false),
            ("/var/lib/etcd", false, false),
        ] {
            let mounts = vec![Mount::new("/data", Some("/srv"))];
            let read =
                on_node(Read { given: vec![given(path)], is_inside, mounts, ..Read::default() });
            let unsaid: Vec<_> = read.unsaid.iter().map(|it| it.message.as_str()).collect();
            let told = "`data-dir` is `/var/lib/etcd` in the container, and under no mount";
            assert_eq!(unsaid, Vec::from_iter(is_listed.then_some(told)), "{path}");
        }
    }

    #[test]
    fn each_path_is_that_of_the_innermost_mount() {
        let text = |text: &str| Said::Text(text.to_owned());
        let read = Read {
            mounts: vec![
                Mount::new("/", Some("/root")),
                Mount::new("/data", Some("/srv/")),
                Mount::new("/data/own/", Some("/data/own")),
                Mount::new("/volume", None),
            ],
            given: vec![
                Given::flag("data-dir", text("/data/a"), None),
                Given::variable("ETCD_WAL_DIR", text("/data/own/w"), None),
                Given::flag("cert-file", text("/database/x"), None),
                Given::flag("log-outputs", text("stderr,/data/x.log"), None),
                Given::flag(
                    "auth-token",
                    text("jwt,pub-key=/data/p,priv-key=/data/own/p,sign-method=RS256"),
                    None,
                ),
                Given::flag("key-file", text("/volume/key"), None),
                Given::flag("name", text("/data/a"), None),
            ],
            ..Read::default()
        };
        let read = on_node(read);
        let all: Vec<_> = read.given.into_iter().map(|given| given.said).collect();
        assert_eq!(
            all,
            [
                "/srv/a",
                "/data/own/w",
                "/root/database/x",
                "stderr,/srv/x.log",
                "jwt,pub-key=/srv/p,priv-key=/data/own/p,sign-method=RS256",
                "/volume/key",
                "/data/a",
            ]
            .map(text)
        );
        let unsaid: Vec<_> = read.unsaid.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(unsaid, ["`key-file` is `/volume/key` in a volume of the container"]);
    }
}
