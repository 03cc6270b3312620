//! What the numbers were measured on.

use std::fs;
use std::path::Path;
use std::thread;

use crate::cmd::Cmd;

/// Lists the machine and each tool's version in Markdown.
pub(super) fn describe(python: &Path) -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let cpuinfo = read("/proc/cpuinfo");
    let meminfo = read("/proc/meminfo");
    let mut lines = vec![
        format!("CPU: {}, {cores} cores", field(&cpuinfo, "model name").unwrap_or("unknown")),
        format!("memory: {}", gibibytes(&meminfo).unwrap_or_default()),
        format!("Linux {}", read("/proc/sys/kernel/osrelease").trim()),
        // Above zero, others were at work, and every time below is too long by some of that.
        format!("load average before: {}", load(&read("/proc/loadavg"))),
    ];
    let print = "import sys, cryptography; \
                 print('Python', sys.version.split()[0] + ', cryptography', cryptography.__version__)";
    for (name, program, args) in [
        ("", python, &["-c", print][..]),
        ("", Path::new("openssl"), &["version"]),
        ("GnuTLS ", Path::new("certtool"), &["--version"]),
        ("mkcert ", Path::new("mkcert"), &["-version"]),
        ("cfssl ", Path::new("cfssl"), &["version"]),
    ] {
        let printed = Cmd::new(program).args(args.iter().copied()).output();
        let version = printed.unwrap_or_else(|error| error.to_string());
        let first = version.lines().next().unwrap_or_default();
        lines.push(format!("{name}{first}"));
    }
    lines.iter().map(|line| format!("- {line}\n")).collect::<Vec<_>>().concat()
}

/// Returns the value of the first `NAME : value` line.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then_some(value.trim())
    })
}

/// Returns the mean over the last minute.
fn load(loadavg: &str) -> &str {
    loadavg.split(' ').next().unwrap_or_default()
}

fn gibibytes(meminfo: &str) -> Option<String> {
    let total = field(meminfo, "MemTotal")?;
    let kib: u64 = total.strip_suffix(" kB")?.parse().ok()?;
    Some(format!("{} GiB", kib.div_ceil(1024 * 1024)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_from_proc() {
        let cpuinfo = "processor\t: 0\nmodel name\t: Some CPU @ 2.80GHz\nmodel name\t: Other\n";
        assert_eq!(field(cpuinfo, "model name"), Some("Some CPU @ 2.80GHz"));
        let meminfo = "MemTotal:       24601340 kB\nMemFree: 1 kB\n";
        assert_eq!(load("0.05 0.04 0.01 1/200 99"), "0.05");
        assert_eq!(gibibytes(meminfo).as_deref(), Some("24 GiB"));
    }
}
