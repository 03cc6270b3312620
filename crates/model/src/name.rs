//! Names that are proven once and then travel as types.
//!
//! Each name ends up in several places at once — an etcd option, a folder under `out/`, a
//! certificate's common name, a shell word — so its alphabet is what all of them carry unchanged.

use crate::diagnostic::visible;
use crate::punycode;
use core::fmt;
use std::borrow::Cow;

/// The longest common name that X.509 allows (RFC 5280, appendix A.1, `ub-common-name`).
const LONGEST: usize = 64;

/// A text that is not a name; written to be shown to the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameError {
    message: String,
    help: Cow<'static, str>,
}

impl NameError {
    /// Returns the change that would make it one.
    pub fn help(&self) -> &str {
        &self.help
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for NameError {}

macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(Cow<'static, str>);

        impl $type {
            /// Accepts letters, digits, `.`, `_` and `-`, beginning with a letter or a digit, at
            /// most 64 of them.
            ///
            /// # Errors
            /// Names the first character that does not fit, or the length.
            pub fn parse(text: &str) -> Result<Self, NameError> {
                check_name($what, text).map(|()| Self(Cow::Owned(text.to_owned())))
            }

            /// Returns the same for generated code: a text that is not a name does not compile.
            ///
            /// # Panics
            /// In a constant's evaluation only, where `parse` would have refused the text.
            pub const fn from_static(text: &'static str) -> Self {
                assert!(is_name(text), "not a name");
                Self(Cow::Borrowed(text))
            }

            /// Returns the name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Returns the constant that generated code has for it: `KUBE_APISERVER` for
            /// `kube-apiserver`, `_10` for `10`. Names that differ in `.`, `_`, `-` and in case
            /// alone have the same.
            pub fn constant(&self) -> String {
                constant(&self.0)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

name! {
    /// An etcd member's `--name`: a key of `--initial-cluster`, which is split on `=` and `,`.
    MemberName, "member"
}

name! {
    /// A client's name: the common name of its certificate, and so etcd's user where
    /// authentication is on.
    ClientName, "client"
}

/// A DNS name of one host, without a wildcard and without a trailing dot (RFC 1123, section 2.1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostName(Cow<'static, str>);

impl HostName {
    /// Accepts labels of letters, digits and `-`, at most 63 each and 253 in all. A name made of
    /// digits and dots alone is refused: it is a mistyped address.
    ///
    /// # Errors
    /// Says which label does not fit, and why.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        check_host_name(text).map(|()| Self(Cow::Owned(text.to_owned())))
    }

    /// Returns the same for generated code, which writes only names that `parse` accepted.
    pub const fn from_static(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns `true` for a name by which every machine means itself: `localhost`, what is below it
    /// (RFC 6761, section 6.3; systemd-resolved(8) for `.localhost.localdomain`), and those that
    /// `/etc/hosts` has for the loopback on Debian (`ip6-…`), SUSE (`ipv6-…`) and Red Hat (`localhost4`
    /// and so on).
    pub fn is_loopback(&self) -> bool {
        let name = self.0.to_ascii_lowercase();
        let below = [".localhost", ".localhost.localdomain"];
        LOOPBACK.contains(&name.as_str()) || below.iter().any(|end| name.ends_with(end))
    }
}

/// In lower case.
const LOOPBACK: [&str; 10] = [
    "localhost",
    "localhost.localdomain",
    "localhost4",
    "localhost4.localdomain4",
    "localhost6",
    "localhost6.localdomain6",
    "ip6-localhost",
    "ip6-loopback",
    "ipv6-localhost",
    "ipv6-loopback",
];

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

const fn is_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.is_empty() || bytes.len() > LONGEST || !bytes[0].is_ascii_alphanumeric() {
        return false;
    }
    let mut i = 0;
    while i < bytes.len() {
        if !bytes[i].is_ascii_alphanumeric() && !matches!(bytes[i], b'.' | b'_' | b'-') {
            return false;
        }
        i += 1;
    }
    true
}

fn constant(name: &str) -> String {
    let letter = |c: char| if matches!(c, '.' | '-') { '_' } else { c.to_ascii_uppercase() };
    // No name begins with `_`, so this one is nobody else's.
    let mark = name.starts_with(|c: char| c.is_ascii_digit()).then_some('_');
    mark.into_iter().chain(name.chars().map(letter)).collect()
}

fn check_name(what: &str, text: &str) -> Result<(), NameError> {
    if is_name(text) {
        return Ok(());
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let (message, help) = match text.chars().find(|c| !fits(*c)) {
        None if text.is_empty() => {
            (format!("a {what} name must not be empty"), "give it a name, such as `orange`")
        }
        None if text.len() > LONGEST => (
            format!("a {what} name has at most {LONGEST} characters, this one has {}", text.len()),
            "it becomes the common name of a certificate, which is not longer (RFC 5280)",
        ),
        None => (
            format!("a {what} name begins with a letter or a digit"),
            "put a letter or a digit first",
        ),
        Some(c @ ('=' | ',')) => (
            format!("a {what} name cannot contain `{c}`"),
            "etcd splits --initial-cluster on `=` and `,`; use letters, digits, `.`, `_` and `-`",
        ),
        Some(c) => (
            format!("a {what} name cannot contain `{}`", visible(&c.to_string())),
            "it names a folder, a certificate and a word on a command line; use letters, digits, \
             `.`, `_` and `-`",
        ),
    };
    Err(NameError { message, help: Cow::Borrowed(help) })
}

fn check_host_name(text: &str) -> Result<(), NameError> {
    let error = |message: String, help| Err(NameError { message, help: Cow::Borrowed(help) });
    let shown = text.escape_debug();
    if text.is_empty() {
        return error("a host name must not be empty".into(), "leave the key out instead");
    }
    if text.contains('*') {
        return error(
            format!("`{shown}` is a wildcard, not the name of one host"),
            "wildcards go into `extra-sans`, or `common-name` of the shared certificate",
        );
    }
    if text.ends_with('.') {
        return error(
            format!("`{shown}` ends with a dot"),
            "certificates carry names without the trailing dot; leave it out",
        );
    }
    if text.len() > 253 {
        return error(
            format!("a host name has at most 253 characters, this one has {}", text.len()),
            "see RFC 1035, section 2.3.4",
        );
    }
    if text.contains("://") {
        return error(
            format!("`{shown}` is a URL"),
            "write the host name alone; the scheme and the ports are derived",
        );
    }
    // What `inet_aton` reads, `0x7f.1` too: the C library dials that, and asks no DNS.
    if text.split('.').all(|part| part.is_empty() || is_number(part)) || text.contains(':') {
        return error(
            format!("`{shown}` is not a host name"),
            "it looks like an address; addresses go into `ip`",
        );
    }
    if let Some(ascii) = punycode::to_ascii(text).filter(|ascii| check_host_name(ascii).is_ok()) {
        return Err(NameError {
            message: format!("`{shown}` is not in ASCII, as DNS and certificates have names"),
            help: Cow::Owned(format!("write `{ascii}`")),
        });
    }
    match text.split('.').find(|label| !is_label(label)) {
        None => Ok(()),
        // Go and OpenSSL would take it; Java and the rules for certificates (RFC 5280, section 4.2.1.6) do
        // not.
        Some(label) if is_label(&label.replace('_', "-")) => error(
            format!("`{}` is not a part of a host name: it has a `_`", label.escape_debug()),
            "RFC 1123 has none, and not all clients dial one; write `-`, in DNS too, or use the address",
        ),
        Some("") => error(
            format!("`{shown}` has an empty label"),
            "two dots follow each other, or it begins with one",
        ),
        Some(label) => error(
            format!("`{}` is not a part of a host name", label.escape_debug()),
            "each part has 1 to 63 letters, digits or `-`, and neither begins nor ends with `-`",
        ),
    }
}

fn is_number(part: &str) -> bool {
    let hexadecimal = part.strip_prefix("0x").or_else(|| part.strip_prefix("0X"));
    match hexadecimal {
        Some(digits) => digits.bytes().all(|b| b.is_ascii_hexdigit()),
        None => part.bytes().all(|b| b.is_ascii_digit()),
    }
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_initial_cluster_would_split_are_refused() {
        for text in ["a=b", "a,b"] {
            let error = MemberName::parse(text).unwrap_err();
            assert!(error.help().contains("--initial-cluster"), "{error}");
        }
    }

    #[test]
    fn names_that_a_shell_or_a_path_would_read_are_refused() {
        for text in ["", "../x", "-rf", "$(id)", "a b", "a\nb", "é", "a'b", "a\"b", ".hidden"] {
            assert!(MemberName::parse(text).is_err(), "{text:?}");
            assert!(ClientName::parse(text).is_err(), "{text:?}");
        }
        assert!(MemberName::parse(&"x".repeat(65)).is_err());
    }

    #[test]
    fn ordinary_names_are_accepted() {
        for text in ["orange", "etcd-0", "10", "node_1.example", &"x".repeat(64)] {
            assert_eq!(MemberName::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn a_name_is_a_constant_in_generated_code() {
        for (name, constant) in [
            ("orange", "ORANGE"),
            ("kube-apiserver", "KUBE_APISERVER"),
            ("node_1.example", "NODE_1_EXAMPLE"),
            ("10", "_10"),
            ("self", "SELF"),
        ] {
            assert_eq!(MemberName::parse(name).unwrap().constant(), constant);
        }
    }

    #[test]
    fn names_of_the_loopback_are_known_in_any_case() {
        let is_loopback = |text: &str| HostName::parse(text).unwrap().is_loopback();
        for text in LOOPBACK.into_iter().chain([
            "a.localhost",
            "LocalHost",
            "A.b.LOCALHOST",
            "a.localhost.localdomain",
        ]) {
            assert!(is_loopback(text), "{text}");
        }
        for text in ["alocalhost", "localhost.zyxasr.io", "node1.localdomain", "localhost5"] {
            assert!(!is_loopback(text), "{text}");
        }
    }

    #[test]
    fn what_the_c_library_reads_as_an_address_is_no_host_name() {
        for text in ["10.0.0.1", "127.1", "0x7f.1", "0X7F000001", "010.0.0.1", "::1"] {
            assert!(HostName::parse(text).unwrap_err().help().contains("an address"), "{text}");
        }
        for text in ["0x7g.1", "x7f", "10.example", "1.2.3.a"] {
            assert!(HostName::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_host_name_beyond_ascii_is_answered_with_its_form_in_ascii() {
        let error = HostName::parse("bücher.de").unwrap_err();
        assert_eq!(error.help(), "write `xn--bcher-kva.de`");
        assert!(HostName::parse("xn--bcher-kva.de").is_ok());
        let long = format!("{}.de", "ü".repeat(64));
        assert!(!HostName::parse(&long).unwrap_err().help().contains("xn--"));
    }

    #[test]
    fn a_host_name_with_an_underscore_is_answered_with_a_dash() {
        let error = HostName::parse("etcd_1.example").unwrap_err();
        assert!(error.help().contains("write `-`"), "{error}");
    }

    #[test]
    fn host_names_follow_rfc_1123() {
        for text in ["orange.zyxasr.io", "3com.com", "localhost", "a-b.c"] {
            assert!(HostName::parse(text).is_ok(), "{text}");
        }
        for text in ["", "*.a", "a.", "a..b", "-a", "a_b", "10.0.0.300", "fd00::1", "a b"] {
            assert!(HostName::parse(text).is_err(), "{text}");
        }
    }
}
