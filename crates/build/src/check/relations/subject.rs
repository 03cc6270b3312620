//! What every rule looks at: the cluster, and where the spec says it.

use crate::diagnostic::Span;
use crate::issuing::Limits;
use crate::spec::Spec;
use bouquet_model::certificate::{Kind, Wanted};
use bouquet_model::cluster::{Cluster, Member};
use bouquet_model::option::Value;
use bouquet_model::places::{Place, Usage};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

/// The cluster, and the spec that it was read from.
pub(super) struct Subject<'a> {
    pub(super) spec: &'a Spec,
    pub(super) cluster: &'a Cluster,
    /// What a new CA is limited to.
    pub(super) limits: Limits,
}

/// A member with its place in the spec: `cluster.members[i]` was read from `spec.members[i]`.
#[derive(Clone, Copy)]
pub(super) struct Placed<'a> {
    pub(super) index: usize,
    pub(super) member: &'a Member,
}

/// The identity of a machine: the name or address by which others know it, and the address behind that where it is
/// translated.
pub(super) type Machine<'a> = (Known<'a>, Option<IpAddr>);

/// Names what others know a machine by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Known<'a> {
    Ip(IpAddr),
    Name(&'a str),
}

/// Pairs of members, in the order of the spec, of which nothing more has to be said.
pub(super) type Said = BTreeSet<(usize, usize)>;

impl<'a> Subject<'a> {
    /// Tells whether no option was refused.
    pub(super) fn has_every_option(&self) -> bool {
        self.members().all(|placed| {
            let written = self.spec.etcd.entries.iter();
            let written = written.chain(&self.spec.members[placed.index].etcd.entries);
            written
                .map(|entry| entry.name.value.as_str())
                .all(|o| placed.member.option(o).is_some())
        })
    }

    pub(super) fn members(&self) -> impl Iterator<Item = Placed<'a>> + use<'a> {
        self.cluster.members.iter().enumerate().map(|(index, member)| Placed { index, member })
    }

    pub(super) fn name_span(&self, placed: Placed<'_>) -> Span {
        self.spec.members[placed.index].name.span
    }

    /// Returns where it is said at which address others reach it, or else by which name.
    pub(super) fn ip_span(&self, placed: Placed<'_>) -> Span {
        let written = &self.spec.members[placed.index];
        let written = written.ip.as_ref().or(written.hostname.as_ref()).unwrap_or(&written.name);
        written.span
    }

    /// Returns where a member's option was written: in its own `[member.etcd]`, or in `[etcd]`.
    pub(super) fn option_span(&self, placed: Placed<'_>, option: &str) -> Span {
        let own = self.spec.members[placed.index].etcd.find(option);
        let entry = own.or_else(|| self.spec.etcd.find(option));
        entry.map_or_else(|| self.name_span(placed), |entry| entry.value.span)
    }

    /// Tells whether members are started by a unit, and so by the account `etcd`.
    pub(super) fn has_unit(&self) -> bool {
        self.cluster.formats.contains(&"systemd")
    }

    /// Returns the account that etcd runs under.
    pub(super) fn account(&self) -> &'a str {
        &self.cluster.systemd.user
    }

    /// Returns where the spec names a member's place, or else the member.
    pub(super) fn place_span(&self, placed: Placed<'_>, place: &Place) -> Span {
        let certs_dir = self.spec.tls.certs_dir.as_ref();
        let written = certs_dir.filter(|_| place.usage == Usage::Certificates);
        written.map_or_else(
            || self.item_span(placed, place.option, &place.written),
            |folder| folder.span,
        )
    }

    /// Returns where an item of a list was written; where it is the option's only value, that.
    pub(super) fn item_span(&self, placed: Placed<'_>, option: &str, item: &str) -> Span {
        let own = self.spec.members[placed.index].etcd.find(option);
        let entry = own.or_else(|| self.spec.etcd.find(option));
        let place = entry.and_then(|entry| {
            let items = entry.value.value.as_array()?;
            let at = items.iter().position(|other| other.as_str() == Some(item))?;
            Some(entry.item(at))
        });
        place.unwrap_or_else(|| self.option_span(placed, option))
    }

    /// Returns the place of what has members check a list of revoked certificates.
    pub(super) fn crl_span(&self) -> Span {
        let written = self.spec.ca.crl.as_ref().map(|crl| crl.span);
        let revoked = self.spec.revoked.first().map(|revoked| revoked.span);
        written.or(revoked).unwrap_or(self.spec.cluster.span)
    }

    /// Returns members whose value of an option was written at different places: one for all that inherit it, and
    /// one for each that overrides it. So a wrong value under `[etcd]` is reported once.
    pub(super) fn writers(&self, option: &str) -> Vec<Placed<'a>> {
        let mut spans = BTreeSet::new();
        let has = |placed: &Placed<'_>| placed.member.option(option).is_some();
        let first = |placed: &Placed<'_>| spans.insert(self.option_span(*placed, option));
        self.members().filter(has).filter(first).collect()
    }

    /// Returns the members that rules on several options at once are run for, each distinct set of options
    /// once.
    pub(super) fn distinct(&self) -> Vec<Placed<'a>> {
        let mut chosen: Vec<Placed<'a>> = Vec::new();
        for placed in self.members() {
            if chosen.iter().all(|other| other.member.options != placed.member.options) {
                chosen.push(placed);
            }
        }
        chosen
    }
}

impl<'a> Placed<'a> {
    /// Returns the machine it runs on, as far as the spec tells. One address may stand for several behind a
    /// translation, if members listen on different ones.
    pub(super) fn machine(self) -> Machine<'a> {
        let Member { ip, listen_ip, hostname, .. } = self.member;
        if self.member.is_local() {
            // Every loopback address is this machine's.
            return (Known::Ip(Ipv4Addr::LOCALHOST.into()), None);
        }
        let name = hostname.as_ref().map_or("", |name| name.as_str());
        let elsewhere = !listen_ip.is_unspecified() && !listen_ip.is_loopback();
        let behind = Some(*listen_ip).filter(|behind| elsewhere && Some(*behind) != *ip);
        (ip.map_or(Known::Name(name), Known::Ip), behind)
    }

    /// Returns the certificate of a kind that it shows.
    pub(super) fn presented(self, all: &[Wanted], kind: Kind) -> Option<&Wanted> {
        let name = self.member.name.as_str();
        all.iter().find(|w| {
            let owned = w.owner.as_deref().is_none_or(|owner| owner == name);
            owned && (w.kind == kind || w.kind == Kind::ServerAndPeer)
        })
    }

    pub(super) fn flag(self, option: &str) -> Option<bool> {
        match self.member.option(option) {
            Some(Value::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn int(self, option: &str) -> Option<i64> {
        match self.member.option(option) {
            Some(Value::Int(value)) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn text(self, option: &str) -> Option<String> {
        match self.member.option(option) {
            Some(Value::Text(value)) => Some(value.to_string()),
            Some(Value::Path(path)) => Some(path.to_string()),
            _ => None,
        }
    }

    pub(super) fn list(self, option: &str) -> Vec<Cow<'static, str>> {
        match self.member.option(option) {
            Some(Value::List(values)) => values.to_vec(),
            Some(Value::Text(value)) => vec![value.clone()],
            _ => Vec::new(),
        }
    }
}
