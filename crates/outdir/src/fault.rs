//! Lets a chosen operation fail, or be the last: for tests, in a process of their own.

use std::io;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The variable that chooses: `die:17` or `full:17`, counted from 1.
pub const VARIABLE: &str = "BOUQUET_FAULT";

static COUNT: AtomicU64 = AtomicU64::new(0);
static CHOSEN: LazyLock<Option<(String, u64)>> = LazyLock::new(chosen);

/// Comes before every operation that changes something: fails or ends there if it was chosen.
pub(super) fn step() -> io::Result<()> {
    let Some((kind, at)) = CHOSEN.as_ref() else { return Ok(()) };
    let count = COUNT.fetch_add(1, Ordering::SeqCst) + 1;
    match kind.as_str() {
        "die" if count == *at => std::process::abort(),
        "full" if count == *at => Err(io::ErrorKind::StorageFull.into()),
        // From here on, as on a disk that stays full.
        "fill" if count >= *at => Err(io::ErrorKind::StorageFull.into()),
        _ => Ok(()),
    }
}

/// Comes before a lock: fails where that is chosen, by `unlocked:0`, as on a file system that knows none.
pub(super) fn locks() -> io::Result<()> {
    match CHOSEN.as_ref() {
        Some((kind, _)) if kind == "unlocked" => Err(rustix::io::Errno::BADF.into()),
        _ => Ok(()),
    }
}

/// Tells whether the chosen operation was reached.
pub fn happened() -> bool {
    CHOSEN.as_ref().is_some_and(|(_, at)| *at > 0 && COUNT.load(Ordering::SeqCst) >= *at)
}

#[expect(clippy::disallowed_methods, reason = "the parent process of a test chooses")]
fn chosen() -> Option<(String, u64)> {
    let text = std::env::var(VARIABLE).ok()?;
    let (kind, at) = text.split_once(':')?;
    Some((kind.to_owned(), at.parse().ok()?))
}
