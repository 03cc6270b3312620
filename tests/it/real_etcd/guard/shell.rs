//! The shells that run `etcd.sh`.

/// A shell with the tools that go with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shell {
    pub(super) name: &'static str,
    /// What has to be done before `sh` is it.
    pub(super) setup: &'static str,
}

/// busybox has its own tools, and no `findmnt`.
pub(super) const SHELLS: [Shell; 3] = [
    Shell { name: "dash", setup: "sh() { command dash \"$@\"; }" },
    Shell { name: "bash", setup: "sh() { command bash \"$@\"; }" },
    Shell {
        name: "busybox",
        setup: "mkdir /busybox; busybox --install -s /busybox; rm -f /busybox/findmnt; \
                ln -s \"$(command -v strace)\" /busybox/strace; PATH=/busybox:/usr/local/bin",
    },
];
