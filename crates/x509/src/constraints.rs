//! Name constraints (RFC 5280, section 4.2.1.10): what a CA may vouch for.
//!
//! They are read as Go reads them, which is what etcd goes by.

use bouquet_model::cluster::San;
use core::fmt;
use std::net::IpAddr;
use x509_parser::extensions::{GeneralName, GeneralSubtree as Subtree, NameConstraints};

/// The names that a CA's certificates may, and may not, have among their SANs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Constraints {
    /// The allowed names: of a kind that appears here, no others are allowed.
    pub permitted: Subtrees,
    /// The names that are not allowed, even where they are permitted.
    pub excluded: Subtrees,
}

/// The most that [`Constraints::size`] may be for a new CA. From 64 KiB on parsers refuse the whole
/// certificate.
pub const LARGEST: usize = 60 * 1024;

/// Names and addresses, each with what is below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subtrees {
    /// In lower case. `x.example` covers itself and what ends with `.x.example`, `.x.example` only
    /// the latter, and the empty name everything.
    pub domains: Vec<String>,
    /// None of them covers another where they were made by [`Constraints::permitting`].
    pub networks: Vec<Network>,
}

/// The addresses that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Network {
    pub(crate) ip: IpAddr,
    pub(crate) prefix: u8,
}

impl Constraints {
    /// Reads a CA certificate's extension.
    ///
    /// `None` where a verifier may refuse the CA for it: an address that is none, a mask with gaps,
    /// no constraint at all, or one of a kind that is not understood here. Constraints of URIs and
    /// mail addresses are passed over, since no certificate here has such names.
    pub(crate) fn parse(extension: &NameConstraints<'_>) -> Option<Self> {
        let NameConstraints { permitted_subtrees: permitted, excluded_subtrees: excluded } =
            extension;
        if permitted.is_none() && excluded.is_none() {
            return None;
        }
        let read = |subtrees: &Option<_>| Subtrees::parse(subtrees.as_deref().unwrap_or_default());
        Some(Self { permitted: read(permitted)?, excluded: read(excluded)? })
    }

    /// Returns the shortest that permit these SANs and what else is given: addresses one by one,
    /// names with all that is below them.
    ///
    /// Of `*.x.example` that is `x.example`: a verifier reads the asterisk of a constraint as a
    /// letter. Where there is no name at all, every name is permitted; so with addresses.
    pub fn permitting(sans: impl IntoIterator<Item = San>, also: Subtrees) -> Self {
        let Subtrees { mut domains, mut networks } = also;
        for san in sans {
            match san {
                San::Dns(name) => domains.push(name.strip_prefix("*.").unwrap_or(&name).to_owned()),
                San::Ip(ip) => networks.push(Network { ip, prefix: width(ip) }),
            }
        }
        for domain in &mut domains {
            domain.make_ascii_lowercase();
        }
        let permitted = Subtrees {
            domains: widest(domains, |wide, name| covers(wide, name)),
            networks: widest(networks, |wide, network| wide.covers(*network)),
        };
        Self { permitted, excluded: Subtrees::default() }
    }

    /// Returns how many bytes they take in a certificate, or some more.
    pub fn size(&self) -> usize {
        // Two headers for each subtree, of 4 bytes at most for names that are not absurdly long.
        let of = |subtrees: &Subtrees| {
            let names = subtrees.domains.iter().map(String::len);
            let networks =
                subtrees.networks.iter().map(|network| usize::from(width(network.ip)) / 4);
            names
                .chain(networks)
                .map(|length| length + if length < 120 { 4 } else { 8 })
                .sum::<usize>()
        };
        of(&self.permitted) + of(&self.excluded)
    }

    /// Tells whether they say anything of addresses. BoringSSL, and so gRPC for C++, Python, Ruby and
    /// PHP, refuses every certificate with an address under a CA that does.
    pub fn limit_addresses(&self) -> bool {
        !(self.permitted.networks.is_empty() && self.excluded.networks.is_empty())
    }

    /// Tells whether they say anything of names.
    pub fn limit_names(&self) -> bool {
        !(self.permitted.domains.is_empty() && self.excluded.domains.is_empty())
    }

    /// Tells whether a certificate with that SAN is accepted.
    pub fn allows(&self, san: &San) -> bool {
        let Self { permitted, excluded } = self;
        match san {
            San::Ip(ip) => {
                let within = |networks: &[Network]| networks.iter().any(|n| n.contains(*ip));
                (permitted.networks.is_empty() || within(&permitted.networks))
                    && !within(&excluded.networks)
            }
            San::Dns(name) => {
                let name = name.to_ascii_lowercase();
                let within =
                    |domains: &[String]| domains.iter().any(|domain| covers(domain, &name));
                // `*.x.example` may stand for `a.x.example`, which may be what is excluded.
                let parent = name.strip_prefix("*.");
                let may_be = |domain: &String| {
                    parent.is_some() && domain.split_once('.').map(|(_, parent)| parent) == parent
                };
                is_domain(&name)
                    && (permitted.domains.is_empty() || within(&permitted.domains))
                    && !within(&excluded.domains)
                    && !excluded.domains.iter().any(may_be)
            }
        }
    }

    /// Tells whether all is permitted that those others permit.
    pub fn permit_all_of(&self, others: &Self) -> bool {
        let Subtrees { domains, networks } = &self.permitted;
        let has_domain = |name: &String| domains.iter().any(|domain| covers(domain, name));
        let has_network = |other: &Network| networks.iter().any(|network| network.covers(*other));
        (domains.is_empty() || others.permitted.domains.iter().all(has_domain))
            && (networks.is_empty() || others.permitted.networks.iter().all(has_network))
    }
}

impl Subtrees {
    fn parse(extension: &[Subtree<'_>]) -> Option<Self> {
        let mut subtrees = Self::default();
        for subtree in extension {
            match subtree.base {
                GeneralName::DNSName(name) => {
                    let domain = name.strip_prefix('.').unwrap_or(name);
                    if !name.is_empty() && !is_domain(domain) {
                        return None;
                    }
                    subtrees.domains.push(name.to_ascii_lowercase());
                }
                GeneralName::IPAddress(bytes) => subtrees.networks.push(Network::parse(bytes)?),
                GeneralName::URI(_) | GeneralName::RFC822Name(_) => {}
                _ => return None,
            }
        }
        Some(subtrees)
    }
}

impl Network {
    /// Returns the network of an address; `None` where it has fewer bits than the prefix.
    pub fn new(ip: IpAddr, prefix: u8) -> Option<Self> {
        (prefix <= width(ip)).then(|| Self { ip: masked(ip, prefix), prefix })
    }

    /// Tells whether an address is in it.
    pub fn contains(self, ip: IpAddr) -> bool {
        // Go takes an address such as `::ffff:10.0.0.1` for the IPv4 one, whatever its length.
        let is_mapped = |ip| matches!(ip, IpAddr::V6(ip) if ip.to_ipv4_mapped().is_some());
        self.ip.is_ipv4() == ip.is_ipv4()
            && is_mapped(self.ip) == is_mapped(ip)
            && masked(ip, self.prefix) == self.ip
    }

    /// Tells whether another network is part of it.
    fn covers(self, other: Self) -> bool {
        self.prefix <= other.prefix && self.contains(other.ip)
    }

    /// Returns an address and a mask of the same length.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let (ip, mask) = bytes.split_at_checked(bytes.len() / 2)?;
        let (ip, mask) = (address(ip)?, bits(address(mask)?));
        let prefix = u8::try_from(mask.leading_ones()).ok()?;
        let network = Self::new(ip, prefix)?;
        (mask.count_ones() == mask.leading_ones()).then_some(network)
    }
}

/// Tells whether OpenSSL takes a common name for a host's, and so holds it to the constraints of names,
/// in a certificate without DNS names (`crypto/x509/v3_ncons.c`, `cn2dnsid`): two labels and more of
/// letters, digits, `-` and `_`, digits alone too.
pub fn is_host_to_openssl(common_name: &str) -> bool {
    let is_label = |label: &str| {
        let known = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        !label.is_empty()
            && label.bytes().all(known)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    common_name.contains('.') && common_name.split('.').all(is_label)
}

/// Tells whether a constraint covers a name, both in lower case.
fn covers(constraint: &str, name: &str) -> bool {
    let below = |rest: &str| constraint.starts_with('.') || rest.ends_with('.');
    constraint.is_empty() || name == constraint || name.strip_suffix(constraint).is_some_and(below)
}

/// Tells whether each label is printable ASCII and there; Go refuses others.
fn is_domain(name: &str) -> bool {
    name.split('.').all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_graphic()))
}

/// Sorts them, without those that another covers.
fn widest<T: Ord>(mut all: Vec<T>, covers: impl Fn(&T, &T) -> bool) -> Vec<T> {
    all.sort_unstable();
    all.dedup();
    let covered: Vec<bool> =
        all.iter().map(|one| all.iter().any(|other| other != one && covers(other, one))).collect();
    let mut covered = covered.into_iter();
    all.retain(|_| !covered.next().unwrap_or_default());
    all
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ip, prefix } = self;
        if *prefix == width(*ip) { write!(f, "{ip}") } else { write!(f, "{ip}/{prefix}") }
    }
}

/// What a CA that has them can vouch for, as the rest of a sentence; only what is permitted.
impl fmt::Display for Constraints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Subtrees { domains, networks } = &self.permitted;
        match (domains.is_empty(), networks.is_empty()) {
            (true, true) => f.write_str("every name and address"),
            (false, true) => write!(f, "names in {}, and every address", some(domains)),
            (true, false) => write!(f, "addresses in {}, and every name", some(networks)),
            (false, false) => {
                write!(f, "names in {} and addresses in {}", some(domains), some(networks))
            }
        }
    }
}

/// Returns the first of them, and how many there are besides.
fn some<T: fmt::Display>(all: &[T]) -> String {
    const SHOWN: usize = 8;
    let text = all.iter().take(SHOWN).map(T::to_string).collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(SHOWN) {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}

pub(crate) fn address(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

fn width(ip: IpAddr) -> u8 {
    if ip.is_ipv4() { 32 } else { 128 }
}

/// Returns an address's bits from the highest on.
fn bits(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => u128::from(ip.to_bits()) << 96,
        IpAddr::V6(ip) => ip.to_bits(),
    }
}

fn masked(ip: IpAddr, prefix: u8) -> IpAddr {
    let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
    let bytes = (bits(ip) & mask).to_be_bytes();
    match ip {
        IpAddr::V4(_) => IpAddr::from([bytes[0], bytes[1], bytes[2], bytes[3]]),
        IpAddr::V6(_) => IpAddr::from(bytes),
    }
}

#[cfg(test)]
mod tests;
