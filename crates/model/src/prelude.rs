//! All that generated constants are made of, under one name: `use bouquet_model::prelude::*`.

pub use crate::certificate::{Certificate, Kind};
pub use crate::cluster::{
    Client, Cluster, ClusterId, KeyKind, Layout, Member, MemberId, Renew, San, Setting, State, Tls,
};
pub use crate::digest::Digest;
pub use crate::include::nth;
pub use crate::name::{ClientName, HostName, MemberName};
pub use crate::node_path::NodePath;
pub use crate::option::{GoDuration, Value};
pub use crate::program::Program;
pub use crate::systemd::Systemd;
pub use crate::trust::Trust;
pub use crate::url::{Host, Scheme, Url, v4, v6};
pub use crate::version::{EtcdVersion, Minor};
pub use core::time::Duration;
pub use std::borrow::Cow::Borrowed;
