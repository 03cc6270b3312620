//! A member as its configuration has etcd run it.

use super::read::{Form, Given, Key, Read, Said, Service, UNSUPPORTED_ARCH};
use super::value::value;
use bouquet_model::cluster::Setting;
use bouquet_model::diagnostic::{Diagnostic, Severity, quoted};
use bouquet_model::option::{
    Availability, EtcdOption, GoDuration, Kind, OPTIONS, Origin, Yaml, YamlForm, find, names,
    yaml_defaults,
};
use bouquet_model::places::WORKING_FOLDER;
use bouquet_model::suggest;
use bouquet_model::version::EtcdVersion;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A member, of which a configuration was read.
#[derive(Debug)]
pub(super) struct Observed {
    /// The file, as messages name it.
    pub(super) file: String,
    /// The folder that it is in.
    pub(super) near: PathBuf,
    pub(super) form: Form,
    /// `--name`
    pub(super) name: String,
    /// Every option that it has, as a flag has its value.
    pub(super) texts: BTreeMap<&'static str, String>,
    /// Those of them that a spec may have as they are, in the order of the options table.
    pub(super) settings: Vec<Setting>,
    /// The folder that etcd is started in, where that is known.
    pub(super) folder: Option<String>,
    pub(super) service: Option<Service>,
    /// What of it cannot be said in a spec.
    pub(super) unsaid: Vec<Diagnostic>,
    /// What is worth knowing.
    pub(super) said: Vec<Diagnostic>,
}

impl Observed {
    /// Returns an option as etcd has it, by default or not.
    pub(super) fn option(&self, name: &str, version: EtcdVersion) -> Option<&str> {
        let given = self.texts.get(name).map(String::as_str);
        given.or_else(|| find(name)?.default(version))
    }

    /// Returns the entries of an option that is a list.
    pub(super) fn list(&self, name: &str, version: EtcdVersion) -> Vec<&str> {
        self.option(name, version).map(|text| text.split(',').collect()).unwrap_or_default()
    }
}

/// Finds out which options of this version a configuration gives.
///
/// # Errors
/// If etcd would not start with it, or something in it is known only on the node.
pub(super) fn observe(
    (file, near): (&str, &Path),
    (form, read): (Form, Read),
    version: EtcdVersion,
) -> Result<Observed, Vec<Diagnostic>> {
    let (mut errors, mut said) = (Vec::new(), Vec::new());
    for finding in read.said {
        let is_error = finding.severity == Severity::Error;
        if is_error { &mut errors } else { &mut said }.push(finding);
    }
    let mut texts: BTreeMap<&'static str, String> = BTreeMap::new();
    let mut by: BTreeMap<&'static str, bool> = BTreeMap::new();
    for given in &read.given {
        let place = |finding: Diagnostic| match given.line {
            Some(line) => finding.about(file, Some(line)),
            None => finding.about(file, None),
        };
        let option = match option(given, version) {
            Ok(option) => option,
            Err(finding) => {
                let is_error = matches!(given.key, Key::Flag(_));
                if is_error { &mut errors } else { &mut said }.push(place(finding));
                continue;
            }
        };
        let text = match text(option, given, version) {
            Ok(Some(text)) => text,
            Ok(None) => continue,
            Err(finding) => {
                errors.push(place(finding));
                continue;
            }
        };
        let is_flag = matches!(given.key, Key::Flag(_));
        if by.insert(option.name(), is_flag).is_some_and(|other| other != is_flag) {
            errors.push(place(twice(option)));
        }
        texts.insert(option.name(), text);
    }
    if form == Form::Yaml {
        of_a_file(&mut texts, version);
    }
    match compaction(&mut texts, form, version) {
        Ok(finding) => said.extend(finding),
        Err(finding) => errors.push(finding.about(file, None)),
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut observed = Observed {
        file: file.to_owned(),
        near: near.to_owned(),
        form,
        name: name_in(&texts),
        texts,
        settings: Vec::new(),
        folder: read.folder,
        service: read.service,
        unsaid: read.unsaid.into_iter().map(|finding| finding.about(file, None)).collect(),
        said,
    };
    data(&mut observed);
    settings(&mut observed, version);
    Ok(observed)
}

/// Finds the folder of the data where it depends on the folder that etcd is started in: a unit that a build writes starts
/// it in [`WORKING_FOLDER`].
fn data(observed: &mut Observed) {
    for name in ["data-dir", "wal-dir"] {
        let text = match (observed.texts.get(name), name) {
            (Some(text), _) if text.starts_with('/') => continue,
            (Some(text), _) => text.clone(),
            (None, "data-dir") => format!("{}.etcd", observed.name),
            (None, _) => continue,
        };
        let is_usual = observed.folder.as_deref() == Some(WORKING_FOLDER);
        match &observed.folder {
            Some(_) if is_usual && !observed.texts.contains_key(name) => {}
            Some(folder) => {
                let path =
                    format!("{}/{}", folder.trim_end_matches('/'), text.trim_start_matches("./"));
                observed.texts.insert(name, path);
            }
            None => {
                let path = observed.texts.remove(name);
                let what = path.map_or_else(
                    || format!("{} has no `{name}`", quoted(&observed.name)),
                    |path| format!("`{name}` of {} is {}", quoted(&observed.name), quoted(&path)),
                );
                let finding = format!(
                    "{what}: its data is in {} of the folder that etcd is started in",
                    quoted(&text)
                );
                observed.said.push(
                    Diagnostic::warning(finding)
                        .note(format!("the unit that a build writes starts it in {WORKING_FOLDER}"))
                        .help(format!("write `{name}` as its absolute path on the node")),
                );
            }
        }
    }
}

/// Returns the option that is meant.
fn option(given: &Given, version: EtcdVersion) -> Result<&'static EtcdOption, Diagnostic> {
    match &given.key {
        Key::Flag(name) => {
            let option = find(name).ok_or_else(|| Diagnostic {
                severity: Severity::Error,
                ..not_one(&format!("--{name}"), name).note("etcd does not start with it")
            })?;
            match option.unavailable(version) {
                None => Ok(option),
                Some(finding) => {
                    Err(finding.note("etcd does not start with a flag that it does not have").help(
                        "`etcd --version` on the node tells which etcd runs: name it by `--etcd`",
                    ))
                }
            }
        }
        Key::Variable(name) if name == UNSUPPORTED_ARCH => {
            let value = match &given.said {
                Said::Text(value) if value.chars().all(|c| c.is_ascii_alphanumeric()) => value,
                _ => "…",
            };
            Err(warning(format!("`{UNSUPPORTED_ARCH}` is set, and what was written leaves it out"))
                .note("etcd 3.5 and later start without it on x86-64, ARM64, ppc64le and s390x")
                .help(format!(
                    "elsewhere, write it under [systemd]: `environment = [\"{UNSUPPORTED_ARCH}={value}\"]`"
                )))
        }
        Key::Variable(name) => {
            let plain = Key::of_variable(name);
            let option = find(&plain).ok_or_else(|| passed_over(not_one(name, &plain)))?;
            held(option, version)
        }
        Key::Path(path) => {
            let known = |version: EtcdVersion| {
                OPTIONS.iter().find(|option| match option.yaml(version) {
                    Yaml::Key { path: known, .. } => known == path.as_slice(),
                    Yaml::None => false,
                })
            };
            let joined = path.join(".");
            let last = path.last().map(String::as_str).unwrap_or_default();
            known(version).ok_or_else(|| {
                passed_over(match find(last).filter(|_| path.len() == 1) {
                    Some(option) => option.unavailable(version).map_or_else(
                        || {
                            warning(format!(
                                "the file of etcd {version} has no key {}",
                                quoted(last)
                            ))
                        },
                        |finding| warning(finding.message),
                    ),
                    None => not_one(&joined, last),
                })
            })
        }
    }
}

/// Tells whether a release has an option that it would pass over if not.
fn held(
    option: &'static EtcdOption,
    version: EtcdVersion,
) -> Result<&'static EtcdOption, Diagnostic> {
    match option.availability(version) {
        Availability::Yes => Ok(option),
        Availability::TooNew { since } => Err(passed_over(warning(format!(
            "etcd {version} has no `{}`, which came with {since}",
            option.name()
        )))),
        Availability::Removed { since } => {
            Err(passed_over(warning(format!("`{}` was removed in etcd {since}", option.name()))))
        }
    }
}

fn warning(message: String) -> Diagnostic {
    Diagnostic::warning(message)
}

fn not_one(shown: &str, name: &str) -> Diagnostic {
    let finding = warning(format!("{} is not an option of etcd", quoted(shown)));
    finding.help(match suggest::word(name, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "options are called as `etcd --help` on the node has them".to_owned(),
    })
}

fn passed_over(finding: Diagnostic) -> Diagnostic {
    finding.note("etcd ignores it, and what was written leaves it out")
}

fn twice(option: &EtcdOption) -> Diagnostic {
    Diagnostic::error(format!("`{}` is a flag and `{}` is set", option.name(), option.env_name()))
        .note("etcd does not start with an option in both")
        .help("take out the one that the node does not have")
}

/// Returns the value as a flag has it; nothing where it is empty, which is as if it were not there.
fn text(
    option: &'static EtcdOption,
    given: &Given,
    version: EtcdVersion,
) -> Result<Option<String>, Diagnostic> {
    let text = match &given.said {
        Said::Open(open) => {
            return Err(Diagnostic::error(format!(
                "`{}` has {}, which is known only on the node",
                option.name(),
                quoted(open)
            ))
            .help("write the value that it has there instead"));
        }
        Said::Text(text) => text.clone(),
        Said::List(entries) => entries.join(","),
    };
    let in_nanoseconds = matches!(given.key, Key::Path(_))
        && matches!(option.yaml(version), Yaml::Key { form: YamlForm::Nanoseconds, .. });
    let text = match text.parse() {
        Ok(nanoseconds) if in_nanoseconds => GoDuration::from_nanos(nanoseconds).to_string(),
        _ => text,
    };
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// Sets to `false` the boolean options that a file leaves out, and whose default only the flag has.
fn of_a_file(texts: &mut BTreeMap<&'static str, String>, version: EtcdVersion) {
    let lacking: Vec<_> = yaml_defaults(version, |name| texts.contains_key(name)).collect();
    for (option, _) in lacking {
        if option.kind() == Kind::Bool {
            texts.insert(option.name(), false.to_string());
        }
    }
}

/// Says what a retention counts, which a spec always does: without it etcd takes its default.
///
/// From a YAML file it takes none before 3.6: a number then counts nothing, and with a time etcd does not start
/// (`parseCompactionRetention` in its `embed/etcd.go`, `New` in its `v3compactor`).
///
/// # Errors
/// If etcd does not start with it.
fn compaction(
    texts: &mut BTreeMap<&'static str, String>,
    form: Form,
    version: EtcdVersion,
) -> Result<Option<Diagnostic>, Diagnostic> {
    const MODE: &str = "auto-compaction-mode";
    const RETENTION: &str = "auto-compaction-retention";
    let Some(retention) = texts.get(RETENTION).filter(|_| !texts.contains_key(MODE)) else {
        return Ok(None);
    };
    let lacks_it = form == Form::Yaml
        && yaml_defaults(version, |name| texts.contains_key(name))
            .any(|(option, _)| option.name() == MODE);
    if !lacks_it {
        let default = find(MODE).and_then(|option| option.default(version));
        texts.extend(default.map(|mode| (MODE, mode.to_owned())));
        return Ok(None);
    }
    let is_number = retention.parse().is_ok_and(|number: i64| number >= 0);
    let is_none = GoDuration::parse(retention).is_ok_and(|time| time.nanos() == 0);
    if !is_number && !is_none {
        let message = format!("`{RETENTION}` is {}, without `{MODE}`", quoted(retention));
        return Err(Diagnostic::error(message)
            .note(format!("etcd {version} does not start with that in a file: `unsupported compaction mode`"))
            .help(format!("write the `{MODE}` that is meant; or name the etcd that runs by `--etcd`: from 3.6 on it is `periodic`")));
    }
    let name = name_in(texts);
    texts.remove(RETENTION);
    let finding = warning(format!("`{RETENTION}` of {} is left out", quoted(&name)));
    Ok(Some(
        finding
            .note(format!("its file has no `{MODE}`, so that etcd compacts nothing"))
            .help("if it is to compact: write both under [etcd], once the cluster is taken over"),
    ))
}

/// Returns the name that a member has, by default or not.
fn name_in(texts: &BTreeMap<&'static str, String>) -> String {
    texts.get("name").cloned().unwrap_or_else(|| "default".to_owned())
}

/// Sorts out which options a spec can have as they are.
fn settings(observed: &mut Observed, version: EtcdVersion) {
    let texts = observed.texts.clone();
    for (name, text) in texts {
        let Some(option) = find(name) else { continue };
        let is_default = option.default(version) == Some(text.as_str());
        match option.origin() {
            Origin::Derived { .. } => {}
            Origin::Refused { .. } if is_default => {
                observed.texts.remove(name);
            }
            Origin::Refused { why } => {
                observed.texts.remove(name);
                observed.unsaid.push(
                    Diagnostic::error(format!("`{name}` has no place in cluster.toml")).note(why),
                );
            }
            Origin::User => match value(option, &text, version) {
                Ok(value) => observed.settings.push(Setting { name: option.name(), value }),
                Err(_) if is_default => {}
                Err(finding) => observed.unsaid.push(
                    finding.note(format!("`{name}` is left out: the member would run without it")),
                ),
            },
        }
    }
    observed.settings.sort_by_cached_key(Setting::position);
}
