//! The files that members start from, beside those of the last build.

use bouquet_model::artifact::{FORMATS, body};
use bouquet_outdir::{Content, Out, OutPath, Output};
use std::collections::BTreeSet;

/// Returns those that are there and are to have another head, and nothing else that is new: an etcd that
/// starts from one does the same as before.
///
/// A file that cannot be read is none of them; the commit sees to it.
pub(in crate::edge) fn in_head_alone(out: &Out, output: &Output) -> BTreeSet<OutPath> {
    let is_started_from = |path: &OutPath| {
        path.folder().starts_with("members/") && FORMATS.iter().any(|row| row.file == path.name())
    };
    let changes = |path: &OutPath, content: &Content| {
        let Content::Public { bytes, .. } = content else { return false };
        let before = out.read_file(path.as_str()).ok().flatten();
        let Some(Ok(before)) = before.map(String::from_utf8) else { return false };
        let after = String::from_utf8_lossy(bytes);
        before != after && body(&before) == body(&after)
    };
    let files = output.files().filter(|(path, _)| is_started_from(path));
    files.filter(|(path, content)| changes(path, content)).map(|(path, _)| path.clone()).collect()
}
