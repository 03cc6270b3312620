//! `out/index.html`: what a person sees of a cluster in a browser.

use crate::support::cluster::{Cluster, SPEC, with_clients};
use bouquet_build::Asked;
use bouquet_model::time::Date;
use roxmltree::{Document, Node};
use std::time::{Duration, SystemTime};

fn days(count: u64) -> Duration {
    Duration::from_secs(count * 86_400)
}

/// Reads the page, which is well-formed as XML, and gives it to a test.
fn seen(cluster: &Cluster, test: impl FnOnce(&Page<'_>)) {
    let page = cluster.read("out/index.html");
    let body = page.strip_prefix("<!DOCTYPE html>\n").expect("a page of HTML");
    test(&Page(Document::parse(body).expect("well-formed")));
}

struct Page<'a>(Document<'a>);

impl<'a> Page<'a> {
    fn all(&'a self, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
        self.0.descendants().filter(move |node| node.has_tag_name(name))
    }

    /// The words of a section; none where the page has no such section.
    fn section(&'a self, id: &str) -> Option<String> {
        self.all("section").find(|node| node.attribute("id") == Some(id)).map(|node| words(&node))
    }
}

/// The text that is in an element, a space between two pieces.
fn words(node: &Node<'_, '_>) -> String {
    let pieces = node.descendants().filter(Node::is_text).filter_map(|text| text.text());
    pieces.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

#[test]
fn it_shows_each_member_with_its_urls_and_ids() {
    let cluster = Cluster::built(SPEC);
    let (proven, _) = bouquet_build::prove(SPEC.as_bytes());
    let proven = proven.expect("a cluster").cluster;
    seen(&cluster, |page| {
        let header = words(&page.all("header").next().expect("a header"));
        let id = proven.id.expect("an ID").to_string();
        assert!(header.starts_with("faults etcd 3.5.30") && header.contains(&id), "{header}");
        let cards: Vec<String> = page.all("article").map(|card| words(&card)).collect();
        assert_eq!(cards.len(), 3);
        for (card, member) in cards.iter().zip(proven.members.iter()) {
            let id = member.id.expect("an ID").to_string();
            assert!(card.starts_with(member.name.as_str()) && card.contains(&id), "{card}");
            let urls = member.advertise_client_urls.iter();
            for url in urls.chain(member.initial_advertise_peer_urls.iter()) {
                assert!(card.contains(&format!("dial {url}")), "{card}");
            }
        }
        let section = page.section("members").expect("members");
        assert!(section.contains("A write takes 2 of 3: 1 may be down."), "{section}");
        // Each member to each other one, and the client to all.
        let of =
            |class| page.all("line").filter(|line| line.attribute("class") == Some(class)).count();
        assert_eq!((of("peer"), of("client"), page.all("circle").count()), (3, 3, 3));
    });
}

/// What an operator writes is text, whatever is in it.
#[test]
fn what_is_written_in_the_spec_is_no_markup() {
    let token = r#"</title><script>alert('1')</script> & "x""#;
    let spec = SPEC.replace("\"faults\"", &format!("'''{token}'''"));
    seen(&Cluster::built(spec), |page| {
        for name in ["title", "h1"] {
            let text = page.all(name).next().and_then(|node| node.text()).expect("a text");
            assert!(text.starts_with(token), "{text}");
        }
        assert_eq!(page.all("script").count(), 1);
    });
}

#[test]
fn it_loads_nothing_and_holds_no_key() {
    let cluster = Cluster::built(SPEC);
    seen(&cluster, |page| {
        for name in ["link", "img", "iframe", "object", "a", "form", "base"] {
            assert_eq!(page.all(name).count(), 0, "{name}");
        }
        let loads = ["src", "href", "action", "data", "srcset", "style-src"];
        let is_load = |node: &Node<'_, '_>| loads.iter().any(|name| node.has_attribute(*name));
        assert!(!page.0.descendants().any(|node| is_load(&node)));
        let policy = page.all("meta").filter_map(|meta| meta.attribute("content"));
        assert!(policy.into_iter().any(|content| content.starts_with("default-src 'none'; ")));
        let style = words(&page.all("style").next().expect("a style"));
        assert!(!style.contains("url(") && !style.contains("@import"), "{style}");
    });
    let text = cluster.read("out/index.html");
    let key = cluster.read("out/members/pink/certs/server.key");
    let inside: String = key.lines().filter(|line| !line.starts_with("---")).collect();
    assert!(!text.contains("PRIVATE") && !text.contains(&inside[..32]));
}

#[test]
fn it_shows_who_trusts_which_ca_in_each_phase_of_a_change() {
    let cluster = Cluster::built(SPEC);
    let trust = |cluster: &Cluster| {
        let mut rows = Vec::new();
        seen(cluster, |page| {
            rows = page
                .all("tbody")
                .next()
                .expect("a table")
                .children()
                .map(|row| words(&row))
                .collect();
            rows.retain(|row: &String| !row.is_empty());
        });
        rows
    };
    assert_eq!(trust(&cluster)[0], "clients, of members ● trusted, issues");
    for (ca, both) in [
        ("trust = [1, 2]", "● trusted, issues ○ trusted"),
        ("issue = 2\ntrust = [1, 2]", "○ trusted ● trusted, issues"),
        ("issue = 2", "● trusted, issues"),
    ] {
        cluster.write(format!("{SPEC}\n[ca]\n{ca}\n"));
        cluster.succeeds();
        let whose = ["clients, of members", "members, of clients", "members, of each other"];
        assert_eq!(trust(&cluster), whose.map(|whose| format!("{whose} {both}")), "{ca}");
    }
}

#[test]
fn a_certificate_is_shown_beside_today_and_the_day_from_which_a_build_renews_it() {
    let spec =
        SPEC.replace("[etcd]", "[tls]\nvalid-for = \"100d\"\nrenew-before = \"25d\"\n\n[etcd]");
    let cluster = Cluster::new(spec);
    let start = SystemTime::now();
    assert!(cluster.build_as(Asked::default(), start).report.is_some());
    let later = start + days(60);
    cluster.write(cluster.read("cluster.toml") + "# later\n");
    assert!(cluster.build_as(Asked::default(), later).report.is_some());
    let date = |at: SystemTime| {
        let since = at.duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
        Date(i64::try_from(since.as_secs()).expect("a second")).to_string()
    };
    seen(&cluster, |page| {
        let times = page.all("div").find(|node| node.attribute("class") == Some("times"));
        let times = times.expect("a line of time");
        let text = words(&times);
        assert!(text.contains(&format!("today, {}", date(later))), "{text}");
        let (end, due) = (start + days(100), start + days(75));
        for whose in ["client root", "pink, for clients", "camellia, for members"] {
            let row = format!("{whose} until {} , renewed from {}", date(end), date(due));
            assert!(text.contains(&row), "{row} in {text}");
        }
        let near = |style: &str, wanted: f64| {
            let part = style.trim_end_matches('%').rsplit(' ').next().expect("a part");
            let part: f64 = part.parse().expect("a number");
            assert!((part - wanted).abs() < 1.5, "{style}: {wanted}");
        };
        near(times.attribute("style").expect("today"), 60.0);
        let hatched = times.descendants().find(|node| node.attribute("class") == Some("due"));
        let style = hatched.and_then(|node| node.attribute("style")).expect("a part");
        let (left, right) = style.split_once("; ").expect("two sides");
        near(left, 75.0);
        near(right, 0.0);
    });
}

#[test]
fn it_says_what_is_yet_to_be_rolled_out() {
    let cluster = Cluster::built(SPEC);
    let pending = |cluster: &Cluster| {
        let mut text = String::new();
        seen(cluster, |page| text = page.section("pending").expect("a section"));
        text
    };
    assert!(pending(&cluster).contains("No member is recorded as running."));
    cluster.record();
    cluster.succeeds();
    assert_eq!(
        pending(&cluster),
        "Pending Nothing: what was built is what is recorded as running."
    );
    cluster.write(SPEC.replace("[etcd]", "[etcd]\nsnapshot-count = 20000"));
    cluster.succeeds();
    let text = pending(&cluster);
    let line = "camellia, orange, pink: snapshot-count nothing → 20000 new files and a restart, one member at a time";
    assert!(text.contains(line) && text.contains("bouquet plan has the steps"), "{text}");
}

#[test]
fn without_tls_it_has_neither_cas_nor_certificates() {
    let spec = SPEC.replace("[etcd]", "[tls]\nenabled = false\n\n[etcd]");
    seen(&Cluster::built(spec), |page| {
        assert_eq!((page.section("trust"), page.section("certificates")), (None, None));
        let header = words(&page.all("header").next().expect("a header"));
        assert!(header.contains("TLS off: anyone who reaches a member"), "{header}");
    });
}

/// Those that end first are what a person looks for.
#[test]
fn many_certificates_are_counted() {
    seen(&Cluster::built(with_clients(120)), |page| {
        let rows = page.all("div").filter(|node| node.attribute("class") == Some("row")).count();
        assert_eq!(rows, 100 + 1, "and the CA");
        let text = page.section("certificates").expect("certificates");
        assert!(text.contains("And 27 more, of which the last ends on "), "{text}");
    });
}
