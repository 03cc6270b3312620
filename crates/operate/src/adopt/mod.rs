//! A cluster that runs already, described: `adopt`.
//!
//! ```text
//! files ─read→ what etcd is given ─observed→ members ─made→ Spec ─text→ cluster.toml
//!                                               └── compare ─┴─cluster→ what members would run with
//! ```
//!
//! Pure, but for what is read by the way that the caller hands in: `source`, what a file is · `read`, each form ·
//! `observed`, which options those are · `known`, who is in the cluster · `address` · `certificates` · `tls` · `spec` ·
//! `made` · `compare`, and `beside`, which is about the process · `text` · `told`. The edge is `write`.

mod address;
mod beside;
mod certificates;
mod compare;
mod known;
mod made;
mod observed;
mod read;
mod source;
mod spec;
#[cfg(test)]
mod tests;
mod text;
mod tls;
mod told;
mod value;
mod work;
mod write;

pub(crate) use read::Form;
pub(crate) use source::Sources;
pub(crate) use told::{Adopted, next};
pub use work::Adopt;
pub(crate) use write::write;

use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::version::{EtcdVersion, Minor};
use observed::{Observed, observe};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

/// Makes a spec of what members have.
///
/// # Errors
/// With all that keeps them from being read, or told apart.
pub(crate) fn adopt(sources: &Sources<'_>) -> Result<Adopted, Vec<Diagnostic>> {
    let read = sources.read()?;
    let version = version(sources, &read)?;
    let mut errors = Vec::new();
    let mut seen: Vec<Observed> = Vec::new();
    for source::Found { shown, near, form, read } in read {
        match observe((&shown, &near), (form, read), version) {
            Ok(observed) => seen.push(observed),
            Err(more) => errors.extend(more.into_iter().map(|it| source::about(it, &shown))),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let known = known::members(&seen, version)?;
    let mut said: Vec<Diagnostic> =
        seen.iter_mut().flat_map(|it| std::mem::take(&mut it.said)).collect();
    let find = |observed: &Observed, path: &str| sources.find(&observed.near, &observed.name, path);
    let mut unsaid = Vec::new();
    let systemd = beside::systemd(&seen, &mut unsaid);
    let spec = made::spec(&seen, &known, version, (&find, &sources.ips), &mut said)?;
    let spec = spec::Spec { systemd, ..spec };
    let cluster = spec.cluster();
    let mut told = told::Told::default();
    told.said = said;
    told.unsaid(unsaid);
    for observed in &mut seen {
        let compared = compare::compare(observed, &spec, &cluster);
        let mut unsaid = std::mem::take(&mut observed.unsaid);
        unsaid.extend(compare::unsaid(observed, &compared));
        told.member(observed, compared.options, unsaid.len());
        told.unsaid(unsaid);
    }
    told.unseen(known.iter().filter(|it| it.seen.is_none()).map(|it| it.name.as_str()));
    Ok(Adopted { text: text::text(&spec), told })
}

/// Returns the release of etcd that was named, or else that of the images.
fn version(sources: &Sources<'_>, read: &[source::Found]) -> Result<EtcdVersion, Vec<Diagnostic>> {
    if let Some(version) = sources.version {
        return Ok(version);
    }
    let tags = read.iter().filter_map(|found| found.read.version.as_deref());
    let versions: Result<Vec<EtcdVersion>, _> = tags.map(EtcdVersion::parse).collect();
    match versions {
        // While they are upgraded, all have what the earlier one has.
        Ok(versions) => versions.into_iter().min().ok_or_else(|| {
            vec![
                Diagnostic::error("which etcd the members run is not in these files")
                    .help("`etcd --version` on a node tells it: `--etcd 3.5.33`"),
            ]
        }),
        Err(error) => Err(vec![Diagnostic::error(error.to_string()).help(error.help())]),
    }
}

/// Makes a spec of any bytes as the one file of a member, for those who try many.
///
/// # Errors
/// If they are none.
#[doc(hidden)]
pub fn adopt_any(bytes: &[u8]) -> Result<String, Vec<Diagnostic>> {
    let file = Path::new("/etcd");
    let sources = Sources {
        files: vec![file.to_owned()],
        command: Vec::new(),
        form: None,
        version: Some(EtcdVersion::new(Minor::V3_5, Some(33))),
        ips: BTreeMap::new(),
        certs: Vec::new(),
        here: "/".into(),
        package: "/".into(),
        // It may name itself.
        content: &|path| {
            if path == file { Ok(bytes.to_vec()) } else { Err(ErrorKind::NotFound.into()) }
        },
    };
    adopt(&sources).map(|adopted| adopted.text)
}
