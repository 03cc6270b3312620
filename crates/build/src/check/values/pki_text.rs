//! What a single value of `[ca]`, `[[authority]]` and `[[revoked]]` may be.

use super::text::printable;
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::issuing::Permit;
use crate::spec::Spanned;
use bouquet_model::name::HostName;
use bouquet_model::time::Date;
use data_encoding::HEXLOWER_PERMISSIVE;
use std::net::IpAddr;

/// Returns a SHA-256 as this program, openssl and browsers show it: hexadecimal digits, perhaps in pairs
/// that colons divide.
pub(super) fn fingerprint(written: &Spanned<String>, found: &mut Diagnostics) -> Option<[u8; 32]> {
    let digits = written.value.strip_prefix("sha256:").unwrap_or(&written.value).replace(':', "");
    let bytes = HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok();
    let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    if bytes.is_none() {
        let message = format!("{} is not the fingerprint of a certificate", quoted(&written.value));
        found.push(
            Diagnostic::error(message)
                .at(written.span, "")
                .help("write `sha256:` and 64 hexadecimal digits, as `cargo run -- certs --wide` shows them")
                .help("`openssl x509 -noout -fingerprint -sha256 -in ca.crt` prints it too"),
        );
    }
    bytes
}

/// Returns a network or a domain.
pub(super) fn permit(written: &Spanned<String>, found: &mut Diagnostics) -> Option<Permit> {
    let text = &written.value;
    let mut error = |message: String, help: &str| {
        found.push(Diagnostic::error(message).at(written.span, "").help(help));
    };
    let shown = quoted(text);
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text.as_str(), None),
    };
    let Ok(address) = address.parse::<IpAddr>() else {
        let name = text.strip_prefix("*.").or_else(|| text.strip_prefix('.')).unwrap_or(text);
        let Err(why) = HostName::parse(name) else {
            return Some(Permit::Domain(name.to_ascii_lowercase()));
        };
        let help = if name.is_ascii() {
            "write a network such as `192.168.65.0/24`, or a domain such as `zyxasr.io`"
        } else {
            why.help()
        };
        error(format!("{shown} is neither a network nor a domain"), help);
        return None;
    };
    if let IpAddr::V6(v6) = address
        && v6.to_ipv4_mapped().is_some()
    {
        error(
            format!("{shown} is an IPv4 network in IPv6 form"),
            "write it as IPv4, such as `192.168.65.0/24`: no certificate has the other form",
        );
        return None;
    }
    let (bits, most): (u128, u8) = match address {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()) << 96, 32),
        IpAddr::V6(v6) => (v6.to_bits(), 128),
    };
    let Some(length) = length.map_or(Some(most), |l| l.parse().ok()).filter(|l| *l <= most) else {
        let help = format!("the length of its prefix is a number from 0 to {most}");
        error(format!("{shown} is not a network"), &help);
        return None;
    };
    if bits.checked_shl(u32::from(length)).unwrap_or(0) != 0 {
        error(
            format!("{shown} has bits set beyond its prefix of {length}"),
            "write the network's first address: a mistake here would open or close the wrong one",
        );
        return None;
    }
    Some(Permit::Network(address, length))
}

/// Returns the path of a file, wherever it starts.
pub(super) fn path(
    written: &Spanned<String>,
    key: &str,
    found: &mut Diagnostics,
) -> Option<String> {
    if written.value.is_empty() {
        let help = "write the path of a file, from the folder of cluster.toml on";
        let message = format!("`{key}` is empty");
        found.push(Diagnostic::error(message).at(written.span, "").help(help));
        return None;
    }
    printable(written, key, found)
}

/// Returns the name of an environment variable (POSIX, Base Definitions, section 8.1).
pub(super) fn variable(
    written: &Spanned<String>,
    key: &str,
    found: &mut Diagnostics,
) -> Option<String> {
    let name = &written.value;
    let known = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(known) || name.starts_with(|c: char| c.is_ascii_digit())
    {
        let message = format!("{} is not the name of an environment variable", quoted(name));
        let help = format!("`{key}` takes the name alone, such as `ETCD_CA`, not its value");
        found.push(Diagnostic::error(message).at(written.span, "").help(help));
        return None;
    }
    Some(name.clone())
}

pub(super) fn date(written: &Spanned<String>, found: &mut Diagnostics) -> Option<Date> {
    let date = Date::parse(&written.value);
    if date.is_none() {
        let message = format!("{} is not a day", quoted(&written.value));
        let help = "write the year, the month and the day, such as `\"2026-11-22\"`";
        found.push(Diagnostic::error(message).at(written.span, "").help(help));
    }
    date
}

/// Returns a serial number as openssl, browsers and this program show it: hexadecimal digits, perhaps in
/// pairs that colons divide.
pub(super) fn serial(written: &Spanned<String>, found: &mut Diagnostics) -> Option<String> {
    let digits = written.value.replace(':', "").to_ascii_lowercase();
    let digits = digits.strip_prefix("0x").unwrap_or(&digits).trim_start_matches('0');
    // RFC 5280, section 4.1.2.2: at most 20 octets.
    let known = (1..=40).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    if !known {
        let message =
            format!("{} is not the serial number of a certificate", quoted(&written.value));
        let help = "write up to 40 hexadecimal digits, as `cargo run -- certs --wide` shows them";
        found.push(Diagnostic::error(message).at(written.span, "").help(help));
        return None;
    }
    // Whole bytes, as they stand in a certificate.
    Some(if digits.len() % 2 == 1 { format!("0{digits}") } else { digits.to_owned() })
}
