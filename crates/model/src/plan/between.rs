//! What clients dial while all members get other endpoints: a list that no build makes.

use crate::change::{Change, Class, Subject, What};
use crate::running::Running;
use std::collections::BTreeMap;

/// Returns the former and the new endpoints of each client none of whose endpoints stays.
///
/// Not of one whose scheme changes as well: it has the files for one of both alone. Nor where members join,
/// which is up to the caller: a learner refuses what is asked of it.
pub(super) fn between(
    changes: &[&Change],
    before: &Running,
    after: &Running,
) -> BTreeMap<String, Vec<String>> {
    let list = |change: &&Change| {
        let (Subject::Client(name), What::Endpoints { from, to }) = (&change.subject, &change.what)
        else {
            return None;
        };
        let (was, is) = (before.clients.get(name)?, after.clients.get(name)?);
        let is_meant = change.class == Class::AskEtcd && was.trust.is_some() == is.trust.is_some();
        is_meant.then(|| (name.clone(), from.iter().chain(to).cloned().collect()))
    };
    changes.iter().filter_map(list).collect()
}
