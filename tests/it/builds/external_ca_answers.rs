//! What a CA whose key is elsewhere signs: good or wrong, by openssl or cfssl, certificates or lists.

use crate::support::cluster::SPEC;
use crate::support::offsite::{CA, SIGN, offsite, requests, sign, signed, writes_nothing};
use crate::support::programs::shell;
use std::fs;

#[test]
fn cfssl_signs_requests_too() {
    let cluster = offsite(&SPEC.replace("[etcd]", "[tls]\nlayout = \"combined\"\n\n[etcd]"));
    cluster.succeeds();
    let script = r#"
        cd out/pki/requests
        profile() { echo "\"$1\": {\"expiry\": \"8760h\", \"usages\": [\"digital signature\", $2]}"; }
        echo "{\"signing\": {\"profiles\": {$(profile member '"server auth", "client auth"'),
            $(profile client '"client auth"')}}}" > ../../../offsite/config.json
        for csr in *.csr; do
            case $csr in *-client.csr) profile=client ;; *) profile=member ;; esac
            cfssl sign -loglevel 4 -ca ../../../offsite/ca.crt -ca-key ../../../offsite/ca.key \
                -config ../../../offsite/config.json -profile $profile $csr | cfssljson -bare x
            mv x.pem ${csr%csr}crt
            rm -f x.csr
        done"#;
    shell(script, cluster.folder.path());
    cluster.succeeds();
    assert_eq!(requests(&cluster), [""; 0]);
}

#[test]
fn what_was_signed_wrongly_is_refused_with_what_was_asked_for() {
    let cluster = offsite(SPEC);
    cluster.succeeds();
    shell(
        "cd offsite; mkdir other; cd other
        openssl req -x509 -newkey ed25519 -noenc -keyout ca.key -out ca.crt -days 99 -subj '/CN=Other CA'
        openssl genpkey -algorithm ed25519 -out other.key
        openssl pkey -in other.key -pubout -out other.pub",
        cluster.folder.path(),
    );
    let file = |extensions: &str| {
        fs::write(cluster.path("offsite/ext"), extensions).unwrap();
        "-days 365 -extfile ../../../offsite/ext"
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
        ("root-client", format!("{all} -days 4000"), ", after its CA ("),
        (
            "root-client",
            format!("{all} -days 365 -subj /CN=admin"),
            "has the common name `admin` instead of `root`",
        ),
        (
            "root-client",
            format!(
                "{all} -days 365 -CA ../../../offsite/other/ca.crt -CAkey ../../../offsite/other/ca.key"
            ),
            "was signed by another CA, `Other CA`",
        ),
        (
            "root-client",
            format!("{all} -days 365 -force_pubkey ../../../offsite/other/other.pub"),
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
fn a_certificate_ends_with_its_ca_and_those_over_it_at_the_latest() {
    let cluster = offsite(SPEC);
    let chain = r#"
        cd offsite
        openssl req -x509 -newkey ed25519 -noenc -keyout root.key -out root.crt -days 90 -subj /CN=Root \
            -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
        openssl req -x509 -key ca.key -out ca.crt -days 3650 -subj "/O=Corp/CN=Corp CA" -CA root.crt -CAkey root.key \
            -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
        cat ca.crt root.crt > ../ca.crt
        date -u -d "$(openssl x509 -noout -enddate -in root.crt | cut -d= -f2)" +%F"#;
    let end = shell(chain, cluster.folder.path());
    let said = cluster.succeeds();
    // A day less than the root has left, in whole days: its last second may pass between two builds.
    let days = |said: &str, after: &str| {
        let days = said.split(after).nth(1).unwrap().split(' ').next().unwrap().to_owned();
        assert!(["88", "89"].contains(&days.as_str()), "{said}");
        days
    };
    days(&said, "-copy_extensions copyall -days ");
    sign(&cluster, "root-client", "-copy_extensions copyall -days 365");
    let said = cluster.fails();
    assert!(said.contains(&format!(", after its CA ({})", end.trim())), "{said}");
    let days = days(&said, "valid for ");
    // That is less than `renew-before`, and all that can be had.
    shell(&SIGN.replace("-days 365", &format!("-days {days}")), cluster.folder.path());
    let said = cluster.succeeds();
    assert!(!said.contains("waits"), "{said}");
    writes_nothing(&cluster);
}

/// What `openssl ca` keeps books with, and the list of what is revoked in them.
const LIST: &str = r#"
cd offsite
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
    // The last certificate took the folder with it.
    assert!(said.contains("`install -d -m 0700 "), "{said}");
    run("install -d -m 0700 ../out/pki/requests; $gencrl -out ../out/pki/requests/revoked.crl");
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
