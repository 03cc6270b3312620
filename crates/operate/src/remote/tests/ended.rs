//! What a code says of a node.

use crate::remote::ended::{End, Ended, Whom};
use crate::remote::{Known, Undone};

const WHOM: Whom<'_> = Whom { member: "orange", destination: "admin@10.0.0.2" };

fn ended(end: End, is_sent: bool, complaint: &str) -> Ended {
    Ended { end, is_sent, lines: Vec::new(), complaints: vec![complaint.to_owned()] }
}

#[test]
fn a_code_says_whether_anything_was_done() {
    let known = |code| ended(End::Code(code), true, "").fault(WHOM).map(|undone| undone.known);
    assert_eq!(known(0), None);
    // `install` itself, which may have done a part.
    assert_eq!((known(1), known(3)), (Some(Known::Told), Some(Known::Told)));
    for code in [64, 70, 71, 72, 74, 76, 77, 126, 127] {
        assert_eq!(known(code), Some(Known::Nothing), "{code}");
    }
    // One that was begun before goes on to its end.
    assert_eq!(known(75), Some(Known::Busy));
    // By a signal there.
    assert_eq!((known(129), known(137)), (Some(Known::Unknown), Some(Known::Unknown)));
    assert_eq!(known(255), Some(Known::Unknown));
}

/// Whatever was handed to `ssh` before.
#[test]
fn before_a_login_nothing_is_done() {
    for complaint in [
        "Host key verification failed.",
        "admin@10.0.0.2: Permission denied (publickey).",
        "Received disconnect from 10.0.0.2 port 22:2: Too many authentication failures",
        "ssh: connect to host 10.0.0.2 port 22: Connection timed out",
        "ssh: Could not resolve hostname pink: Temporary failure in name resolution",
    ] {
        let Some(Undone { known, problem }) = ended(End::Code(255), true, complaint).fault(WHOM)
        else {
            panic!("{complaint}");
        };
        assert_eq!(known, Known::Nothing, "{complaint}");
        assert_eq!(problem.notes, [complaint]);
        assert!(!problem.help.is_empty() && problem.message.starts_with("orange: "), "{problem}");
    }
}

#[test]
fn what_a_node_says_cannot_move_a_cursor() {
    let said =
        ended(End::Code(255), true, "\u{1b}[2J").fault(WHOM).map(|it| it.problem.notes.concat());
    assert!(said.is_some_and(|notes| !notes.contains('\u{1b}')));
}
