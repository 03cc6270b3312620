//! The certificates that a command line asks for.

use crate::cli::CertsArgs;
use crate::compiled::Compiled;
use crate::deployed::{self, Difference, Found, Trouble, belongs};
use crate::environment::Environment;
use crate::expiry::renew_before;
use bouquet_model::certificate::Certificate;
use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

/// All that is shown and judged: the certificates of the build, or those that files hold.
pub(super) struct Listed<'a> {
    pub(super) all: Vec<Entry<'a>>,
    pub(super) troubles: Vec<Trouble>,
    pub(super) now: i64,
    /// A certificate that ends within this time ends soon.
    pub(super) window: Duration,
}

pub(super) struct Entry<'a> {
    pub(super) certificate: Cow<'a, Certificate>,
    /// Where it was read; `None` for one of the build.
    pub(super) file: Option<PathBuf>,
    pub(super) difference: Option<Difference>,
}

/// Collects them, from the build or from files.
pub(super) fn listed<'a>(
    compiled: &Compiled<'a>,
    args: &CertsArgs,
    environment: &Environment<'_>,
) -> Listed<'a> {
    let window = args.within.unwrap_or_else(|| renew_before(compiled));
    let now = environment.now;
    let is_theirs = |c: &Certificate| match args.owner.as_deref() {
        Some(owner) => belongs(compiled.cluster, c, owner),
        None => true,
    };
    if args.dir.is_empty() {
        let entry = |c| Entry { certificate: Cow::Borrowed(c), file: None, difference: None };
        let all = compiled.certificates.iter().filter(|c| is_theirs(c)).map(entry).collect();
        return Listed { all, troubles: Vec::new(), now, window };
    }
    let Found { certificates, troubles, .. } =
        deployed::read(compiled, &is_theirs, args.owner.as_deref(), &args.dir, environment);
    let entry = |found: deployed::Deployed| Entry {
        certificate: Cow::Owned(found.certificate),
        file: Some(found.file),
        difference: found.difference,
    };
    Listed { all: certificates.into_iter().map(entry).collect(), troubles, now, window }
}
