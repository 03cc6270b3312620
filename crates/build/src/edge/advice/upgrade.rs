//! From one release line of etcd to another: what has to come between.
//!
//! The last build's line is read from `out/cluster.rs`, the one file that holds it in every layout and
//! with every choice of formats. Whether the members have followed, a build cannot know.

use crate::constants::version_in;
use crate::diagnostic::{Diagnostic, Span};
use bouquet_model::time::Date;
use bouquet_model::version::{EtcdVersion, Minor};
use bouquet_outdir::Out;

/// From 3.5 to 3.6, etcd's guide asks for this patch of 3.5: members that were removed come back
/// otherwise (etcd issue 20967).
const BEFORE_3_6: u16 = 26;

/// Returns the version of etcd that the last build was for; `None` where there was none.
///
/// # Errors
/// If what it left cannot be read.
pub(in crate::edge) fn last_version(out: &Out) -> Result<Option<EtcdVersion>, Diagnostic> {
    let module = out.read_file("cluster.rs")?;
    Ok(module.and_then(|module| version_in(std::str::from_utf8(&module).ok()?)))
}

/// Says what stands between the version of the last build and that of this one, at `place`, where the
/// spec has it.
///
/// The date is there because cargo repeats the words of a build until the next one.
pub(in crate::edge) fn upgrade(
    last: EtcdVersion,
    now: EtcdVersion,
    place: Span,
    day: Date,
) -> Option<Diagnostic> {
    let (from, to) = (last.minor(), now.minor());
    let warn = |message: String| Diagnostic::warning(message).at(place, "");
    let steps = Minor::ALL.iter().filter(|minor| **minor > from && **minor <= to).count();
    if to < from {
        return Some(
            warn(format!(
                "etcd {to} cannot read what {from} wrote, and the last build was for {last}"
            ))
            .note(format!("seen on {day}; a member that has run {from} does not start with {to}"))
            .help(format!("write `etcd = \"{last}\"` again, unless no member has run it yet"))
            .help(
                "back from 3.6 to 3.5 leads `etcdctl downgrade`; from others, a snapshot that was \
                     saved before the upgrade",
            ),
        );
    }
    if steps > 1 {
        let next = Minor::ALL.iter().find(|minor| **minor > from)?;
        return Some(
            warn(format!(
                "from etcd {from}, which the last build was for, to {to} skips {next}: members that \
                 have run {from} would not start, or lose data"
            ))
            .note(format!("seen on {day}; etcd is upgraded one minor version at a time"))
            .help(format!(
                "write `etcd = \"{next}\"` first, roll it out to every member, and then the one after it"
            )),
        );
    }
    match to {
        Minor::V3_5 if steps == 1 => Some(
            warn(format!("before etcd 3.5 starts on data of 3.4, look for a snapshot ({day})")).note(
                "where there is none, 3.5 drops members from its store, and 3.6 later shuts them out",
            )
            .help(
                "`ls DATA-DIR/member/snap/*.snap` on each node must show a file; where it does not, \
                 start 3.4 with `snapshot-count = 5` and write a few keys",
            ),
        ),
        Minor::V3_6 if steps == 1 => Some(
            warn(format!("before etcd 3.6 starts on data of 3.5, look into the logs of 3.5 ({day})"))
                .note(if last.patch().is_some_and(|patch| patch < BEFORE_3_6) {
                    format!("the last build was for {last}: 3.5.{BEFORE_3_6} or later comes first")
                } else {
                    format!("every member must have run 3.5.{BEFORE_3_6} or later")
                })
                .help(
                    "`journalctl -u etcd | grep 'Removing zombie member from v3store'` must show \
                     nothing on each node; where it does, stay with 3.5: 3.6 would shut members out",
                ),
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(last: &str, now: &str) -> Option<String> {
        let [last, now] = [last, now].map(|text| EtcdVersion::parse(text).expect(text));
        let found = upgrade(last, now, Span::new(0, 1), Date(0))?;
        Some([found.message, found.notes.join(" "), found.help.join(" ")].join(" "))
    }

    #[test]
    fn the_version_of_the_last_build_reads_back() {
        for version in ["3.4", "3.4.23", "3.5", "3.5.0", "3.6.16", "3.7.3"] {
            let spec = format!(
                "[cluster]\ntoken = 't'\netcd = '{version}'\n[tls]\nenabled = false\n\
                 [[member]]\nname = 'a'\nip = '10.0.0.1'\n"
            );
            let (proven, _) = crate::prove(spec.as_bytes());
            let module = crate::constants::module(&proven.expect("a cluster").cluster, &[], None);
            assert_eq!(
                version_in(&module).map(|version| version.to_string()),
                Some(version.into())
            );
        }
        assert_eq!(version_in("// another file"), None);
    }

    #[test]
    fn a_minor_that_is_skipped_comes_first() {
        for (last, now, next) in [
            ("3.4.27", "3.6", "3.5"),
            ("3.4", "3.7.1", "3.5"),
            ("3.5.33", "3.7", "3.6"),
            ("3.4", "3.6.16", "3.5"),
        ] {
            let said = said(last, now).expect("a warning");
            assert!(said.contains(&format!("`etcd = \"{next}\"` first")), "{said}");
        }
    }

    #[test]
    fn a_way_back_is_told() {
        for (last, now) in [("3.6.16", "3.5.33"), ("3.7", "3.4"), ("3.5", "3.4.45")] {
            let said = said(last, now).expect("a warning");
            assert!(said.contains(&format!("`etcd = \"{last}\"` again")), "{said}");
        }
    }

    #[test]
    fn what_loses_members_is_to_be_looked_for_before_each_step() {
        assert!(said("3.4.27", "3.5").expect("a warning").contains("member/snap/*.snap"));
        let old = said("3.5.1", "3.6").expect("a warning");
        assert!(old.contains("3.5.26 or later comes first") && old.contains("zombie"), "{old}");
        assert!(said("3.5.33", "3.6").expect("a warning").contains("zombie"));
    }

    #[test]
    fn patches_and_later_steps_go_without_a_word() {
        for (last, now) in
            [("3.5", "3.5.33"), ("3.5.33", "3.5.30"), ("3.6.16", "3.7"), ("3.4", "3.4")]
        {
            assert_eq!(said(last, now), None, "{last} {now}");
        }
    }
}
