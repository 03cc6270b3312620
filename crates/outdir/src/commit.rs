//! Makes `out/`, and files elsewhere, what a build wants them to be: all of it or, seen from the
//! next build, nothing.

use super::disk;
use super::extra;
use super::folders::parent;
use super::install::install;
use super::journal;
use super::manifest::Manifest;
use super::out::Out;
use super::output::Output;
use super::plan::{Plan, plan};
use super::prune;
use super::recover::discard;
use super::report::Report;
use super::stage::stage;
use bouquet_model::diagnostic::Diagnostic;
use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

/// How much older than the build all is that it writes. Cargo runs a build script again if what it
/// watches is newer than its last start, which is a moment before `started`.
const BACK: Duration = Duration::from_secs(1);

impl Out {
    /// Writes what differs, removes what is stale and corrects permissions.
    /// `started` is when the build began.
    ///
    /// # Errors
    /// The first operation that failed. Until everything new was staged, `out/` is as before; after
    /// that the next build completes it.
    ///
    /// # Panics
    /// If a file elsewhere is wanted that was not named to [`Out::open`]: only a bug can cause it.
    pub fn commit(&self, output: &Output, started: SystemTime) -> Result<Report, Diagnostic> {
        let root = &self.root;
        for place in output.extras().keys() {
            assert!(self.extras.contains(place), "nobody would recover {}", place.display());
        }
        let modified = started - BACK;
        let plan = plan(root, output)?;
        let stale = prune::find(root, &self.manifest, output)?;
        let wanted = output.files().map(|(path, _)| path);
        let paths = wanted.chain(&stale.left).cloned().collect();
        let definition = output.definition().map(str::to_owned);
        let manifest = Manifest { paths, unfinished: false, definition };

        let mut touched: BTreeSet<String> = self.recovered.iter().cloned().collect();
        if plan.writes() {
            self.write(&plan, &manifest, modified)?;
            touched.extend(changed_folders(&plan).map(str::to_owned));
        }
        for (path, mode) in &plan.modes {
            disk::set_mode(&root.join(path), *mode)?;
        }
        touched.extend(prune::remove(root, &stale)?);
        if plan.writes() || manifest != self.manifest {
            journal::write(root, &manifest, modified)?;
            touched.insert(String::new());
        }
        for folder in &touched {
            // A failure costs no more than one further run of the build script. The folder may be
            // someone else's, or have been put right first and pruned then.
            let _ = disk::set_modified(&root.join(folder), modified);
        }
        Ok(report(output, plan, stale))
    }

    /// Stages everything, decides, and renames it into place; see the module's documentation.
    fn write(
        &self,
        plan: &Plan<'_>,
        manifest: &Manifest,
        modified: SystemTime,
    ) -> Result<(), Diagnostic> {
        let root = &self.root;
        let paths = self.manifest.paths.union(&manifest.paths).cloned().collect();
        let planned = Manifest { paths, unfinished: true, ..manifest.clone() };
        journal::stage(root, &planned, modified, !plan.extras.is_empty())?;
        let decided = stage(root, &self.extras, plan, modified)
            .and_then(|moves| journal::decide(root).map(|()| moves));
        // If this fails as well, then the next build does it.
        let moves = decided.inspect_err(|_| drop(discard(root, &self.extras, &planned)))?;
        install(root, moves)?;
        extra::install(root, &self.extras)
    }
}

/// Returns those whose entries change; a new folder had its time set while it was staged. Beside a
/// folder in which a pair is replaced there is a stand-in for a moment.
fn changed_folders<'a>(plan: &Plan<'a>) -> impl Iterator<Item = &'a str> {
    let new = plan.new_folders.iter().map(|folder| parent(folder.path));
    let files = plan.files.iter().map(|entry| entry.path.folder());
    let keys = plan.files.iter().filter(|entry| entry.path.is_key());
    let beside = keys.map(|entry| parent(entry.path.folder()));
    let all: BTreeSet<_> = new.chain(files).chain(beside).collect();
    all.into_iter()
}

fn report(output: &Output, plan: Plan<'_>, stale: prune::Stale) -> Report {
    let new = plan.new_folders.iter().flat_map(|folder| &folder.entries);
    let mut written: Vec<_> = new.chain(&plan.files).map(|entry| entry.path.clone()).collect();
    written.sort_unstable();
    let unchanged = output.files().count() - written.len();
    let mut notices = plan.notices;
    notices.extend(stale.notices);
    let replaced = plan.replaced.into_iter().cloned().collect();
    Report { written, replaced, pruned: stale.files, unchanged, notices }
}
