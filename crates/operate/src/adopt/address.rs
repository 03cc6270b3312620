//! The keys of `[[member]]` from which a member's lists of URLs follow.

use super::value::normal;
use bouquet_model::addresses::{Addresses, Advertise, CLIENT_PORT, Loopback, PEER_PORT, Urls};
use bouquet_model::option::find;
use bouquet_model::url::{Host, Scheme, Url};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A member's lists of URLs, as they were read.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) initial_advertise_peer: Vec<String>,
    pub(super) listen_peer: Vec<String>,
    pub(super) advertise_client: Vec<String>,
    pub(super) listen_client: Vec<String>,
}

/// Returns the addresses from which most of a member's URLs follow, with as few keys as that takes; `None` where nothing
/// tells its address. `ip` is what else is known of that.
pub(super) fn addresses(lists: &Lists, scheme: Scheme, ip: Option<IpAddr>) -> Option<Addresses> {
    let listened = urls(&lists.listen_peer).chain(urls(&lists.listen_client));
    // No member listens on more, and each is combined with each.
    let listened: Vec<Url> = listened.take(16).collect();
    let peer = urls(&lists.initial_advertise_peer).next();
    let client = urls(&lists.advertise_client).next();
    let specific = |urls: &[Url]| {
        let ips = urls.iter().filter_map(address);
        ips.clone().find(|ip| !ip.is_unspecified() && !ip.is_loopback())
    };
    let of_peer = peer.as_ref().and_then(address).filter(|ip| !ip.is_unspecified());
    let of_client = client.as_ref().and_then(address);
    let ip = of_peer
        .or(ip)
        .or_else(|| specific(&urls(&lists.listen_peer).collect::<Vec<_>>()))
        .or_else(|| of_client.filter(|ip| !ip.is_unspecified() && !ip.is_loopback()))
        .or_else(|| specific(&listened));
    let name = |url: Option<&Url>| match url.map(|url| &url.host) {
        Some(Host::Name(name)) if address(url?).is_none() => Some(name.clone()),
        _ => None,
    };
    let hostname = name(peer.as_ref());
    let advertise = if hostname.is_some() { Advertise::Hostname } else { Advertise::Ip };
    let usual = Addresses {
        ip,
        client_ip: of_client.filter(|other| Some(*other) != ip && !other.is_unspecified()),
        client_hostname: name(client.as_ref()).filter(|name| Some(name) != hostname.as_ref()),
        hostname,
        listen_ip: None,
        advertise,
        peer_port: peer.as_ref().map_or(PEER_PORT, |url| url.port),
        client_port: client.as_ref().map_or(CLIENT_PORT, |url| url.port),
        loopback: Loopback::Same,
    };
    usual.urls(scheme)?;
    let mut best = (usize::MAX, usual.clone());
    for candidate in candidates(&usual, &listened) {
        let Some(urls) = candidate.urls(scheme) else { continue };
        let differing = differing(lists, &urls);
        if differing < best.0 {
            best = (differing, candidate);
        }
    }
    Some(best.1)
}

/// Returns the ways to listen that are worth a try, those with fewer keys first.
fn candidates(usual: &Addresses, listened: &[Url]) -> Vec<Addresses> {
    let unspecified = [IpAddr::V4(Ipv4Addr::UNSPECIFIED), IpAddr::V6(Ipv6Addr::UNSPECIFIED)];
    let ips: BTreeSet<IpAddr> = listened.iter().filter_map(address).chain(unspecified).collect();
    let ports: BTreeSet<u16> = listened.iter().map(|url| url.port).collect();
    let mut loopbacks = vec![Loopback::Same, Loopback::None];
    loopbacks
        .extend(ports.into_iter().filter(|port| *port != usual.client_port).map(Loopback::Port));
    let mut client_ips = vec![usual.client_ip];
    client_ips.extend(
        ips.iter().filter(|ip| usual.ip != Some(**ip) && !ip.is_unspecified()).map(|ip| Some(*ip)),
    );
    client_ips.push(None);
    let mut all = Vec::new();
    for listen_ip in [None].into_iter().chain(ips.iter().map(|ip| Some(*ip))) {
        for client_ip in &client_ips {
            for loopback in &loopbacks {
                all.push(Addresses {
                    listen_ip: listen_ip.filter(|ip| Some(*ip) != usual.ip),
                    client_ip: *client_ip,
                    loopback: *loopback,
                    ..usual.clone()
                });
            }
        }
    }
    let keys = |it: &Addresses| {
        usize::from(it.listen_ip.is_some())
            + usize::from(it.client_ip.is_some())
            + usize::from(it.loopback != Loopback::Same)
    };
    all.sort_by_key(keys);
    all
}

/// Returns in how many URLs the lists differ.
fn differing(lists: &Lists, urls: &Urls) -> usize {
    let texts = |urls: &[Url]| urls.iter().map(ToString::to_string).collect::<Vec<_>>();
    let one = |url: &Url| texts(std::slice::from_ref(url));
    // Others dial what is advertised.
    4 * apart(&lists.initial_advertise_peer, &one(&urls.initial_advertise_peer))
        + 4 * apart(&lists.advertise_client, &one(&urls.advertise_client))
        + 2 * apart(&lists.listen_peer, &one(&urls.listen_peer))
        + apart(&lists.listen_client, &texts(&urls.listen_client))
}

/// Counts the addresses that are in one of the lists only. The scheme does not count: that an address gets TLS is
/// reported elsewhere.
fn apart(is: &[String], would_be: &[String]) -> usize {
    let option = find("listen-client-urls").expect("an option of etcd");
    let place = |text: &String| {
        let text = normal(option, text);
        text.split_once("://").map_or(text.clone(), |(_, place)| place.to_owned())
    };
    let set = |texts: &[String]| -> BTreeSet<String> { texts.iter().map(place).collect() };
    set(is).symmetric_difference(&set(would_be)).count()
}

fn urls(texts: &[String]) -> impl Iterator<Item = Url> + '_ {
    texts.iter().filter_map(|text| Url::parse(text).ok())
}

/// Returns the address of a URL; that of `localhost` is 127.0.0.1.
fn address(url: &Url) -> Option<IpAddr> {
    match &url.host {
        Host::Ip(ip) => Some(*ip),
        Host::Name(name) if name.as_str() == "localhost" => Some(Ipv4Addr::LOCALHOST.into()),
        Host::Name(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(peer: &str, listen_peer: &str, client: &str, listen_client: &str) -> Lists {
        let texts = |text: &str| text.split(' ').map(str::to_owned).collect();
        Lists {
            initial_advertise_peer: texts(peer),
            listen_peer: texts(listen_peer),
            advertise_client: texts(client),
            listen_client: texts(listen_client),
        }
    }

    fn plain(ip: &str) -> Addresses {
        Addresses {
            ip: ip.parse().ok(),
            hostname: None,
            listen_ip: None,
            client_ip: None,
            client_hostname: None,
            advertise: Advertise::Ip,
            peer_port: PEER_PORT,
            client_port: CLIENT_PORT,
            loopback: Loopback::Same,
        }
    }

    #[test]
    fn few_keys_say_what_lists_of_urls_say() {
        let ip = |text: &str| text.parse().ok();
        let cases = [
            (
                lists(
                    "https://10.0.0.1:2380",
                    "https://10.0.0.1:2380",
                    "https://10.0.0.1:2379",
                    "https://127.0.0.1:2379 https://10.0.0.1:2379",
                ),
                plain("10.0.0.1"),
            ),
            (
                lists(
                    "https://10.0.0.1:2380",
                    "https://0.0.0.0:2380",
                    "https://10.0.0.1:2379",
                    "https://0.0.0.0:2379",
                ),
                Addresses { listen_ip: ip("0.0.0.0"), ..plain("10.0.0.1") },
            ),
            (
                lists(
                    "https://10.0.0.1:1",
                    "https://10.0.0.1:1",
                    "https://10.9.0.1:2",
                    "https://10.9.0.1:2",
                ),
                Addresses {
                    client_ip: ip("10.9.0.1"),
                    peer_port: 1,
                    client_port: 2,
                    loopback: Loopback::None,
                    ..plain("10.0.0.1")
                },
            ),
            (
                lists(
                    "https://10.0.0.1:2380",
                    "https://10.0.0.1:2380",
                    "https://10.0.0.1:2379",
                    "https://10.0.0.1:2379 https://localhost:12379",
                ),
                Addresses { loopback: Loopback::Port(12379), ..plain("10.0.0.1") },
            ),
            (
                lists(
                    "https://203.0.113.9:2380",
                    "https://10.0.0.1:2380",
                    "https://203.0.113.9:2379",
                    "https://10.0.0.1:2379 https://127.0.0.1:2379",
                ),
                Addresses { listen_ip: ip("10.0.0.1"), ..plain("203.0.113.9") },
            ),
        ];
        for (lists, expected) in cases {
            assert_eq!(addresses(&lists, Scheme::Https, None), Some(expected), "{lists:?}");
        }
    }

    #[test]
    fn a_name_alone_will_do() {
        let by_name = lists(
            "https://a.b:2380",
            "https://0.0.0.0:2380",
            "https://a.b:2379",
            "https://0.0.0.0:2379",
        );
        let alone = addresses(&by_name, Scheme::Https, None).expect("addresses");
        assert_eq!((alone.ip, alone.listen_ip), (None, None));
        let told = addresses(&by_name, Scheme::Https, "10.0.0.1".parse().ok()).expect("addresses");
        assert_eq!(
            (told.advertise, told.hostname.expect("a name").as_str()),
            (Advertise::Hostname, "a.b")
        );
    }
}
