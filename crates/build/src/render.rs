//! The cluster and its certificates become the complete content of `out/`.

use crate::pki::{Leaf, Outcome, Pki, Requested, request_place};
use crate::schema;
use bouquet_model::artifact::{self, Artifact, CLIENT_FILES, ClientFile, FORMATS, Format};
use bouquet_model::cluster::Cluster;
use bouquet_model::settings::crl_place;
use bouquet_model::trust::{Side, ca_place};
use bouquet_model::trust_file::trust_files;
use bouquet_outdir::{OutPath, Output};

/// The description of `out/`, for its reader; two tables are yet to be filled in.
const README: &str = include_str!("out-readme.md");

/// Renders every file of `out/` but its manifest.
pub fn render(cluster: &Cluster, pki: Option<Pki>, constants: &str) -> Output {
    let mut output = Output::new();
    output.defined_by(cluster.digest);
    output.file(OutPath::GITIGNORE, OutPath::IGNORED);
    output.file("README.md", readme(cluster));
    output.file(schema::FILE, schema::schema(cluster.version));
    output.file("cluster.rs", constants);
    for Artifact { path, text, executable } in artifact::all(cluster) {
        if executable {
            output.script(&path, text);
        } else {
            output.file(&path, text);
        }
    }
    if let Some(pki) = pki {
        certificates(cluster, pki, &mut output);
    }
    output
}

/// Renders the description of `out/`. Formats that were not asked for, and are not written, are left out.
fn readme(cluster: &Cluster) -> String {
    let format = |row: &&Format| format!("| `{}` | {} |\n", row.file, row.about);
    let is_told = |row: &&&Format| row.by_default || cluster.formats.contains(&row.name);
    let file = |row: &&ClientFile| format!("| `{}` | {} | {} |\n", row.file, row.about, row.whom);
    README
        .replace("CLIENT_FILES\n", &CLIENT_FILES.iter().map(file).collect::<String>())
        .replace("FORMATS\n", &FORMATS.iter().filter(is_told).map(format).collect::<String>())
}

/// Places the CAs' certificates, which go to everybody, and each pair. A pair that is already there is kept as it
/// is.
fn certificates(cluster: &Cluster, pki: Pki, output: &mut Output) {
    let trusted = |side| cluster.tls.as_ref().map(|tls| pki.bundle(&tls.side(side).trust));
    let [clients, peers] =
        [Side::Clients, Side::Peers].map(|side| trusted(side).unwrap_or_default());
    for file in trust_files(cluster) {
        let text = if file.side == Side::Clients { &clients } else { &peers };
        output.file(&file.path, text.as_str());
    }
    if let Some(list) = &pki.list {
        for member in cluster.members.iter() {
            output.file(&crl_place(member), list.as_slice());
        }
    }
    let Pki { authorities, outcomes, .. } = pki;
    for ca in authorities {
        let place = ca_place(ca.number);
        output.file(&format!("{place}.crt"), ca.certificate);
        if let Some(key) = ca.new_key {
            output.key(&format!("{place}.key"), key);
        }
    }
    for outcome in outcomes {
        match outcome {
            Outcome::Leaf(one) => leaf(&one, output),
            Outcome::Requested(one) => request(one, output),
            Outcome::Elsewhere(one) => one.kept.iter().for_each(|path| output.keep(path)),
        }
    }
}

/// Places a pair. What came from a request leaves it behind.
fn leaf(leaf: &Leaf, output: &mut Output) {
    for place in &leaf.wanted.places {
        let (certificate, key) = (format!("{place}.crt"), format!("{place}.key"));
        if leaf.stale.contains(place) {
            output.file(&certificate, leaf.certificate.as_str());
            output.key(&key, leaf.key.clone());
        } else {
            output.keep(&certificate);
            output.keep(&key);
        }
    }
    if let (true, Some(to)) = (leaf.answered, leaf.wanted.places.first()) {
        let from = request_place(&leaf.wanted);
        output.moved(&format!("{from}.key"), &format!("{to}.key"));
        output.moved(&format!("{from}.crt"), &format!("{to}.crt"));
        output.moved(&format!("{from}.csr"), &format!("{to}.crt"));
    }
}

/// Places what is to be signed elsewhere.
fn request(requested: Requested, output: &mut Output) {
    let place = request_place(&requested.wanted);
    output.file(&format!("{place}.csr"), requested.request);
    match requested.new_key {
        Some(key) => output.key(&format!("{place}.key"), key),
        None => output.keep(&format!("{place}.key")),
    }
    for path in &requested.kept {
        output.keep(path);
    }
}
