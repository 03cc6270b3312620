//! etcd's second API and the proxy that went with it: removed in 3.6.

use crate::option::etcd_option::EtcdOption;
use crate::option::kind::{Kind, Word};
use crate::option::row::{BOOL, COUNT, TEXT, any, row};
use crate::option::versions::Versions;
use crate::version::Minor::{V3_5, V3_6, V3_7};

const UNTIL_3_5: Versions = Versions::until(V3_5);
const NO_V2: &str = "etcd 3.6 and later serve the v3 API only";

const PROXY: &str =
    "a proxy is no member: it would hand requests on to the cluster instead of joining it";
const PROXY_MODES: [Word; 3] = any(["off", "readonly", "on"]);

const STAGES: [Word; 5] = [
    Word::only("not-yet", Versions::between(V3_5, V3_5)),
    Word::only("write-only", Versions::since(V3_5)),
    Word::only(
        "write-only-skip-check",
        Versions::since(V3_5).from(V3_5, 32).from(V3_6, 13).from(V3_7, 0),
    ),
    Word::only("write-only-drop-data", Versions::since(V3_5)),
    Word::only("gone", Versions::since(V3_5)),
];

pub(super) const ROWS: &[EtcdOption] = &[
    row("enable-v2", BOOL)
        .means("Whether to serve the v2 API")
        .only(UNTIL_3_5)
        .default_is("false")
        .deprecated(V3_5)
        .gone(NO_V2),
    row("experimental-enable-v2v3", TEXT)
        .means("The v3 prefix under which to keep the data of an emulated v2 API")
        .only(UNTIL_3_5)
        .deprecated(V3_5)
        .gone(NO_V2),
    // From `write-only` on a member with content does not start (`assertNoV2StoreContent` in 3.5's
    // `etcdserver/server.go`).
    row("v2-deprecation", Kind::Enum(&STAGES))
        .look_first()
        .means("How far the v2 store is on its way out; etcd 3.6 decides that by itself")
        .only(Versions::since(V3_5))
        .defaults_are(["", "not-yet", "write-only", "write-only"])
        .deprecated(V3_6),
    row("proxy", Kind::Enum(&PROXY_MODES))
        .means("Whether to be a v2 proxy instead of a member")
        .only(UNTIL_3_5)
        .default_is("off")
        .refused(PROXY),
    row("proxy-failure-wait", COUNT)
        .means("Time a v2 proxy leaves a failed member alone")
        .counts("milliseconds")
        .only(UNTIL_3_5)
        .default_is("5000")
        .refused(PROXY),
    row("proxy-refresh-interval", COUNT)
        .means("Time between two looks of a v2 proxy at who the members are")
        .counts("milliseconds")
        .only(UNTIL_3_5)
        .default_is("30000")
        .refused(PROXY),
    row("proxy-dial-timeout", COUNT)
        .means("Time a v2 proxy tries to connect")
        .counts("milliseconds")
        .only(UNTIL_3_5)
        .default_is("1000")
        .refused(PROXY),
    row("proxy-write-timeout", COUNT)
        .means("Time a v2 proxy tries to write")
        .counts("milliseconds")
        .only(UNTIL_3_5)
        .default_is("5000")
        .refused(PROXY),
    row("proxy-read-timeout", COUNT)
        .means("Time a v2 proxy tries to read; 0 forever")
        .counts("milliseconds")
        .only(UNTIL_3_5)
        .default_is("0")
        .refused(PROXY),
];
