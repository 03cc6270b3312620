//! Exit codes.

/// The program's end. `bouquet etcdctl -- …` ends as etcdctl does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done; with `certs --check`: every certificate is fine; with `check-node`: every file is; with `status`:
    /// all is as compiled; with `doctor`: all is well.
    Done,
    /// 1: it could not be done; with `check-node`: a file is not as compiled; with `status` and `doctor`: something is wrong;
    /// with `plan` and `diff`: something is refused, or no steps can be planned; with `adopt`: something cannot be said.
    Failed,
    /// 1: `certs --check` found certificates that expire soon or are not the build's.
    Warning,
    /// 64: the command line is wrong.
    Misused,
    /// 2: `certs --check` found certificates that are not valid now, or hardly any longer.
    Critical,
    /// 2: with `plan`, `diff`, `status` and `install --dry-run`: what runs is not yet what was compiled.
    Pending,
    /// 3: `certs --check` could judge nothing, or its command line is wrong; with `plan` and `diff`:
    /// nothing is recorded that could be compared; with `status`: too little was seen, or there is no quorum; with `doctor`:
    /// nothing wrong was seen, and not all could be looked at.
    Unknown,
    /// 75: with `install`: another installation runs on this node, and will end.
    Busy,
    /// That of the command of `try`; or of the signal that ended a trial, a drill, a snapshot or a change, as a shell says it.
    Command(u8),
    /// 126: etcdctl, or the command of `try`, is there but cannot be run, as a shell says it.
    CannotRun,
    /// 127: it is not installed, as a shell says it.
    NotInstalled,
}

impl Exit {
    /// Returns the code that the operating system is told. 1 has two meanings, because monitors take it
    /// as WARNING (Monitoring Plugins Development Guidelines, "Plugin Return Codes") and shells as
    /// failure; either way someone has to look. A wrong command line is `EX_USAGE` of sysexits.h, so
    /// that a script which asks for a state never takes a typing error for one. That something is to be tried again is its `EX_TEMPFAIL`.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed | Self::Warning => 1,
            Self::Critical | Self::Pending => 2,
            Self::Unknown => 3,
            Self::Misused => 64,
            Self::Busy => 75,
            Self::Command(code) => code,
            Self::CannotRun => 126,
            Self::NotInstalled => 127,
        }
    }
}
