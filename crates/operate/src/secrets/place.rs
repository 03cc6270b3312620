//! The places below `out/` of keys, and of what goes with them.

use bouquet_model::name::{ClientName, MemberName};
use bouquet_model::trust::{REQUESTS, SIGNED_LIST, ca_number, ca_place};

/// Something that belongs together, and is taken or left as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// A CA, by its number.
    Ca(u32),
    /// A request to a CA whose key is elsewhere, by its name in the folder of requests.
    Request(String),
    /// The list of revoked certificates that such a CA has signed.
    SignedList,
    /// A member's pair towards clients, or towards everybody.
    Server(String),
    /// A member's pair towards other members.
    Peer(String),
    /// A member's list of revoked certificates.
    List(String),
    /// A client's pair.
    Client(String),
}

/// A file of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// `.crt`.
    Certificate,
    /// `.key`.
    Key,
    /// `.csr`.
    Request,
    /// `.crl`.
    List,
}

impl Part {
    const ALL: [Self; 4] = [Self::Certificate, Self::Key, Self::Request, Self::List];

    const fn extension(self) -> &'static str {
        match self {
            Self::Certificate => "crt",
            Self::Key => "key",
            Self::Request => "csr",
            Self::List => "crl",
        }
    }
}

impl Place {
    /// Tells what is at that path below `out/`; `None` for all that neither is a key nor goes with one.
    pub(crate) fn of(path: &str) -> Option<(Self, Part)> {
        let (stem, extension) = path.rsplit_once('.')?;
        let part = Part::ALL.into_iter().find(|part| part.extension() == extension)?;
        let place = Self::of_stem(stem)?;
        place.parts().contains(&part).then_some((place, part))
    }

    fn of_stem(stem: &str) -> Option<Self> {
        if SIGNED_LIST.strip_suffix(".crl") == Some(stem) {
            return Some(Self::SignedList);
        }
        if let Some(number) = ca_number(stem) {
            return Some(Self::Ca(number));
        }
        let parts: Vec<&str> = stem.split('/').collect();
        match parts.as_slice() {
            ["members", name, "certs", file] => {
                let name = MemberName::parse(name).ok()?.to_string();
                match *file {
                    "server" => Some(Self::Server(name)),
                    "peer" => Some(Self::Peer(name)),
                    "revoked" => Some(Self::List(name)),
                    _ => None,
                }
            }
            ["clients", name, "client"] => {
                Some(Self::Client(ClientName::parse(name).ok()?.to_string()))
            }
            _ => {
                let name = stem.strip_prefix(REQUESTS)?.strip_prefix('/')?;
                is_request(name).then(|| Self::Request(name.to_owned()))
            }
        }
    }

    /// Returns the files that there can be.
    pub(crate) const fn parts(&self) -> &'static [Part] {
        match self {
            Self::Request(_) => &[Part::Certificate, Part::Key, Part::Request],
            Self::List(_) | Self::SignedList => &[Part::List],
            _ => &[Part::Certificate, Part::Key],
        }
    }

    /// Returns the path of a file of it, below `out/`.
    pub(crate) fn path(&self, part: Part) -> String {
        format!("{}.{}", self.stem(), part.extension())
    }

    /// Returns the place that the answer to a request goes to; of one that all members share there are
    /// several.
    pub(crate) fn of_answer(&self) -> Option<Self> {
        let Self::Request(name) = self else { return None };
        let (owner, file) = name.rsplit_once('-')?;
        let owner = owner.to_owned();
        match file {
            "server" => Some(Self::Server(owner)),
            "peer" => Some(Self::Peer(owner)),
            "client" => Some(Self::Client(owner)),
            _ => None,
        }
    }

    /// Returns its path without the extension.
    pub(crate) fn stem(&self) -> String {
        match self {
            Self::Ca(number) => ca_place(*number),
            Self::Request(name) => format!("{REQUESTS}/{name}"),
            Self::SignedList => SIGNED_LIST.trim_end_matches(".crl").to_owned(),
            Self::Server(name) => format!("members/{name}/certs/server"),
            Self::Peer(name) => format!("members/{name}/certs/peer"),
            Self::List(name) => format!("members/{name}/certs/revoked"),
            Self::Client(name) => format!("clients/{name}/client"),
        }
    }
}

/// Tells whether a build could have called a request so: `shared`, or an owner and the purpose.
fn is_request(name: &str) -> bool {
    let owner = |owner, file: &str| match file {
        "server" | "peer" => MemberName::parse(owner).is_ok(),
        "client" => ClientName::parse(owner).is_ok(),
        _ => false,
    };
    name == "shared" || name.rsplit_once('-').is_some_and(|(name, file)| owner(name, file))
}
