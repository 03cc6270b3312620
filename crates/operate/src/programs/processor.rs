//! The processors that a program is made for.

use super::elf;

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Processor {
    /// Its name, as `uname -m` has it.
    pub(crate) name: &'static str,
    /// Its number, as a program's head has it.
    pub(crate) machine: u16,
    /// The target of cargo's that needs no C library.
    pub(crate) target: &'static str,
    /// The variables with which cargo builds for it, as the guide has them.
    variables: &'static str,
}

/// Those that the guide has lines for.
static PROCESSORS: [Processor; 2] = [
    Processor {
        name: "x86_64",
        machine: elf::X86_64,
        target: "x86_64-unknown-linux-musl",
        variables: "CC_x86_64_unknown_linux_musl=cc",
    },
    Processor {
        name: "aarch64",
        machine: elf::AARCH64,
        target: "aarch64-unknown-linux-musl",
        variables: "CC_aarch64_unknown_linux_musl=clang CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_LINKER=rust-lld",
    },
];

impl Processor {
    /// Returns the one that `uname -m` names.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        PROCESSORS.iter().find(|it| it.name == name)
    }

    /// Returns the one that a program is for.
    pub(crate) fn of(machine: u16) -> Option<&'static Self> {
        PROCESSORS.iter().find(|it| it.machine == machine)
    }

    /// Returns all names, for a message.
    pub(crate) fn names() -> String {
        PROCESSORS.iter().map(|it| format!("`{}`", it.name)).collect::<Vec<_>>().join(" and ")
    }

    /// Returns the lines that make a program for it.
    pub(crate) fn cargo(&self) -> [String; 2] {
        let Self { target, variables, .. } = self;
        [
            format!("rustup target add {target}"),
            format!("{variables} cargo build --release --target {target}"),
        ]
    }
}
