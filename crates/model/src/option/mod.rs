//! Every option of etcd 3.4 to 3.7: the one table that flags, environment,
//! YAML and the spec all follow, so that they cannot disagree.
//!
//! [`OPTIONS`] is in the order in which a command reads best: who the member is
//! and where it is found, then its TLS files, then the rest in the order of
//! `etcd --help`. Renderers emit options in this order.
//!
//! ```
//! use bouquet_model::option::{Raw, find};
//! use bouquet_model::version::EtcdVersion;
//!
//! let version = EtcdVersion::parse("3.5")?;
//! let option = find("grpc-keepalive-interval").expect("an option of etcd");
//! let value = option.accept(Raw::Str("90s"), version)?;
//! assert_eq!(value.flag_text(), "1m30s");
//!
//! let refused = option.accept(Raw::Int(90), version).unwrap_err();
//! assert_eq!(refused.to_string(), "`grpc-keepalive-interval` takes a duration, not an integer");
//! assert_eq!(refused.help, ["write `grpc-keepalive-interval = \"90s\"`"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod amount;
mod availability;
mod check;
mod doubt;
mod duration;
mod etcd_option;
mod kind;
mod limits;
mod log_path;
mod lookup;
mod retention;
mod row;
mod size;
mod table;
mod value;
mod versions;
mod yaml;
mod yaml_defaults;

pub use availability::Availability;
pub use check::Raw;
pub use duration::{DurationError, GoDuration};
pub use etcd_option::{EtcdOption, Group, OnChange, Origin, Successor};
pub use kind::{GATES, Item, Kind, Word};
pub use limits::Limits;
pub use log_path::misread_log_path;
pub(crate) use lookup::place;
pub use lookup::{find, names};
pub use retention::Retention;
pub use size::quota;
pub use table::OPTIONS;
pub use value::Value;
pub(crate) use value::yaml_string;
pub use versions::Versions;
pub use yaml::{Yaml, YamlForm};
pub use yaml_defaults::yaml_defaults;
