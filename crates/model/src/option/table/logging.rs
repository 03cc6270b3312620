//! Logs.

use crate::option::etcd_option::EtcdOption;
use crate::option::kind::{Item, Kind, Word};
use crate::option::row::{BOOL, any, list, row};
use crate::option::versions::Versions;
use crate::version::Minor::{V3_4, V3_5, V3_6};

const LOGGERS: [Word; 2] = [Word::new("zap"), Word::only("capnslog", Versions::until(V3_4))];
const LEVELS: [Word; 6] = any(["debug", "info", "warn", "error", "panic", "fatal"]);
const FORMATS: [Word; 2] = any(["json", "console"]);
const ROTATION: &str =
    r#"{"maxsize": 100, "maxage": 0, "maxbackups": 0, "localtime": false, "compress": false}"#;

pub(super) const ROWS: &[EtcdOption] = &[
    row("logger", Kind::Enum(&LOGGERS))
        .means("What writes the log")
        .defaults_are(["capnslog", "zap", "zap", "zap"]),
    row("log-outputs", list(Item::LogOutput))
        .means("Where the log goes: `stderr`, `stdout`, `systemd/journal`, files")
        .yaml_sequence()
        .default_is("default"),
    row("log-output", list(Item::LogOutput))
        .means("Where the log goes")
        .only(Versions::until(V3_4))
        .yaml_sequence()
        .default_is("default")
        .renamed("log-outputs"),
    row("log-level", Kind::Enum(&LEVELS)).means("The least that is logged").default_is("info"),
    row("log-format", Kind::Enum(&FORMATS))
        .means("What a line of the log looks like")
        .only(Versions::since(V3_6))
        .default_is("json"),
    row("enable-log-rotation", BOOL)
        .means("Whether to rotate the one file of `log-outputs`")
        .only(Versions::since(V3_5))
        .default_is("false"),
    row("log-rotation-config-json", Kind::Rotation)
        .means("How to rotate it, in JSON: `maxsize` in megabytes, `maxage` in days, …")
        .only(Versions::since(V3_5))
        .default_is(ROTATION),
    row("log-package-levels", Kind::PackageLevels)
        .means("Levels by package: `etcdmain=CRITICAL,etcdserver=DEBUG`")
        .only(Versions::until(V3_4))
        .deprecated(V3_4)
        .gone("zap, the only logger since etcd 3.5, has one level for all packages"),
    row("debug", BOOL)
        .means("Whether to log at level `debug`")
        .only(Versions::until(V3_4))
        .default_is("false")
        .deprecated(V3_4)
        .setting("log-level", "debug"),
];
