//! A block of loopback addresses and ports for one cluster, and an example moved into it.

use std::net::{IpAddr, Ipv4Addr, TcpListener};
use toml_edit::{DocumentMut, Item, Table, Value, value};

/// The addresses 127.N.0.0 to 127.N.255.255 and 50 ports of `::1`, taken while this lives.
///
/// Tests run side by side, and possibly several runs of them on one machine: anyone who holds the
/// listener has the block.
#[derive(Debug)]
pub(crate) struct Block {
    number: u8,
    _held: TcpListener,
}

impl Block {
    /// A block that nobody has.
    pub(crate) fn claim() -> Self {
        let claim = |number| {
            let held = TcpListener::bind((Ipv4Addr::new(127, number, 255, 254), 2378)).ok()?;
            Some(Self { number, _held: held })
        };
        (1..=254).find_map(claim).expect("a free block of loopback addresses")
    }

    /// The address that stands for another one.
    pub(crate) fn address(&self, ip: Ipv4Addr) -> Ipv4Addr {
        let [_, b, c, d] = ip.octets();
        Ipv4Addr::new(127, self.number, if c == 0 { b } else { c }, d)
    }

    /// Below the ports that the system hands out.
    fn port(&self, index: usize) -> u16 {
        let port = 20_000 + usize::from(self.number) * 50 + index;
        u16::try_from(port).expect("at most 50 ports")
    }

    /// The spec with each address replaced by one of this block, for one release of etcd.
    pub(crate) fn relocate(&self, spec: &str, version: &str) -> String {
        let mut spec: DocumentMut = spec.parse().expect("an example is TOML");
        spec["cluster"]["etcd"] = value(version);
        let folders = folders(&spec);
        let members = spec["member"].as_array_of_tables_mut().expect("members");
        for (i, member) in members.iter_mut().enumerate() {
            for key in ["ip", "listen-ip", "client-ip"] {
                self.relocate_address(member, key);
            }
            if !member.contains_key("ip") {
                // Its name leads to where it listens.
                member["listen-ip"] = value(format!("127.{}.0.{}", self.number, i + 1));
            }
            for (key, index) in [("peer-port", 2 * i), ("client-port", 2 * i + 1)] {
                if member.contains_key(key) {
                    member[key] = value(i64::from(self.port(index)));
                }
            }
            own_folders(member, &folders);
            if let Some(urls) = metrics_urls(member) {
                for url in urls.iter_mut() {
                    let text = url.as_str().expect("a URL");
                    let here = format!("127.{}.0.{}", self.number, i + 1);
                    *url = text.replace("127.0.0.1", &here).into();
                }
            }
        }
        spec.to_string()
    }

    fn relocate_address(&self, member: &mut Table, key: &str) {
        let ip = member.get(key).and_then(Item::as_str).map(str::parse);
        if let Some(Ok(IpAddr::V4(ip))) = ip {
            member[key] = value(self.address(ip).to_string());
        }
    }
}

/// The folders that all members have by one name.
fn folders(spec: &DocumentMut) -> Vec<(&'static str, String)> {
    let folder = |key| Some((key, spec.get("etcd")?.get(key)?.as_str()?.to_owned()));
    ["data-dir", "wal-dir"].into_iter().filter_map(folder).collect()
}

/// On a loopback address all members are on one machine, where a build does not let them share a
/// folder.
fn own_folders(member: &mut Table, folders: &[(&str, String)]) {
    let name = member["name"].as_str().expect("a name").to_owned();
    let etcd = member.entry("etcd").or_insert(Item::Table(Table::new()));
    let etcd = etcd.as_table_like_mut().expect("options");
    for (key, folder) in folders {
        if !etcd.contains_key(key) {
            etcd.insert(key, value(format!("{}/{name}", folder.trim_end_matches('/'))));
        }
    }
}

fn metrics_urls(member: &mut Table) -> Option<&mut toml_edit::Array> {
    let etcd = member.get_mut("etcd")?.as_table_like_mut()?;
    etcd.get_mut("listen-metrics-urls")?.as_value_mut().and_then(Value::as_array_mut)
}
