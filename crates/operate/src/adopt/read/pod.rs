//! A pod whose container is etcd, such as kubeadm's `/etc/kubernetes/manifests/etcd.yaml`.

use super::command;
use super::flags::flags;
use super::given::{Given, Mount, PREFIX, Read, Said};
use super::lexer::Word;
use super::node::{Node, parse};
use bouquet_model::diagnostic::Diagnostic;
use std::collections::BTreeMap;

/// Reads a pod.
///
/// # Errors
/// If it is none, or none of its containers is etcd.
pub(super) fn read(text: &str) -> Result<Read, Diagnostic> {
    let pod = parse(text)?;
    let spec = pod.get("spec").ok_or_else(|| {
        Diagnostic::error("the pod has no `spec`").help("give the manifest as the kubelet reads it")
    })?;
    let containers = spec.get("containers").map(Node::list).unwrap_or_default();
    let (container, at) =
        containers.iter().find_map(|it| Some((it, etcd(it)?))).ok_or_else(|| {
            Diagnostic::error("no container of the pod starts etcd").help(
                "give the manifest in which a `command` is `etcd`, such as kubeadm's etcd.yaml",
            )
        })?;
    let mut read = Read::default();
    let variables = variables(container, &mut read.said);
    let words: Vec<Word> = words(container).iter().map(|word| filled(word, &variables)).collect();
    read.given = flags(&words[at + 1..], None, &mut read.said);
    let etcds = variables.iter().filter(|(name, _)| name.starts_with(PREFIX));
    read.given.extend(etcds.map(|(name, value)| {
        let said = value.clone().map_or_else(|| Said::Open(name.clone()), Said::Text);
        Given::variable(name, said, None)
    }));
    read.version = container.get("image").and_then(Node::text).and_then(command::tag);
    read.is_inside = true;
    read.mounts = mounts(container, spec);
    Ok(read)
}

/// Tells whether a text is a pod.
pub(super) fn is_one(text: &str) -> bool {
    let is_kind = |line: &str| {
        let (key, kind) = line.split_once(':')?;
        let bare = |text: &str| text.trim().trim_matches([',', '"', '\'']) == "Pod";
        (key.trim_matches([' ', '{', '"', '\'']) == "kind" && bare(kind)).then_some(())
    };
    text.lines().any(|line| is_kind(line).is_some())
}

/// Returns the place of etcd among the words of a container.
fn etcd(container: &Node) -> Option<usize> {
    let words = words(container);
    let is_etcd = |word: &&str| word.rsplit('/').next() == Some("etcd");
    words.iter().position(is_etcd)
}

fn words(container: &Node) -> Vec<&str> {
    let lists = ["command", "args"].into_iter().filter_map(|key| container.get(key));
    lists.flat_map(Node::list).filter_map(Node::text).collect()
}

/// Returns the variables of a container; those that come from elsewhere without a value.
fn variables(container: &Node, said: &mut Vec<Diagnostic>) -> BTreeMap<String, Option<String>> {
    let env = container.get("env").map(Node::list).unwrap_or_default();
    if container.get("envFrom").is_some() {
        said.push(
            Diagnostic::error("the container has variables from elsewhere (`envFrom`)")
                .help("write those that begin with `ETCD_` into its `env`"),
        );
    }
    let pair = |entry: &Node| {
        let value = match (entry.get("value"), entry.get("valueFrom")) {
            (_, Some(_)) => None,
            (value, None) => Some(value.and_then(Node::text).unwrap_or_default().to_owned()),
        };
        Some((entry.get("name")?.text()?.to_owned(), value))
    };
    env.iter().filter_map(pair).collect()
}

/// Fills `$(NAME)` in, as the kubelet does, to which two `$` are one (kubernetes, `third_party/forked/golang/expansion`).
fn filled(word: &str, variables: &BTreeMap<String, Option<String>>) -> Word {
    let mut filled = Word::default();
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('$') {
        filled.text.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            filled.text.push('$');
            rest = after;
        } else if let Some((name, after)) = rest.strip_prefix('(').and_then(|it| it.split_once(')'))
        {
            match variables.get(name) {
                Some(Some(value)) => filled.text.push_str(value),
                _ => filled.open = Some(format!("$({name})")),
            }
            rest = after;
        } else {
            filled.text.push('$');
        }
    }
    filled.text.push_str(rest);
    filled
}

/// Returns what the container has from outside. A volume other than a folder of the node has no place on it.
fn mounts(container: &Node, spec: &Node) -> Vec<Mount> {
    let volumes = spec.get("volumes").map(Node::list).unwrap_or_default();
    let on_node = |name: &str| {
        let volume = volumes.iter().find(|it| it.get("name").and_then(Node::text) == Some(name))?;
        volume.get("hostPath")?.get("path")?.text()
    };
    let mounts = container.get("volumeMounts").map(Node::list).unwrap_or_default();
    let mount = |mount: &Node| {
        let outside = mount.get("name").and_then(Node::text).and_then(on_node);
        let outside = match (outside, mount.get("subPath"), mount.get("subPathExpr")) {
            (_, _, Some(_)) | (None, ..) => None,
            (Some(path), Some(below), None) => {
                Some(format!("{}/{}", path.trim_end_matches('/'), below.text()?))
            }
            (Some(path), None, None) => Some(path.to_owned()),
        };
        Some(Mount::new(mount.get("mountPath")?.text()?, outside.as_deref()))
    };
    mounts.iter().filter_map(mount).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: x\n    image: y\n  - command:\n    \
                       - etcd\n    - --name=$(NAME)\n    - --data-dir=/data/a\n    - --pre-vote\n    env:\n    \
                       - {name: NAME, value: orange}\n    - name: ETCD_METRICS\n      value: basic\n    \
                       image: registry.k8s.io/etcd:3.5.15-0\n    volumeMounts:\n    - {mountPath: /data, name: d}\n  \
                       volumes:\n  - name: d\n    hostPath: {path: /var/lib/etcd}\n";

    #[test]
    fn the_container_that_is_etcd_is_read() {
        assert!(is_one(POD));
        let read = read(POD).expect("a pod");
        assert_eq!(read.version.as_deref(), Some("3.5.15"));
        let text = |text: &str| Said::Text(text.to_owned());
        assert_eq!(
            read.given,
            [
                Given::flag("name", text("orange"), None),
                Given::flag("data-dir", text("/data/a"), None),
                Given::flag("pre-vote", text("true"), None),
                Given::variable("ETCD_METRICS", text("basic"), None),
            ]
        );
        assert_eq!(read.mounts, [Mount::new("/data", Some("/var/lib/etcd"))]);
    }

    #[test]
    fn each_mount_is_read_with_what_it_is_on_the_node() {
        let mounts = "volumeMounts:\n    - {mountPath: /same, name: same}\n    - {mountPath: /part, name: d, subPath: a}\n    \
                      - {mountPath: /scratch, name: e}\n    - {mountPath: /each, name: d, subPathExpr: $(NAME)}\n";
        let volumes =
            "volumes:\n  - {name: same, hostPath: {path: /same}}\n  - {name: e, emptyDir: {}}\n";
        let pod = POD.replacen("volumeMounts:\n", mounts, 1).replacen("volumes:\n", volumes, 1);
        assert_eq!(
            read(&pod).expect("a pod").mounts,
            [
                Mount::new("/same", Some("/same")),
                Mount::new("/part", Some("/var/lib/etcd/a")),
                Mount::new("/scratch", None),
                Mount::new("/each", None),
                Mount::new("/data", Some("/var/lib/etcd")),
            ]
        );
    }

    #[test]
    fn a_dollar_is_doubled_or_begins_a_variable() {
        let variables = BTreeMap::from([("A".to_owned(), Some("x".to_owned()))]);
        for (word, text) in
            [("$$(A)", "$(A)"), ("$(A)$", "x$"), ("a$$b$c", "a$b$c"), ("$(A", "$(A")]
        {
            assert_eq!(filled(word, &variables).text, text);
        }
        assert_eq!(filled("$(B)", &variables).open.as_deref(), Some("$(B)"));
    }

    #[test]
    fn a_pod_is_told_however_its_kind_is_written() {
        for line in ["kind: Pod", "kind: \"Pod\"", "kind: 'Pod' ", "  \"kind\": \"Pod\","] {
            assert!(is_one(&format!("x: y\n{line}\n")), "{line}");
        }
        assert!(!is_one("kind: PodList\n"));
    }

    #[test]
    fn a_pod_without_etcd_is_refused() {
        let other = POD.replace("- etcd\n", "- cat\n");
        assert_eq!(super::read(&other).unwrap_err().message, "no container of the pod starts etcd");
        assert_eq!(super::read("kind: Pod\n").unwrap_err().message, "the pod has no `spec`");
    }
}
