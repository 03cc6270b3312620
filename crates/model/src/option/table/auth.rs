//! Users and tokens.

use crate::option::etcd_option::EtcdOption;
use crate::option::kind::Kind;
use crate::option::row::{at_least, row};
use crate::option::versions::Versions;
use crate::version::Minor::V3_4;

pub(super) const ROWS: &[EtcdOption] = &[
    row("auth-token", Kind::TokenProvider)
        .means("How tokens are made: `simple`, or `jwt,sign-method=…,priv-key=…,ttl=…`")
        .default_is("simple"),
    row("bcrypt-cost", Kind::Int { min: 4, max: 31 })
        .means("How hard a password is hashed")
        .limit("etcd takes 10 for anything outside of 4 to 31")
        .default_is("10"),
    row("auth-token-ttl", at_least(1))
        .means("How long a simple token is valid")
        .counts("seconds")
        .limit("etcd takes 0 for 300")
        .only(Versions::ALL.from(V3_4, 10))
        .default_is("300"),
];
