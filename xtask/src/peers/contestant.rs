//! How each tool is told to do the job.
//!
//! Tools without a batch mode are called once for each certificate, as a person's loop would, but
//! by a script that has every argument spelt out, so that the shell's own work hardly counts.

use std::fmt::Write;
use std::path::Path;

use super::job::{Cert, Job};
use crate::cmd::Cmd;

/// One tool, ready to run in a folder that holds `files`.
#[derive(Debug)]
pub(super) struct Contestant {
    pub(super) name: &'static str,
    /// Name and text of each file that is there before the clock starts.
    pub(super) files: Vec<(String, String)>,
    pub(super) command: Cmd,
}

/// Returns all of them; this project's compile step first, where it is given.
pub(super) fn all(job: &Job, compile_step: Option<&Path>, python: &Path) -> Vec<Contestant> {
    let ours = compile_step.map(|path| Contestant {
        name: "bouquet, compile step",
        files: vec![
            ("cluster.toml".to_owned(), job.cluster_toml()),
            ("out-dir/.keep".to_owned(), String::new()),
        ],
        command: Cmd::new(path).args(["cluster.toml", "out"]).env("OUT_DIR", "out-dir"),
    });
    let peers = [cryptography(job, python), openssl(job), certtool(job), mkcert(job), cfssl(job)];
    ours.into_iter().chain(peers).collect()
}

/// Returns the contestant that issues everything in one process.
fn cryptography(job: &Job, python: &Path) -> Contestant {
    let mut list = String::new();
    for cert in &job.certs {
        let Cert { file, common_name, dns, ips, server } = cert;
        let (dns, ips) = (dns.join(","), ips.join(","));
        let _ = writeln!(list, "{file}\t{common_name}\t{dns}\t{ips}\t{server}");
    }
    Contestant {
        name: "Python cryptography",
        files: vec![
            ("issue.py".to_owned(), include_str!("issue.py").to_owned()),
            ("certs.tsv".to_owned(), list),
        ],
        command: Cmd::new(python).arg("issue.py"),
    }
}

/// Returns the contestant that starts one process for each certificate: `req -x509 -CA` makes key,
/// request and certificate at once.
fn openssl(job: &Job) -> Contestant {
    const REQ: &str = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc";
    let mut lines = vec![format!(
        "{REQ} -keyout ca.key -out ca.crt -subj '/CN=etcd CA' -days 3650 \
         -addext basicConstraints=critical,CA:TRUE \
         -addext keyUsage=critical,keyCertSign,cRLSign"
    )];
    lines.extend(job.certs.iter().map(|cert| {
        let names: Vec<String> = (cert.dns.iter().map(|name| format!("DNS:{name}")))
            .chain(cert.ips.iter().map(|ip| format!("IP:{ip}")))
            .collect();
        let sans = if names.is_empty() {
            String::new()
        } else {
            format!(" -addext subjectAltName={}", names.join(","))
        };
        let usage = if cert.server { "serverAuth,clientAuth" } else { "clientAuth" };
        format!(
            "{REQ} -CA ca.crt -CAkey ca.key -keyout {file}.key -out {file}.crt \
             -subj /CN={name} -days 365 -addext basicConstraints=critical,CA:FALSE \
             -addext keyUsage=critical,digitalSignature -addext extendedKeyUsage={usage}{sans}",
            file = cert.file,
            name = cert.common_name,
        )
    }));
    shell("openssl, in a shell loop", lines, Vec::new())
}

/// Returns the contestant that starts two processes for each certificate: certtool cannot make a
/// key and a certificate at once.
fn certtool(job: &Job) -> Contestant {
    const KEY: &str = "certtool --generate-privkey --key-type ecdsa --curve secp256r1 --no-text";
    let ca = "cn = \"etcd CA\"\nca\ncert_signing_key\ncrl_signing_key\nexpiration_days = 3650\n";
    let mut files = vec![("ca.tmpl".to_owned(), ca.to_owned())];
    let mut lines = vec![
        format!("{KEY} --outfile ca.key"),
        "certtool --generate-self-signed --load-privkey ca.key --template ca.tmpl --no-text \
         --outfile ca.crt"
            .to_owned(),
    ];
    for cert in &job.certs {
        let mut template = format!(
            "cn = \"{}\"\nexpiration_days = 365\nsigning_key\ntls_www_client\n",
            cert.common_name
        );
        if cert.server {
            template.push_str("tls_www_server\n");
        }
        for name in &cert.dns {
            let _ = writeln!(template, "dns_name = \"{name}\"");
        }
        for ip in &cert.ips {
            let _ = writeln!(template, "ip_address = \"{ip}\"");
        }
        let file = &cert.file;
        files.push((format!("{file}.tmpl"), template));
        lines.push(format!("{KEY} --outfile {file}.key"));
        lines.push(format!(
            "certtool --generate-certificate --load-privkey {file}.key \
             --load-ca-certificate ca.crt --load-ca-privkey ca.key \
             --template {file}.tmpl --no-text --outfile {file}.crt"
        ));
    }
    shell("GnuTLS certtool, in a shell loop", lines, files)
}

/// Returns the contestant mkcert, which makes its CA with the first certificate. It refuses a
/// certificate without a name, so a client's carries its own. Looking through the system's trust
/// stores, four fifths of its time, is switched off.
fn mkcert(job: &Job) -> Contestant {
    let lines = job.certs.iter().map(|cert| {
        let mut names: Vec<&str> = (cert.dns.iter().chain(&cert.ips)).map(String::as_str).collect();
        if names.is_empty() {
            names.push(&cert.common_name);
        }
        format!(
            "mkcert -ecdsa -client -cert-file {file}.crt -key-file {file}.key {names}",
            file = cert.file,
            names = names.join(" ")
        )
    });
    let environment = "export CAROOT=. TRUST_STORES=none".to_owned();
    let lines = [environment].into_iter().chain(lines).collect();
    shell("mkcert, in a shell loop", lines, Vec::new())
}

/// Returns the contestant that starts two processes for each certificate: cfssl prints JSON, which
/// cfssljson takes apart into files.
fn cfssl(job: &Job) -> Contestant {
    let key = r#""key":{"algo":"ecdsa","size":256}"#;
    let profile = |name: &str, usages: &str| {
        format!(r#""{name}":{{"expiry":"8760h","usages":["digital signature",{usages}]}}"#)
    };
    let config = format!(
        r#"{{"signing":{{"profiles":{{{},{}}}}}}}"#,
        profile("member", r#""server auth","client auth""#),
        profile("client", r#""client auth""#)
    );
    let ca = format!(r#"{{"CN":"etcd CA",{key},"ca":{{"expiry":"87600h"}}}}"#);
    let mut files = vec![("config.json".to_owned(), config), ("ca.json".to_owned(), ca)];
    let mut lines =
        vec!["cfssl gencert -loglevel 4 -initca ca.json | cfssljson -bare ca".to_owned()];
    for cert in &job.certs {
        let file = &cert.file;
        let hosts: Vec<String> =
            (cert.dns.iter().chain(&cert.ips)).map(|host| format!("\"{host}\"")).collect();
        let request =
            format!(r#"{{"CN":"{}",{key},"hosts":[{}]}}"#, cert.common_name, hosts.join(","));
        files.push((format!("{file}.json"), request));
        let profile = if cert.server { "member" } else { "client" };
        lines.push(format!(
            "cfssl gencert -loglevel 4 -ca ca.pem -ca-key ca-key.pem -config config.json \
             -profile {profile} {file}.json | cfssljson -bare {file}"
        ));
    }
    shell("cfssl, in a shell loop", lines, files)
}

/// Makes of the lines a script that keeps keys private, stops at an error and says nothing.
fn shell(name: &'static str, lines: Vec<String>, files: Vec<(String, String)>) -> Contestant {
    let mut script = "set -e\numask 077\nexec >/dev/null 2>&1\n".to_owned();
    for line in lines {
        script.push_str(&line);
        script.push('\n');
    }
    let mut files = files;
    files.push(("run.sh".to_owned(), script));
    Contestant { name, files, command: Cmd::new("sh").arg("run.sh") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(contestant: &Contestant) -> &str {
        let (name, text) = contestant.files.last().unwrap();
        assert_eq!(name, "run.sh");
        text
    }

    #[test]
    fn the_compile_step_takes_part_only_where_it_is_given() {
        let job = Job::new(0);
        let python = Path::new("python");
        assert_eq!(all(&job, None, python).len(), 5);
        let with = all(&job, Some(Path::new("/step")), python);
        assert_eq!(with[0].command.to_string(), "/step cluster.toml out");
    }

    #[test]
    fn every_loop_makes_a_certificate_for_each_and_a_ca() {
        let job = Job::new(3);
        for (contestant, call, calls) in [
            (openssl(&job), "openssl req", 10),
            (certtool(&job), "certtool --generate-privkey", 10),
            // The CA comes with the first certificate.
            (mkcert(&job), "mkcert ", 9),
            (cfssl(&job), "cfssl gencert", 10),
        ] {
            let found = script(&contestant).matches(call).count();
            assert_eq!(found, calls, "{}", contestant.name);
        }
    }

    #[test]
    fn members_carry_their_names_and_clients_none_but_for_mkcert() {
        let job = Job::new(1);
        let openssl = openssl(&job);
        assert!(script(&openssl).contains(
            "serverAuth,clientAuth -addext subjectAltName=DNS:pink.zyxasr.io,DNS:localhost,\
             IP:192.168.65.102,IP:127.0.0.1,IP:::1\n"
        ));
        assert!(script(&openssl).ends_with("extendedKeyUsage=clientAuth\n"));
        let mkcert = mkcert(&job);
        assert!(script(&mkcert).ends_with("-key-file client-00001.key client-00001\n"));
    }
}
