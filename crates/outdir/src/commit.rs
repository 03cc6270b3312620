//! Makes `out/`, and files elsewhere, what a build wants them to be: all of it or, seen from the
//! next build, nothing.

use super::disk::{self, How};
use super::extra;
use super::folders::above;
use super::manifest::Manifest;
use super::out::Out;
use super::output::Output;
use super::places;
use super::plan::{Plan, plan};
use super::prune;
use super::recover::{complete, discard};
use super::report::Report;
use super::stage::stage;
use bouquet_model::diagnostic::Diagnostic;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// How much older than the build all is that it writes. Cargo runs a build script again if what it
/// watches is newer than its last start, which is a moment before `started`.
const BACK: Duration = Duration::from_secs(1);

impl Out {
    /// Writes what differs, removes what is stale and corrects permissions.
    /// `started` is when the build began.
    ///
    /// # Errors
    /// The first operation that failed. Until everything new was staged, `out/` is as before, but for its
    /// `.gitignore`; after that the next build completes it.
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
        let manifest = Manifest { paths, definition };

        let mut changed = self.recovered.clone();
        let mut listed = self.manifest.clone();
        if plan.writes() {
            // Until it is gone, what is stale is listed.
            listed = Manifest { paths: &listed.paths | &manifest.paths, ..manifest.clone() };
            changed.extend(self.write(&plan, &listed, modified)?);
            changed.extend(
                above(plan.files.iter().map(|entry| entry.path))
                    .iter()
                    .map(|folder| root.join(folder)),
            );
        }
        for (path, mode) in &plan.modes {
            disk::set_mode(&root.join(path), *mode)?;
        }
        changed.extend(prune::remove(root, &stale)?);
        if manifest != listed {
            self.list(&manifest, modified)?;
        }
        for folder in &changed {
            // A failure costs no more than one further run of the build script. The folder may be
            // someone else's, or have been put right first and pruned then.
            let _ = disk::set_modified(folder, modified);
        }
        Ok(report(output, plan, stale))
    }

    /// Stages everything, decides, and renames it into place; see the module's documentation.
    fn write(
        &self,
        plan: &Plan<'_>,
        manifest: &Manifest,
        modified: SystemTime,
    ) -> Result<BTreeSet<PathBuf>, Diagnostic> {
        let (root, extras) = (&self.root, &self.extras);
        let staged = stage(root, extras, plan, manifest, modified);
        let decided =
            staged.and_then(|()| disk::rename(&places::staged(root), &places::decided(root)));
        // If this fails as well, then the next build does it.
        decided.inspect_err(|_| drop(discard(root, extras)))?;
        complete(root, || extra::install(root, extras))
    }

    /// Writes the manifest alone.
    fn list(&self, manifest: &Manifest, modified: SystemTime) -> Result<(), Diagnostic> {
        let (staged, place) = (places::staged(&self.root), places::manifest(&self.root));
        disk::create(&staged, &place, manifest.text().as_bytes(), How::public(modified))?;
        disk::rename(&staged, &place)
    }
}

fn report(output: &Output, plan: Plan<'_>, stale: prune::Stale) -> Report {
    let mut written: Vec<_> = plan.files.iter().map(|entry| entry.path.clone()).collect();
    written.sort_unstable();
    let unchanged = output.files().count() - written.len();
    let mut notices = plan.notices;
    notices.extend(stale.notices);
    let replaced = plan.replaced.into_iter().cloned().collect();
    Report { written, replaced, pruned: stale.files, unchanged, notices }
}
