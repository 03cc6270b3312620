//! The words of a complaint, for one cluster.

use bouquet_model::places::{Usage, places};
use bouquet_model::systemd::Systemd;
use bouquet_model::{Cluster, Member};

/// What a complaint's texts leave open: folders, a member, the program.
#[derive(Debug)]
pub struct Words<'a> {
    /// Whose ID and addresses are named in lines.
    pub(crate) cluster: Option<&'a Cluster>,
    certs: String,
    data: String,
    member: String,
    /// The name of its unit.
    unit: String,
    program: String,
    /// The account that owns data and keys, as `chown` takes it.
    owner: String,
}

impl<'a> Words<'a> {
    /// Returns the words of the guide.
    pub fn of_the_guide() -> Self {
        Self {
            cluster: None,
            certs: "/opt/etcd/certs".to_owned(),
            data: "/data/etcd".to_owned(),
            member: "orange".to_owned(),
            unit: "etcd".to_owned(),
            program: Cluster::PROGRAM.to_owned(),
            owner: Systemd::DEFAULT.account().owner(),
        }
    }

    /// Returns those of a member, or else of the first one.
    pub(crate) fn of(cluster: &'a Cluster, member: Option<&Member>, program: &str) -> Self {
        let certs = cluster.tls.as_ref().map(|tls| tls.certs_dir.to_string());
        let member = member.or(cluster.members.first());
        let data = member.and_then(|member| {
            let places = places(cluster, member);
            places.iter().find(|place| place.usage == Usage::Data).map(|it| it.path.to_string())
        });
        Self {
            cluster: Some(cluster),
            certs: certs.unwrap_or_else(|| "/opt/etcd/certs".to_owned()),
            data: data.unwrap_or_else(|| "/var/lib/etcd".to_owned()),
            member: member.map_or("MEMBER", |member| member.name.as_str()).to_owned(),
            unit: member.map_or_else(|| "etcd".to_owned(), |member| cluster.unit_name(member)),
            program: program.to_owned(),
            owner: cluster.systemd.account().owner(),
        }
    }

    /// Puts these words into a text of a complaint.
    pub fn filled(&self, text: &str) -> String {
        [
            ("{certs}", &self.certs),
            ("{data}", &self.data),
            ("{member}", &self.member),
            ("{unit}", &self.unit),
            ("{program}", &self.program),
            ("{owner}", &self.owner),
        ]
        .into_iter()
        .fold(text.to_owned(), |text, (name, word)| text.replace(name, word))
    }

    /// Returns the same for a terminal: of a link its text, and where it leads in the guide's folder.
    pub(crate) fn plain(&self, text: &str) -> String {
        let text = self.filled(text);
        let mut plain = String::new();
        let mut rest = text.as_str();
        while let Some((before, words, target, after)) = link(rest) {
            plain += before;
            plain += words;
            let place = match target.strip_prefix('#') {
                Some(section) => format!("guide.md, \"{}\"", section.replace('-', " ")),
                None => target.to_owned(),
            };
            plain.extend([" (docs/", &place, ")"]);
            rest = after;
        }
        plain + rest
    }
}

/// Returns the first link of Markdown in a text: what is before it, its text, its target, and what is behind it.
fn link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (before, rest) = text.split_once('[')?;
    let (words, rest) = rest.split_once("](")?;
    let (target, after) = rest.split_once(')')?;
    Some((before, words, target, after))
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn a_text_is_filled_and_its_links_are_told() {
        let words = Words::of_the_guide();
        assert_eq!(
            words.filled("`{program} x {member}` {data} {certs} {unit}"),
            "`bouquet x orange` /data/etcd /opt/etcd/certs etcd"
        );
        assert_eq!(
            words.plain("[replace it](#replacing-a-dead-member), [a](certificates.md#b) [c"),
            "replace it (docs/guide.md, \"replacing a dead member\"), a (docs/certificates.md#b) [c"
        );
    }
}
