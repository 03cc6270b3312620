//! Users and tokens.

use crate::option::etcd_option::EtcdOption;
use crate::option::kind::Kind;
use crate::option::limits::Limits;
use crate::option::row::{SECOND, row};
use crate::option::versions::Versions;
use crate::version::Minor::V3_4;

pub(super) const ROWS: &[EtcdOption] = &[
    // Anyone who asks another member shows it the token (`NewTokenProvider` in etcd's `auth/store.go`).
    row("auth-token", Kind::TokenProvider)
        .everywhere()
        .means("How tokens are made: `simple`, or `jwt,sign-method=…,priv-key=…,ttl=…`")
        .default_is("simple"),
    row("bcrypt-cost", Kind::Int(Limits::from(4).to(31)))
        .means("How hard a password is hashed; each step doubles the time it takes")
        .rarely_above(14, "a login takes seconds then, and etcd gives it up after some")
        .limit("etcd takes 10 for anything outside of 4 to 31")
        .default_is("10"),
    // The seconds become nanoseconds in 64 bits (`NewServer` in etcd's `etcdserver/server.go`), and
    // what is not positive becomes 300 s (`enable` in `auth/simple_token.go`).
    row("auth-token-ttl", Kind::Int(Limits::from(1).to(i64::MAX / SECOND)))
        .means("How long a simple token is valid")
        .counts("seconds")
        .limit("etcd takes 0, and what overflows its nanoseconds, for 300")
        .rarely_below(10, "clients have to log in again all the time")
        .rarely_above(
            86_400,
            "it counts seconds, and who has a token needs no password for that long",
        )
        .only(Versions::ALL.from(V3_4, 10))
        .default_is("300"),
];
