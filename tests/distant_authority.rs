//! A CA whose key is elsewhere: requests, what comes back, and what is wrong with it.

#![expect(clippy::disallowed_methods, reason = "tests touch files, and read the clock")]
#![expect(clippy::unwrap_used, reason = "a test that cannot touch its own files fails")]

#[expect(dead_code, reason = "each of the tests uses a part of it")]
mod faults;

use faults::snapshot::{difference, snapshot};
use faults::tools::{shell, verify};
use faults::{Cluster, SPEC};
use std::fs;

/// A CA, and the folder `away` that holds its key.
const AWAY: &str = r#"
mkdir away && cd away
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout ca.key -out ca.crt -days 3650 \
    -subj "/O=Corp/CN=Corp CA" -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
cp ca.crt ../ca.crt
"#;

const CA: &str = "\n[[authority]]\nnumber = 1\ncertificate = \"ca.crt\"\n";

/// Signs every request as the warning says.
const SIGN: &str = "
cd out/pki/requests
for csr in *.csr; do
    openssl x509 -req -in $csr -copy_extensions copyall -days 365 \
        -CA ../../../away/ca.crt -CAkey ../../../away/ca.key -out ${csr%csr}crt
done
";

/// One request signed by other rules.
fn sign(cluster: &Cluster, name: &str, options: &str) {
    let script = format!(
        "cd out/pki/requests; openssl x509 -req -in {name}.csr -CA ../../../away/ca.crt \
         -CAkey ../../../away/ca.key -out {name}.crt {options}"
    );
    shell(&script, cluster.folder.path());
}

fn away(spec: &str) -> Cluster {
    let cluster = Cluster::new(format!("{spec}{CA}"));
    shell(AWAY, cluster.folder.path());
    cluster
}

/// One whose certificates have all been signed.
fn signed(spec: &str) -> Cluster {
    let cluster = away(spec);
    cluster.succeeds();
    shell(SIGN, cluster.folder.path());
    cluster.succeeds();
    cluster
}

fn requests(cluster: &Cluster) -> Vec<String> {
    let Ok(entries) = fs::read_dir(cluster.path("out/pki/requests")) else { return Vec::new() };
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    let mut all: Vec<_> = entries.map(|e| name(e).into_string().unwrap()).collect();
    all.sort();
    all
}

fn read(cluster: &Cluster, path: &str) -> String {
    fs::read_to_string(cluster.path("out").join(path)).unwrap()
}

/// A build that must find everything as it should be.
fn writes_nothing(cluster: &Cluster) {
    let before = snapshot(&cluster.path("out"));
    cluster.succeeds();
    let changed = difference(&before, &snapshot(&cluster.path("out")));
    assert!(changed.is_empty(), "{changed:?}");
}

const NAMES: [&str; 7] = [
    "camellia-peer",
    "camellia-server",
    "orange-peer",
    "orange-server",
    "pink-peer",
    "pink-server",
    "root-client",
];

#[test]
fn requests_are_written_kept_answered_and_gone() {
    let cluster = away(SPEC);
    let said = cluster.succeeds();
    let expected: Vec<_> =
        NAMES.iter().flat_map(|name| [format!("{name}.csr"), format!("{name}.key")]).collect();
    assert_eq!(requests(&cluster), expected);
    for name in NAMES {
        assert!(
            said.contains(&format!("requests/{name}.csr` waits for the signature of `Corp CA`"))
        );
    }
    assert!(said.contains("7 certificates must be signed where the key of the CA `Corp CA` is"));
    assert!(said.contains("-copy_extensions copyall -days 365"), "{said}");
    assert!(read(&cluster, "members/pink/etcd.sh").contains("etcd"), "the artifacts are there");
    assert!(!cluster.path("out/members/pink/certs/server.crt").exists());
    assert!(!read(&cluster, "cluster.rs").contains("Kind::Server"), "nothing that is not there");
    shell(
        "test $(stat -c %a out/pki/requests) = 700
        for key in out/pki/requests/*.key; do test $(stat -c %a $key) = 600; done
        for csr in out/pki/requests/*.csr; do openssl req -verify -noout -in $csr; done",
        cluster.folder.path(),
    );
    writes_nothing(&cluster);

    let keys: Vec<_> =
        NAMES.iter().map(|name| read(&cluster, &format!("pki/requests/{name}.key"))).collect();
    shell(SIGN, cluster.folder.path());
    let said = cluster.succeeds();
    assert!(!said.contains("waits") && !said.contains("must be signed"), "{said}");
    assert_eq!(requests(&cluster), [""; 0]);
    assert!(!cluster.path("out/pki/requests").exists());
    let place = |name: &str| match name.rsplit_once('-').unwrap() {
        (name, "client") => format!("clients/{name}/client"),
        (name, file) => format!("members/{name}/certs/{file}"),
    };
    for (name, key) in NAMES.iter().zip(keys) {
        assert_eq!(read(&cluster, &format!("{}.key", place(name))), key, "{name}");
    }
    let issued = read(&cluster, "pki/issued");
    assert_eq!(issued.lines().filter(|line| !line.starts_with('#')).count(), 7, "{issued}");
    fs::copy(cluster.path("away/ca.key"), cluster.path("out/pki/ca.key")).unwrap();
    verify(&cluster.path("out"));
    fs::remove_file(cluster.path("out/pki/ca.key")).unwrap();
    writes_nothing(&cluster);
}

#[test]
fn some_may_be_signed_before_the_others() {
    let cluster = away(SPEC);
    cluster.succeeds();
    sign(&cluster, "orange-server", "-copy_extensions copyall -days 365");
    let said = cluster.succeeds();
    assert!(said.contains("6 certificates must be signed"), "{said}");
    assert!(cluster.path("out/members/orange/certs/server.key").exists());
    assert!(!requests(&cluster).iter().any(|file| file.starts_with("orange-server")));
    assert_eq!(read(&cluster, "cluster.rs").matches("Kind::Server").count(), 1);
    writes_nothing(&cluster);
}

#[test]
fn cfssl_signs_requests_too() {
    let cluster = away(&SPEC.replace("[etcd]", "[tls]\nlayout = \"combined\"\n\n[etcd]"));
    cluster.succeeds();
    let script = r#"
        cd out/pki/requests
        profile() { echo "\"$1\": {\"expiry\": \"8760h\", \"usages\": [\"digital signature\", $2]}"; }
        echo "{\"signing\": {\"profiles\": {$(profile member '"server auth", "client auth"'),
            $(profile client '"client auth"')}}}" > ../../../away/config.json
        for csr in *.csr; do
            case $csr in *-client.csr) profile=client ;; *) profile=member ;; esac
            cfssl sign -loglevel 4 -ca ../../../away/ca.crt -ca-key ../../../away/ca.key \
                -config ../../../away/config.json -profile $profile $csr | cfssljson -bare x
            mv x.pem ${csr%csr}crt
            rm -f x.csr
        done"#;
    shell(script, cluster.folder.path());
    cluster.succeeds();
    assert_eq!(requests(&cluster), [""; 0]);
}

#[test]
fn what_was_signed_wrongly_is_refused_with_what_was_asked_for() {
    let cluster = away(SPEC);
    cluster.succeeds();
    shell(
        "cd away; mkdir other; cd other
        openssl req -x509 -newkey ed25519 -noenc -keyout ca.key -out ca.crt -days 99 -subj '/CN=Other CA'
        openssl genpkey -algorithm ed25519 -out other.key
        openssl pkey -in other.key -pubout -out other.pub",
        cluster.folder.path(),
    );
    let file = |extensions: &str| {
        fs::write(cluster.path("away/ext"), extensions).unwrap();
        "-days 365 -extfile ../../../away/ext"
    };
    let member = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nsubjectAltName=DNS:localhost,\
                  DNS:evil.example,IP:127.0.0.1,IP:::1\nextendedKeyUsage=serverAuth,clientAuth\n";
    let client = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\n";
    let all = "-copy_extensions copyall";
    let cases = [
        (
            "orange-server",
            file(member).to_owned(),
            "has SANs that lack 10.0.0.2, and name besides evil.example",
        ),
        ("root-client", "-days 365".to_owned(), "has the EKU none instead of clientAuth"),
        ("root-client", format!("{all} -days 30"), "so soon that it would be due at once"),
        (
            "root-client",
            format!("{all} -days 365 -subj /CN=admin"),
            "has the common name `admin` instead of `root`",
        ),
        (
            "root-client",
            format!(
                "{all} -days 365 -CA ../../../away/other/ca.crt -CAkey ../../../away/other/ca.key"
            ),
            "was signed by another CA, `Other CA`",
        ),
        (
            "root-client",
            format!("{all} -days 365 -force_pubkey ../../../away/other/other.pub"),
            "has a key of another kind than",
        ),
    ];
    for (name, options, fault) in cases {
        if name == "orange-server" {
            file(member);
        }
        sign(&cluster, name, &options);
        let said = cluster.fails();
        assert!(said.contains(&format!("requests/{name}.crt` ")) && said.contains(fault), "{said}");
        assert!(said.contains("asked for: common name `"), "{said}");
        fs::remove_file(cluster.path(&format!("out/pki/requests/{name}.crt"))).unwrap();
    }
    let wide = format!("{client}extendedKeyUsage=serverAuth,clientAuth\n");
    sign(&cluster, "root-client", file(&wide));
    assert!(cluster.fails().contains("has the EKU serverAuth, clientAuth instead of clientAuth"));
    let usage = "keyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=clientAuth\n";
    sign(&cluster, "root-client", file(usage));
    assert!(cluster.fails().contains("has another key usage than digitalSignature alone"));

    sign(&cluster, "root-client", &format!("{all} -days 365"));
    shell("cd out/pki/requests; cp pink-peer.key root-client.key", cluster.folder.path());
    assert!(cluster.fails().contains("root-client.crt` is for another key than `"));
    fs::remove_file(cluster.path("out/pki/requests/root-client.key")).unwrap();
    assert!(cluster.fails().contains("root-client.crt` is there without its key"));
    for (content, fault) in
        [("", "holds no certificate"), ("-----BEGIN CERTIFICATE-----\n", "is not sound PEM")]
    {
        fs::write(cluster.path("out/pki/requests/root-client.crt"), content).unwrap();
        let said = cluster.fails();
        assert!(said.contains(&format!("root-client.crt` {fault}")), "{said}");
    }
    fs::remove_file(cluster.path("out/pki/requests/root-client.crt")).unwrap();
    cluster.succeeds();
}

#[test]
fn a_certificate_goes_on_until_the_next_one_is_signed() {
    let cluster = signed(SPEC);
    let (certificate, key) = ["crt", "key"]
        .map(|end| read(&cluster, &format!("members/pink/certs/server.{end}")))
        .into();
    let constants = read(&cluster, "cluster.rs");
    let more =
        SPEC.replace("ip = \"10.0.0.1\"", "ip = \"10.0.0.1\"\nextra-sans = [\"new.example\"]");
    cluster.write(format!("{more}{CA}"));
    let said = cluster.succeeds();
    assert!(said.contains("pink-server.csr` waits for the signature of `Corp CA`: SANs changed: + new.example; the one in place ends on"), "{said}");
    assert_eq!(read(&cluster, "members/pink/certs/server.crt"), certificate);
    assert_eq!(read(&cluster, "members/pink/certs/server.key"), key);
    assert_eq!(
        read(&cluster, "cluster.rs").matches("serial:").count(),
        constants.matches("serial:").count()
    );
    assert_eq!(
        requests(&cluster),
        ["pink-peer.csr", "pink-peer.key", "pink-server.csr", "pink-server.key"]
    );
    let pending = read(&cluster, "pki/requests/pink-server.key");
    assert_ne!(pending, key);
    writes_nothing(&cluster);

    shell(SIGN, cluster.folder.path());
    let said = cluster.succeeds();
    assert!(said.contains("issued") && said.contains("SANs changed: + new.example"), "{said}");
    assert_eq!(read(&cluster, "members/pink/certs/server.key"), pending);
    assert_eq!(requests(&cluster), [""; 0]);
    writes_nothing(&cluster);
}

#[test]
fn a_key_is_kept_where_the_spec_says_so_and_a_new_generation_gets_another() {
    let keep = |more: &str| {
        SPEC.replace("[etcd]", "[tls]\nrenew = \"keep-key\"\n\n[etcd]")
            .replace("name = \"root\"\n", &format!("name = \"root\"\n{more}"))
            + CA
    };
    let cluster = signed(&keep("").replace(CA, ""));
    let key = read(&cluster, "clients/root/client.key");
    // Renewed early, for the same key.
    cluster.write(
        keep("").replace("renew =", "valid-for = \"720d\"\nrenew-before = \"700d\"\nrenew ="),
    );
    cluster.succeeds();
    assert_eq!(read(&cluster, "pki/requests/root-client.key"), key);

    cluster.write(keep("generation = 2\n"));
    cluster.succeeds();
    let second = read(&cluster, "pki/requests/root-client.key");
    assert_ne!(second, key);
    writes_nothing(&cluster);
    // The generation is raised again before anybody has signed.
    cluster.write(keep("generation = 3\n"));
    cluster.succeeds();
    let third = read(&cluster, "pki/requests/root-client.key");
    assert_ne!(third, second);
    writes_nothing(&cluster);
    sign(&cluster, "root-client", "-copy_extensions copyall -days 365");
    cluster.write(keep("generation = 4\n"));
    let said = cluster.fails();
    assert!(
        said.contains("root-client.crt` was asked for when the generation was 3, and it is 4 now"),
        "{said}"
    );
    cluster.write(keep("generation = 3\n"));
    cluster.succeeds();
    assert_eq!(read(&cluster, "clients/root/client.key"), third);
    assert!(read(&cluster, "pki/issued").contains("client\troot\t3\t"));
    writes_nothing(&cluster);
}

#[test]
fn a_request_that_was_taken_away_is_written_again_for_the_same_key() {
    for kind in ["ecdsa-p256", "ecdsa-p384", "ed25519"] {
        let cluster = away(&SPEC.replace("[etcd]", &format!("[tls]\nkey = \"{kind}\"\n\n[etcd]")));
        cluster.succeeds();
        let key = read(&cluster, "pki/requests/root-client.key");
        shell("mv out/pki/requests/root-client.csr away/", cluster.folder.path());
        cluster.succeeds();
        assert_eq!(read(&cluster, "pki/requests/root-client.key"), key);
        // What was signed there is the answer to the one that was taken away.
        let away = "cd away; openssl x509 -req -in root-client.csr -copy_extensions copyall -days 365 \
                    -CA ca.crt -CAkey ca.key -out ../out/pki/requests/root-client.crt";
        shell(away, cluster.folder.path());
        cluster.succeeds();
        assert_eq!(read(&cluster, "clients/root/client.key"), key);
    }
}

#[test]
fn the_shared_certificate_is_one_request_and_goes_to_all_places() {
    let cluster = away(&SPEC.replace("[etcd]", "[tls]\nlayout = \"shared\"\n\n[etcd]"));
    cluster.succeeds();
    assert_eq!(
        requests(&cluster),
        ["root-client.csr", "root-client.key", "shared.csr", "shared.key"]
    );
    let key = read(&cluster, "pki/requests/shared.key");
    shell(SIGN, cluster.folder.path());
    cluster.succeeds();
    for member in ["pink", "orange", "camellia"] {
        assert_eq!(read(&cluster, &format!("members/{member}/certs/server.key")), key);
    }
    assert_eq!(requests(&cluster), [""; 0]);
    writes_nothing(&cluster);
}

#[test]
fn a_change_to_it_goes_through_the_phases_and_ends_when_everything_is_signed() {
    let cluster = Cluster::built(SPEC);
    shell(AWAY, cluster.folder.path());
    let with = |ca: &str| format!("{SPEC}\n[ca]\n{ca}\n{}", CA.replace("number = 1", "number = 2"));
    cluster.write(with("issue = 2\ntrust = [1, 2]"));
    assert!(cluster.fails().contains("CA 2, `Corp CA`, is to issue certificates, but"));
    cluster.write(with("trust = [1, 2]"));
    cluster.succeeds();
    cluster.write(with("issue = 2\ntrust = [1, 2]"));
    assert!(cluster.succeeds().contains("7 certificates must be signed"));
    cluster.write(with("issue = 2\ntrust = [2]"));
    assert!(cluster.fails().contains("is trusted no more, but issued 7 certificates in use"));
    cluster.write(with("issue = 2\ntrust = [1, 2]"));
    shell(SIGN, cluster.folder.path());
    cluster.succeeds();
    cluster.write(with("issue = 2\ntrust = [2]"));
    cluster.succeeds();
    assert_eq!(
        read(&cluster, "clients/root/ca.crt"),
        fs::read_to_string(cluster.path("ca.crt")).unwrap()
    );
}

#[test]
fn the_request_of_a_client_that_is_gone_goes_and_its_key_stays() {
    let cluster = away(SPEC);
    cluster.succeeds();
    let key = read(&cluster, "pki/requests/root-client.key");
    let without = SPEC.replace("\n[[client]]\nname = \"root\"\n", "");
    cluster.write(format!("{without}{CA}"));
    let said = cluster.succeeds();
    assert!(said.contains("root-client.key"), "{said}");
    assert!(!requests(&cluster).contains(&"root-client.csr".to_owned()));
    cluster.write(format!("{SPEC}{CA}"));
    cluster.succeeds();
    assert_eq!(read(&cluster, "pki/requests/root-client.key"), key);
    assert!(requests(&cluster).contains(&"root-client.csr".to_owned()));
}

/// What `openssl ca` keeps books with, and the list of what is revoked in them.
const LIST: &str = r#"
cd away
touch index.txt
echo 1000 > crlnumber
cat > ca.conf <<END
[ca]
default_ca = it
[it]
database = index.txt
crlnumber = crlnumber
default_md = sha256
END
gencrl="openssl ca -config ca.conf -cert ca.crt -keyfile ca.key -gencrl -crldays 3650"
"#;

#[test]
fn its_list_of_revoked_certificates_is_signed_there_too() {
    let cluster = signed(SPEC);
    let run = |script: &str| shell(&format!("{LIST}{script}"), cluster.folder.path());
    cluster.write(format!("{SPEC}\n[ca]\ncrl = true\n{CA}"));
    let said = cluster.fails();
    assert!(said.contains("members need a list of revoked certificates"), "{said}");
    assert!(said.contains("out/pki/requests/revoked.crl`, in PEM or DER"), "{said}");
    run("mkdir ../out/pki/requests; $gencrl -out ../out/pki/requests/revoked.crl");
    cluster.succeeds();
    run("openssl crl -inform DER -in ../out/members/pink/certs/revoked.crl -CAfile ca.crt -noout");
    writes_nothing(&cluster);

    let serial =
        run("openssl x509 -noout -serial -in ../out/clients/root/client.crt | cut -d= -f2");
    let serial = serial.trim().to_lowercase();
    let spec = SPEC.replace("name = \"root\"\n", "name = \"root\"\ngeneration = 2\n");
    let revoked = "[[revoked]]\nname = \"root\"\ndate = \"2026-01-01\"\n";
    let revoked = revoked.replace("2026-01-01", run("date -u +%F").trim());
    cluster.write(format!("{spec}\n[ca]\ncrl = true\n{CA}{revoked}"));
    let said = cluster.fails();
    assert!(said.contains("revoked.crl` does not list all that is revoked"), "{said}");
    assert!(
        said.contains(&format!("have to be on it: {}", serial.trim_start_matches("00"))),
        "{said}"
    );
    run("openssl ca -config ca.conf -cert ca.crt -keyfile ca.key -revoke ../out/clients/root/client.crt
        $gencrl | openssl crl -outform DER -out ../out/pki/requests/revoked.crl");
    let said = cluster.succeeds();
    assert!(said.contains("root-client.csr` waits"), "{said}");
    let list =
        run("openssl crl -inform DER -in ../out/members/pink/certs/revoked.crl -noout -text");
    assert!(list.to_lowercase().contains(&serial), "{list}");
    // The members go on with it where the file is taken away again.
    fs::remove_file(cluster.path("out/pki/requests/revoked.crl")).unwrap();
    writes_nothing(&cluster);

    for (script, fault) in [
        ("echo x > LIST", "is no list of revoked certificates"),
        ("cp ca.crt LIST", "is no list of revoked certificates"),
        (
            "mkdir other; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout other/ca.key \
                -out other/ca.crt -days 99 -subj '/O=Corp/CN=Corp CA'
            openssl ca -config ca.conf -cert other/ca.crt -keyfile other/ca.key -gencrl -crldays 9 -out LIST",
            "was not signed by the CA `Corp CA`",
        ),
    ] {
        run(&script.replace("LIST", "../out/pki/requests/revoked.crl"));
        let said = cluster.fails();
        assert!(said.contains(&format!("revoked.crl` {fault}")), "{said}");
    }
}
