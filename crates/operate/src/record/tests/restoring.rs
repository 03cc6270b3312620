//! What the record of a restore says, and what it leaves alone.

use super::scene::{NOW, files, recorded, refused, work, written};
use crate::record::Recording;
use crate::record::decide::{Decision, Files, decide};
use crate::record::work::{Action, RestoredFrom, Restoring};
use bouquet_lock::Restored;

#[test]
fn a_restore_is_a_record_of_data_and_says_nothing_of_what_is_compiled() {
    let before = recorded(&[]);
    let token = Restored::token_of("flowers", &[1; 32], NOW);
    let restored = Restored::of("flowers", [1; 32], 5, &token);
    let files = Files { restored: restored.clone(), ..files(&before) };
    // Built, and nowhere installed.
    let mut work = work(Action::Restored, &[]);
    let member = work.compiled.members.get_mut("a").expect("a member");
    member.options.insert("quota-backend-bytes".to_owned(), "1".to_owned());
    let client = work.compiled.clients.get_mut("root").expect("a client");
    client.endpoints.push("http://b:2379".to_owned());
    client.certificate = Some("07".to_owned());
    let (after, listing, _) = written(&work, &files, NOW + 1);
    assert_eq!(after.recorded.running(), before.recorded.running());
    assert_eq!(after.identity.restored, restored);
    assert_ne!(after.id("a"), before.id("a"));
    assert!(listing.contains("ID ") && !listing.contains("root"), "{listing}");
}

/// It is all of a new cluster, with the files that were brought to its node for that.
#[test]
fn of_a_sole_member_it_is_recorded_that_the_others_are_gone() {
    let before = recorded(&[]);
    let token = Restored::token_of("flowers", &[1; 32], NOW);
    let restored = Restored::of("flowers", [1; 32], 5, &token).expect("its token");
    let files = Files { restored: Some(restored.clone()), ..files(&before) };
    let from = RestoredFrom::Known(restored.clone());
    let restoring = Some(Restoring { from, sole: Some("a".to_owned()) });
    let mut work = Recording { restoring, ..work(Action::Restored, &[]) };
    let member = work.compiled.members.get_mut("a").expect("a member");
    member.options.insert("quota-backend-bytes".to_owned(), "1".to_owned());
    let (after, listing, said) = written(&work, &files, NOW + 1);
    assert!(said.starts_with("recorded the restore of `a`, the only member now\n"), "{said}");
    let running = after.recorded.running().members;
    assert_eq!(running.keys().collect::<Vec<_>>(), ["a"]);
    assert_eq!(running["a"], work.compiled.members["a"]);
    assert_eq!((after.id("b"), after.id("c")), (None, None));
    assert_eq!(after.identity.restored, Some(restored));
    assert!(listing.contains("members `b`, `c`\n  to be recorded as gone\n"), "{listing}");
    for name in ["a", "b"] {
        let undone = refused(&super::scene::work(Action::Undo, &[name]), &self::files(&after));
        assert!(undone.contains("is that of a restore"), "{undone}");
    }
    assert!(matches!(decide(&work, &self::files(&after), NOW + 2), Ok(Decision::Nothing(_))));
}
