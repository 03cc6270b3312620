//! The edge: what systemd says of a unit, and its process.

#![expect(clippy::disallowed_methods, reason = "the edge that looks at processes")]

use crate::node::machine::service::{PROPERTIES, Process, Service};
use bouquet_model::artifact::JOIN;
use rustix::time::{ClockId, clock_gettime};
use std::fs;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// Returns what systemd says of a unit; nothing where there is no systemd.
pub(crate) fn service(unit: &str, now: SystemTime) -> Service {
    let property = format!("--property={PROPERTIES}");
    let said = Command::new("systemctl").args(["show", unit, &property]).output();
    let Ok(said) = said else { return Service::default() };
    let (mut service, id, drop_ins) = Service::parse(&String::from_utf8_lossy(&said.stdout));
    let starts =
        |text: String| text.lines().any(|line| line.trim_start().starts_with("ExecStart="));
    service.is_overridden = drop_ins
        .iter()
        .filter(|place| !place.ends_with(JOIN))
        .any(|place| fs::read_to_string(place).is_ok_and(starts));
    service.process = id.and_then(|id| process(id, now));
    service
}

/// How long ago the machine was started, as the clock that goes on while it sleeps has it; elsewhere than on Linux there is
/// no `/proc` to compare it with.
#[cfg(target_os = "linux")]
const SINCE_BOOT: ClockId = ClockId::Boottime;
#[cfg(not(target_os = "linux"))]
const SINCE_BOOT: ClockId = ClockId::Monotonic;

/// Returns a process that runs: its arguments, and when it was started (proc(5)).
fn process(id: u32, now: SystemTime) -> Option<Process> {
    let now = now.duration_since(UNIX_EPOCH).ok()?.as_millis();
    let now_ms = i64::try_from(now).ok()?;
    let arguments = fs::read(format!("/proc/{id}/cmdline")).ok()?;
    let arguments = String::from_utf8_lossy(&arguments);
    let arguments = arguments.split('\0').map(str::to_owned).collect();
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name, in brackets, may have blanks; the 22nd field of all is the 20th behind it.
    let ticks: i64 = stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()?;
    let ticks_a_second = i64::try_from(rustix::param::clock_ticks_per_second()).ok()?;
    let up = clock_gettime(SINCE_BOOT);
    let age = up.tv_sec * 1000 + up.tv_nsec / 1_000_000 - ticks * 1000 / ticks_a_second;
    let since = now_ms - age;
    Some(Process { id, arguments, since })
}
