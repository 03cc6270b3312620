//! What the record of a restore says, and what it leaves alone.

use super::deciding::{SPEC, lock, work};
use crate::record::decide::{Decision, Files, decide};
use crate::record::work::Action;
use bouquet_lock::{Lock, Restored};

const NOW: i64 = 1_800_000_000;

fn decided(action: Action, lock: &Lock, restored: Option<Restored>) -> Decision {
    let text = lock.text().into_bytes();
    let files = Files {
        spec: SPEC.to_vec(),
        lock: Some(text.clone()),
        copy: Some(text),
        place: "/p/cluster.lock".into(),
        copy_place: "/p/out/pki/cluster.lock".into(),
        restored,
    };
    let mut work = work(action, &[]);
    if action == Action::Restored {
        // Built, and nowhere installed.
        let (a, root) = ("a", "root");
        let member = work.compiled.members.get_mut(a).expect("a member");
        member.options.insert("quota-backend-bytes".to_owned(), "1".to_owned());
        let client = work.compiled.clients.get_mut(root).expect("a client");
        client.endpoints.push("http://b:2379".to_owned());
        client.certificate = Some("07".to_owned());
    }
    decide(&work, &files, NOW).expect("a decision")
}

#[test]
fn a_restore_is_a_record_of_data_and_says_nothing_of_what_is_compiled() {
    let Decision::Write { lock: before, .. } = decided(Action::Record, &lock(), None) else {
        panic!("nothing was recorded")
    };
    let token = Restored::token_of("flowers", &[1; 32], NOW);
    let restored = Restored::of("flowers", [1; 32], 5, &token).expect("a token of it");
    let decision = decided(Action::Restored, &before, Some(restored.clone()));
    let Decision::Write { lock: after, listing, members, .. } = decision else {
        panic!("nothing was recorded")
    };
    assert_eq!(after.recorded.running(), before.recorded.running());
    assert_eq!(after.identity.restored, Some(restored));
    assert_ne!(after.id("a"), before.id("a"));
    assert!(listing.contains("ID ") && !listing.contains("root"), "{listing}");
    assert_eq!(members.keys().collect::<Vec<_>>(), ["a", "b", "c"]);
}
