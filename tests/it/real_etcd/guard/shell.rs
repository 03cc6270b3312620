//! The shells that run `etcd.sh`.

/// A shell with the tools that go with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shell {
    pub(super) name: &'static str,
    /// What makes `$sh` it.
    pub(super) setup: &'static str,
}

/// busybox has tools of its own, and no `findmnt`.
pub(super) const SHELLS: [Shell; 3] = [
    Shell { name: "dash", setup: "sh=dash" },
    Shell { name: "bash", setup: "sh=bash" },
    Shell {
        name: "busybox",
        setup: "sh=/busybox/sh; mkdir /busybox; busybox --install -s /busybox; \
                PATH=/busybox:/usr/local/bin",
    },
];
