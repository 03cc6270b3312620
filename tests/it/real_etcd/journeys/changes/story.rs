//! A cluster that `apply` made of bare machines, with a client that never stops, and one change of it after the other.

use super::super::journey::Journey;
use super::super::spec::{Member, address};
use super::cluster::Spec;
use super::fault::{Fault, has_a_disk, is_emptied, is_filled};
use crate::support::history::{History, Mark, program};
use crate::support::package::Package;
use crate::support::run::Said;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// For how long no write may succeed where no member is harmed: several times what was ever seen.
const LONGEST: Duration = Duration::from_secs(15);

/// How long a change may take, with all that goes wrong meanwhile, and the lock of one that was killed.
const WITHIN: Duration = Duration::from_secs(300);

/// Where the client is.
const CLIENT: Member = ("client", 9);

pub(super) struct Story {
    pub(super) journey: Journey,
    /// As it was built last.
    pub(super) spec: Spec,
    client: History,
}

impl Story {
    /// Bare machines are a cluster, and the client begins.
    pub(super) fn begin(spec: Spec) -> Self {
        let package = Package::for_any_machine(&spec.text());
        let journey = Journey::at(package, &spec.members, spec.release);
        Self::on(journey, spec, "")
    }

    /// The same on machines that get their etcd by these options.
    pub(super) fn begin_with(spec: Spec, options: &str) -> Self {
        let package = Package::for_any_machine(&spec.text());
        let journey = Journey::without_etcd(package, &spec.members, spec.release);
        Self::on(journey, spec, options)
    }

    fn on(mut journey: Journey, spec: Spec, options: &str) -> Self {
        for (name, _) in &spec.members {
            has_a_disk(&mut journey, name);
        }
        let hook = journey.package.path("hook");
        fs::write(&hook, HOOK.replace("GETS_FILES", GETS_FILES)).expect("a file");
        fs::set_permissions(&hook, Permissions::from_mode(0o755)).expect("a mode");
        journey
            .typed(&format!("export HOME=$PWD; ./bouquet apply --bootstrap --yes {options} 2>&1"));
        journey.is_well();
        let place = journey.network.join(CLIENT.0, address(CLIENT).parse().expect("an address"));
        journey.typed(&format!("mkdir client; {GETS_FILES}"));
        let [folder, out] = ["client", "history"].map(|name| journey.package.path(name));
        let mut command = Command::new("nsenter");
        command.arg(format!("--net={}", place.display())).arg(program());
        let client = History::begin(command, &folder.join("endpoints"), Some(&folder), &out);
        client.goes_on();
        Self { journey, spec, client }
    }

    /// A machine that is to be a member's.
    pub(super) fn joins(&mut self, member: Member) {
        self.journey.joins(member);
        has_a_disk(&mut self.journey, member.0);
    }

    /// Builds what is to be, and has it carried out while that goes wrong; then all is as compiled, and recorded.
    pub(super) fn becomes(
        &mut self,
        what: &str,
        (spec, options): (Spec, &str),
        (fault, other, new): (Option<Fault>, &'static str, &'static str),
    ) {
        self.journey.builds(&spec.text());
        self.spec = spec;
        self.begins_to_measure();
        let words = fault.map_or("nothing goes wrong", Fault::words);
        let what = format!("etcd {}: {what}, {words}", self.spec.release);
        let began = Instant::now();
        let first = self.carries_out(options, fault, other, new);
        let mut tries = 1;
        let mut said = first;
        while said.code != 0 {
            println!("{what}: {}", said.last());
            assert!(fault.is_some() && began.elapsed() < WITHIN, "{what}:\n{}", said.all());
            sleep(Duration::from_secs(2));
            said = self.applies(options);
            tries += 1;
        }
        let took = began.elapsed().as_secs_f32();
        let longest_gap = self.has_measured(&format!("{what}: {took:.1} s, in {tries}"));
        if fault.is_none_or(Fault::spares_members) {
            assert!(longest_gap < LONGEST, "{what}");
        }
        self.journey.is_well();
        let said = self.journey.typed("./bouquet plan");
        assert!(said.contains("nothing to do"), "{said}");
    }

    pub(super) fn begins_to_measure(&self) {
        let _ = self.client.mark("before");
    }

    /// It still writes; the longest time without a write.
    pub(super) fn has_measured(&self, what: &str) -> Duration {
        self.client.goes_on();
        let Mark { writes, failed, longest_gap, .. } = self.client.mark(what);
        println!(
            "{what}: {writes} writes, {failed} failed, longest gap {} ms",
            longest_gap.as_millis()
        );
        longest_gap
    }

    /// What people do for clients.
    pub(super) fn client_gets_files(&self) {
        self.journey.typed(GETS_FILES);
    }

    /// Nothing that was acknowledged is lost, and all that was answered has an order.
    pub(super) fn ends(self) {
        let verdict = self.client.end();
        println!("etcd {}: {}", self.spec.release, verdict.said);
        verdict.holds();
    }

    /// Begins, and lets something go wrong behind its first step.
    fn carries_out(
        &mut self,
        options: &str,
        fault: Option<Fault>,
        other: &'static str,
        new: &'static str,
    ) -> Ended {
        let journey = &mut self.journey;
        if fault == Some(Fault::DiskFull) {
            is_filled(journey, new);
        }
        journey.typed(&BEGUN.replace("OPTIONS", options));
        let begin = Instant::now();
        let is_behind = |journey: &Journey| {
            let said = fs::read_to_string(journey.package.path("applying.err")).unwrap_or_default();
            said.lines().any(|line| line.starts_with("2/")) || code(journey).is_some()
        };
        while !is_behind(journey) {
            assert!(begin.elapsed() < WITHIN, "it does not begin");
            sleep(Duration::from_millis(20));
        }
        if let Some(fault) = fault {
            fault.happens(journey, other);
        }
        let mut is_full = fault == Some(Fault::DiskFull);
        loop {
            if let Some(code) = code(journey) {
                if is_full {
                    is_emptied(journey, new);
                }
                return Ended::of(journey, code);
            }
            // It may wait for the member.
            if is_full && begin.elapsed() > Duration::from_secs(40) {
                is_emptied(journey, new);
                is_full = false;
            }
            assert!(begin.elapsed() < WITHIN, "it does not end: {}", Ended::of(journey, 0).all());
            sleep(Duration::from_millis(50));
        }
    }

    fn applies(&self, options: &str) -> Ended {
        let options = format!("--yes --hook ./hook {options}");
        let script = format!("export HOME=$PWD; ./bouquet apply {options} && code=0 || code=$?");
        let Said { stdout, stderr, .. } = self.journey.types(&format!("{script}\necho $code"));
        let (stdout, code) = stdout.trim_end().rsplit_once('\n').unwrap_or(("", &stdout));
        Ended { code: code.trim().parse().unwrap_or(-1), stdout: stdout.to_owned(), stderr }
    }
}

/// How a run of `apply` ended.
struct Ended {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Ended {
    fn of(journey: &Journey, code: i32) -> Self {
        let read = |name: &str| fs::read_to_string(journey.package.path(name)).unwrap_or_default();
        Self { code, stdout: read("applying.out"), stderr: read("applying.err") }
    }

    /// Why.
    fn last(&self) -> String {
        let why =
            |line: &&str| ["error: ", "note: ", "help: "].iter().any(|it| line.starts_with(it));
        let lines: Vec<&str> = self.stderr.lines().filter(why).collect();
        format!("ends with {}: {}", self.code, lines.join(" / "))
    }

    fn all(&self) -> String {
        format!("ends with {}\n{}\n{}", self.code, self.stdout, self.stderr)
    }
}

fn code(journey: &Journey) -> Option<i32> {
    fs::read_to_string(journey.package.path("applying.code")).ok()?.trim().parse().ok()
}

/// In the background; its code is there once it has ended.
const BEGUN: &str = "\
rm -f applying.*
export HOME=$PWD
(
    code=0
    ./bouquet apply --yes --hook ./hook OPTIONS >applying.out 2>applying.err </dev/null || code=$?
    echo $code >applying.next
    mv applying.next applying.code
) >/dev/null 2>&1 &
echo $! >applying.pid
";

/// The client gets what is compiled for it: it reads certificates and endpoints again.
const GETS_FILES: &str = "\
rm -rf client.new; cp -r out/clients/root client.new
sed -n 's/^ETCDCTL_ENDPOINTS=//p' client.new/etcdctl.env >client.new/endpoints
for file in client.new/*; do mv $file client/; done
";

/// What people do: clients get their files, and who is asked for anything else looks why.
const HOOK: &str = r#"#!/bin/sh
set -eu
step=$(cat)
case $step in
*'"action":"clients"'*) GETS_FILES ;;
*'"action":"look"'*) ;;
# One that went down meanwhile, and has more steps before it.
*'"action":"start"'*) echo "$step" | sed -n 's/.*"commands":\["\([^"]*\)"\].*/\1/p' | sh -e ;;
*) echo "nobody does this: $step" >&2; exit 1 ;;
esac
"#;
