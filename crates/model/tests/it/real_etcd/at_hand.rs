//! The real etcds that tests run: `<tools>/etcd/<version>/etcd`, where tools
//! are in `$BOUQUET_TOOLS` or `target/tools` of the workspace.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::releases::releases;
use bouquet_model::node_path::NodePath;
use bouquet_model::option::{EtcdOption, GoDuration, Item, Kind, OPTIONS, Successor, Value};
use bouquet_model::version::EtcdVersion;

/// One etcd at hand.
pub(crate) struct Etcd {
    pub(crate) version: EtcdVersion,
    pub(crate) path: PathBuf,
}

/// What a run that ended left behind.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    /// Both of its outputs.
    pub(crate) said: String,
}

/// Runs the same check with every etcd of this run, all at once.
pub(crate) fn with_each(check: impl Fn(&Etcd) + Sync) {
    let all = all();
    std::thread::scope(|scope| {
        for etcd in &all {
            scope.spawn(|| check(etcd));
        }
    });
}

#[expect(clippy::disallowed_methods, reason = "tests find the tools by environment")]
fn all() -> Vec<Etcd> {
    let tools = std::env::var_os("BOUQUET_TOOLS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools"),
        PathBuf::from,
    );
    let folder = std::path::absolute(tools.join("etcd")).expect("a path");
    let etcd = |release: String| {
        let path = folder.join(&release).join("etcd");
        assert!(path.is_file(), "no {}: run `cargo xtask tools --full`", path.display());
        Etcd { version: EtcdVersion::parse(&release).expect("a version"), path }
    };
    releases().into_iter().map(etcd).collect()
}

impl Etcd {
    /// Runs it to its end, which every caller provokes; a run that goes on is a failure.
    pub(crate) fn run<A: AsRef<OsStr>>(
        &self,
        args: &[A],
        environment: &[(String, String)],
    ) -> Ended {
        let output = Command::new("timeout")
            .arg("60")
            .arg(&self.path)
            .args(args)
            .env_clear()
            // Without a `data-dir` etcd makes one wherever it is started.
            .current_dir(env!("CARGO_TARGET_TMPDIR"))
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .output()
            .expect("coreutils' timeout runs");
        let said = [output.stdout, output.stderr].concat();
        let ended =
            Ended { code: output.status.code(), said: String::from_utf8_lossy(&said).into_owned() };
        assert_ne!(ended.code, Some(124), "etcd {} went on running:\n{}", self.version, ended.said);
        ended
    }

    /// The options of the table that this etcd has.
    pub(crate) fn options(&self) -> impl Iterator<Item = &'static EtcdOption> {
        OPTIONS.iter().filter(|option| option.versions().contains(self.version))
    }

    /// Runs it with a configuration file.
    #[expect(clippy::disallowed_methods, reason = "etcd reads its configuration from a file")]
    pub(crate) fn run_with_file(&self, name: &str, yaml: &str) -> Ended {
        let file =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}.yml", self.version));
        std::fs::write(&file, yaml).expect("a temporary file can be written");
        self.run(&[format!("--config-file={}", file.display())], &[])
    }
}

/// Whether it is the later of two spellings, of which etcd takes one at a time.
pub(crate) fn is_new_name(option: &EtcdOption) -> bool {
    option.predecessor().is_some() || option.name() == "feature-gates"
}

/// Whether it is the earlier of them.
pub(crate) fn is_old_name(option: &EtcdOption) -> bool {
    matches!(option.successor(), Successor::Renamed(_) | Successor::Gate(_))
}

/// A value that this version takes.
pub(crate) fn sample(option: &EtcdOption, version: EtcdVersion) -> Value {
    if let Some(value) = option.default_value(version) {
        return value;
    }
    match option.kind() {
        Kind::Bool => Value::Bool(true),
        Kind::Int(limits) | Kind::Size(limits) => Value::Int(limits.min.max(1)),
        Kind::Duration(limits) => Value::Duration(GoDuration::from_nanos(limits.min)),
        Kind::Retention => Value::text("1h"),
        Kind::Text => Value::text("word"),
        Kind::TokenProvider => Value::text("simple"),
        Kind::Path => Value::Path(NodePath::from_static("/nowhere/at/all")),
        Kind::HostPort => Value::text("localhost:4317"),
        Kind::Rotation => Value::text(r#"{"maxsize": 1}"#),
        Kind::PackageLevels => Value::text("etcdserver=DEBUG"),
        Kind::Enum(words) => Value::text(words[0].text),
        Kind::List { item, .. } => {
            let entry = match item {
                Item::Text => "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                Item::ListenUrl | Item::MetricsUrl => "http://127.0.0.1:9",
                Item::CertifiedHost | Item::RequestHost => "node.example",
                Item::Origin => "*",
                Item::LogOutput => "stderr",
                Item::Gate => "CompactHashCheck=true",
            };
            Value::List(vec![entry.into()].into())
        }
    }
}

/// YAML in flow style from key paths and texts, merging the blocks they share.
pub(crate) fn yaml_file(
    entries: impl IntoIterator<Item = (&'static [&'static str], String)>,
) -> String {
    enum Node {
        Leaf(String),
        Block(BTreeMap<&'static str, Node>),
    }
    fn put(block: &mut BTreeMap<&'static str, Node>, path: &[&'static str], text: String) {
        let [key, rest @ ..] = path else { return };
        if rest.is_empty() {
            block.insert(key, Node::Leaf(text));
            return;
        }
        if let Node::Block(inner) = block.entry(key).or_insert_with(|| Node::Block(BTreeMap::new()))
        {
            put(inner, rest, text);
        }
    }
    fn flow(block: &BTreeMap<&'static str, Node>) -> String {
        let entries: Vec<String> = block
            .iter()
            .map(|(key, node)| match node {
                Node::Leaf(text) => format!("{key}: {text}"),
                Node::Block(inner) => format!("{key}: {}", flow(inner)),
            })
            .collect();
        format!("{{{}}}", entries.join(", "))
    }
    let mut root = BTreeMap::new();
    for (path, text) in entries {
        put(&mut root, path, text);
    }
    flow(&root)
}
