//! Metrics and profiling.

use crate::option::etcd_option::EtcdOption;
use crate::option::kind::{Item, Kind, Word};
use crate::option::row::{BOOL, any, list, row};

const METRICS: [Word; 2] = any(["basic", "extensive"]);

pub(super) const ROWS: &[EtcdOption] = &[
    row("enable-pprof", BOOL)
        .means("Whether to serve profiles under `/debug/pprof/` of the client URLs")
        .default_is("false"),
    row("metrics", Kind::Enum(&METRICS))
        .means("Whether to export the histograms of gRPC requests too")
        .default_is("basic"),
    row("listen-metrics-urls", list(Item::MetricsUrl))
        .means("Further addresses for `/metrics`, `/health` and the like"),
];
