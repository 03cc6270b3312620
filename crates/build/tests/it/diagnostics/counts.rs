//! How many members there are, and how many findings.

use super::support::{Spec, findings, finds, member, spec};
use bouquet_build::diagnostic::{Severity, Source, Style};
use bouquet_build::prove;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// That many members, the warning expected at the last.
fn of(count: usize) -> Spec {
    let mut members: Vec<String> = (1..count).map(|n| member((&format!("m{n}"), n))).collect();
    members.push(format!("name = ‹\"m{count}\"›\nip = \"10.0.0.{count}\""));
    spec().members(&members.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn one_member_survives_no_loss() {
    finds!(of(1));
}

#[test]
fn two_members_survive_no_more_than_one() {
    finds!(of(2));
}

#[test]
fn four_members_survive_no_more_than_three() {
    finds!(of(4));
}

#[test]
fn eight_members_are_more_than_etcd_advises() {
    finds!(of(8));
}

#[test]
fn nine_members_are_more_than_etcd_advises() {
    finds!(of(9));
}

#[test]
fn sixty_four_members_are_the_most() {
    let said = findings(&of(64));
    assert!(said.contains("64 members: every write waits for 33 of them"), "{said}");
}

#[test]
fn no_member_is_refused() {
    // The place is the end of the file, which no mark can enclose.
    let text = "[cluster]\ntoken = \"tok-1\"\netcd = \"3.5.30\"\n";
    let (cluster, found) = prove(text.as_bytes());
    assert!(cluster.is_none() && found.has_errors());
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(found.render(Source::new("cluster.toml", text), Style::Plain));
    });
}

#[test]
fn ten_thousand_members_are_refused_at_once_and_with_a_reason() {
    let mut text = "[cluster]\ntoken = \"tok-1\"\netcd = \"3.5.30\"\n".to_owned();
    for n in 0..10_000 {
        let (c, d) = (n / 250, n % 250);
        writeln!(text, "[[member]]\nname = \"m{n}\"\nip = \"10.1.{c}.{d}\"")
            .expect("a String takes it");
    }
    let started = Instant::now();
    let (cluster, found) = prove(text.as_bytes());
    assert!(started.elapsed() < Duration::from_secs(10), "it takes {:?}", started.elapsed());
    assert!(cluster.is_none());
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(found.render(Source::new("cluster.toml", &text), Style::Plain));
    });
}

/// All are counted, and few of them kept.
#[test]
fn hundreds_of_thousands_of_values_that_are_none_take_no_more_memory_than_those_that_are_shown() {
    const MANY: usize = 300_000;
    let text = format!(
        "[cluster]\ntoken = \"tok-1\"\netcd = \"3.5.30\"\n[ca]\npermit = [{}]\n\
         [[member]]\nname = \"pink\"\nip = \"10.0.0.1\"\n",
        "\"\",".repeat(MANY)
    );
    let (cluster, found) = prove(text.as_bytes());
    assert!(cluster.is_none() && found.has_errors());
    assert_eq!(found.count(Severity::Error), MANY);
    assert!(found.iter().count() < 2_001, "{}", found.iter().count());
}
