//! The members' agreement: votes, compaction, reconfiguration.

use crate::option::etcd_option::EtcdOption;
use crate::option::kind::{Kind, Word};
use crate::option::row::{BOOL, COUNT, any, row};
use crate::option::versions::Versions;
use crate::version::Minor::{V3_4, V3_6};

const COMPACTION_MODES: [Word; 2] = any(["periodic", "revision"]);

pub(super) const ROWS: &[EtcdOption] = &[
    row("strict-reconfig-check", BOOL)
        .means("Whether to refuse a change of members that would lose the quorum")
        .default_is("true"),
    row("pre-vote", BOOL)
        .means("Whether a member asks around before an election, to not disturb without need")
        .defaults_are(["false", "true", "true", "true"]),
    // The leader alone compacts (`updateLeadership` in `start` of etcd's `etcdserver/server.go` pauses the
    // others' compactors).
    row("auto-compaction-mode", Kind::Enum(&COMPACTION_MODES))
        .everywhere()
        .means("Whether `auto-compaction-retention` is a time or a number of revisions")
        .default_is("periodic"),
    row("auto-compaction-retention", Kind::Retention)
        .everywhere()
        .means("History to keep: a time, or a number of hours or revisions; 0 keeps all")
        .default_is("0"),
    // Each member asks `ValidateConfigurationChange` by itself (`applyConfChange` in etcd's
    // `etcdserver/server.go`).
    row("max-learners", COUNT)
        .everywhere()
        .means("Most learners the cluster may have")
        .only(Versions::since(V3_6))
        .default_is("1"),
    row("next-cluster-version-compatible", BOOL)
        .means("Whether a 3.4 member may join a 3.5 cluster and start on its data")
        .only(Versions::until(V3_4).from(V3_4, 31))
        .default_is("false")
        .gone("it lets a 3.4 member stand beside 3.5 ones; 3.5 itself needs nothing"),
];
