//! `etcd.conf.yml`: a member's options as etcd's configuration file.

use crate::artifact::header::member_header;
use crate::artifact::row::Format;
use crate::cluster::{Cluster, Member, Setting};
use crate::option::{Yaml, yaml_defaults};
use crate::settings::settings;
use std::fmt::Write as _;

pub(super) static ROW: Format = Format {
    name: "yaml",
    file: "etcd.conf.yml",
    executable: false,
    by_default: true,
    names_release: false,
    about: "the same options as etcd's configuration file",
    start: "`etcd --config-file etcd.conf.yml`; etcd then ignores every flag and variable",
    carries: |option, version| option.yaml(version) != Yaml::None,
    render: file,
};

/// Returns the whole file. Options that the file of this version cannot carry are left out: the build
/// refuses to write it then, see [`Format::gaps`].
///
/// etcd accepts unknown and misplaced keys in silence and aborts on a value of the wrong form, so
/// both come from the options table. Strings are always quoted: a member may be called `10`.
fn file(cluster: &Cluster, member: &Member) -> String {
    let mut text = member_header(member, "etcd --config-file etcd.conf.yml");
    text.push_str(
        "# With it, etcd ignores every flag and every other environment variable, but for proxies\n\
         # such as https_proxy: unset them.\n",
    );
    let mut blocks: Vec<(&str, String)> = Vec::new();
    for (setting, path, value) in lines(cluster, member) {
        match path {
            [key] => {
                let _ = writeln!(text, "{key}: {value}");
            }
            [block, key] => {
                let position = blocks.iter().position(|(name, _)| name == block);
                let position = position.unwrap_or_else(|| {
                    blocks.push((block, String::new()));
                    blocks.len() - 1
                });
                let _ = writeln!(blocks[position].1, "  {key}: {value}");
            }
            _ => unreachable!("{} is nested deeper than etcd's file is", setting.name),
        }
    }
    for (name, lines) in blocks {
        let _ = write!(text, "{name}:\n{lines}");
    }
    text
}

fn lines(cluster: &Cluster, member: &Member) -> Vec<(Setting, &'static [&'static str], String)> {
    let mut all = settings(cluster, member);
    let written: Vec<&str> = all.iter().map(|setting| setting.name).collect();
    // What flags say without being given, a file has to say: the options keep their meaning.
    let is_set = |name: &str| written.contains(&name);
    let silent = yaml_defaults(cluster.version, is_set);
    all.extend(silent.map(|(option, value)| Setting { name: option.name(), value }));
    all.sort_by_cached_key(Setting::position);
    let line = |setting: Setting| match setting.option().yaml(cluster.version) {
        Yaml::Key { path, form } => {
            let value = setting.value.yaml_text(form);
            Some((setting, path, value))
        }
        Yaml::None => None,
    };
    all.into_iter().filter_map(line).collect()
}
