//! etcd's options.

use std::borrow::Cow;

/// The value of an option.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(Cow<'static, str>),
}
