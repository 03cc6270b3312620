//! Files of a CA of one's own that are something else, and CAs that verifiers refuse: what the build
//! says, and that the command which it names helps.

use crate::support::cluster::{Cluster, SPEC, said};
use crate::support::programs::shell;
use std::fs;

/// A CA of one's own, as `own.crt` and `own.key`.
const ROOT: &str = r"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout own.key -out own.crt -days 900 \
    -subj /CN=own -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
";

const OWN: &str = "\n[[authority]]\nnumber = 1\ncertificate = \"own.crt\"\nkey = \"own.key\"\n";

fn own(script: &str) -> Cluster {
    let cluster = Cluster::new(format!("{SPEC}{OWN}"));
    shell(&format!("{ROOT}{script}\nchmod 600 own.key"), cluster.folder.path());
    cluster
}

/// What a first build says of such files: at their place, once, and without a word of backups.
fn refusal(script: &str, key: &str) -> (Cluster, String) {
    let cluster = own(script);
    let built = cluster.build();
    let said = said(&built);
    assert!(built.report.is_none(), "{script}: it is accepted: {said}");
    assert!(said.contains("cluster.toml: 1 error"), "{script}: {said}");
    let line = format!("{key} = \"own.");
    let mut lines = said.lines();
    let shown = lines.by_ref().find(|shown| shown.contains(&line));
    assert!(shown.is_some() && lines.next().is_some_and(|l| l.contains('^')), "{script}: {said}");
    for lead in ["backup", "aside", "put that CA's key back"] {
        assert!(!said.contains(lead), "{script}: it is the operator's first build: {said}");
    }
    (cluster, said)
}

#[test]
fn a_certificate_that_is_something_else_is_told_by_what_it_is() {
    for (script, message) in [
        ("openssl x509 -in own.crt -outform der -out x; mv x own.crt", "is a certificate in DER"),
        (
            "openssl pkcs12 -export -in own.crt -inkey own.key -passout pass:x -out x; mv x own.crt",
            "is PKCS#12",
        ),
        ("openssl crl2pkcs7 -nocrl -certfile own.crt -out x; mv x own.crt", "is PKCS#7"),
        ("cat own.key >> own.crt", "holds a private key besides the certificate"),
        ("cp own.key own.crt", "holds a private key instead of a certificate"),
        ("openssl pkey -in own.key -pubout -out own.crt", "holds a public key"),
        ("openssl req -new -key own.key -subj /CN=own -out own.crt", "holds a request for a certificate"),
        ("openssl x509 -in own.crt -trustout -out x; mv x own.crt", "`TRUSTED CERTIFICATE`"),
        ("iconv -f ascii -t utf-16 own.crt > x; mv x own.crt", "is text in UTF-16"),
        (": > own.crt", "holds no certificate: it is empty"),
        ("sed -i 6d own.crt", "own.crt` is "),
        ("rm own.crt; mkdir own.crt", "is a folder"),
        ("rm own.crt; mkfifo own.crt", "is no regular file"),
        ("rm own.crt; ln -s /dev/zero own.crt", "is no regular file"),
        ("head -c 2000000 /dev/zero > own.crt", "has more than 1048576 bytes"),
        (
            "openssl req -new -key own.key -subj /CN=own -out csr 2>/dev/null
             openssl x509 -req -in csr -signkey own.key -days 9 -out own.crt 2>/dev/null",
            "which cannot say that it is a CA's",
        ),
        (
            "printf 'keyUsage=keyCertSign\n' > ext
             openssl req -new -key own.key -subj /CN=own -out csr 2>/dev/null
             openssl x509 -req -in csr -signkey own.key -days 9 -extfile ext -out own.crt 2>/dev/null",
            "is not a CA's certificate, but `own`: basicConstraints with CA:TRUE is missing",
        ),
        (
            "printf 'basicConstraints=CA:FALSE\n' > ext
             openssl req -new -key own.key -subj /CN=leaf -out csr 2>/dev/null
             openssl x509 -req -in csr -CA own.crt -CAkey own.key -days 9 -extfile ext -out x 2>/dev/null
             mv x own.crt",
            "is not a CA's certificate, but `leaf`: its basicConstraints says CA:FALSE",
        ),
    ] {
        let (_, said) = refusal(script, "certificate");
        assert!(said.contains(message), "{script}: {said}");
    }
}

#[test]
fn a_key_that_is_something_else_is_told_by_what_it_is() {
    for (script, message) in [
        ("openssl pkey -in own.key -outform der -out x; mv x own.key", "is a private key in DER"),
        (
            "openssl pkcs12 -export -in own.crt -inkey own.key -passout pass:x -out x; mv x own.key",
            "is PKCS#12",
        ),
        ("cp own.crt own.key", "holds a certificate instead of a private key"),
        ("openssl pkey -in own.key -pubout -out x; mv x own.key", "holds a public key instead"),
        (
            "openssl ec -in own.key -aes256 -passout pass:rosebud -out x 2>/dev/null; mv x own.key",
            "is encrypted in OpenSSL's older form",
        ),
        (
            "openssl pkcs8 -topk8 -in own.key -passout pass:rosebud -out x; mv x own.key",
            "own.key` is encrypted",
        ),
        (
            "ssh-keygen -q -t ed25519 -N '' -f x; mv x own.key",
            "is a private key of OpenSSH's own form",
        ),
        (": > own.key", "holds no key: it is empty"),
        ("rm own.key; mkfifo own.key", "is no regular file"),
        (
            "openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256 -out own.key",
            "is not the key of the CA in",
        ),
    ] {
        let (_, said) = refusal(script, "key");
        assert!(said.contains(message), "{script}: {said}");
    }
}

#[test]
fn the_command_that_a_message_names_makes_the_right_file() {
    for (script, key) in [
        ("openssl x509 -in own.crt -outform der -out x; mv x own.crt", "certificate"),
        ("openssl crl2pkcs7 -nocrl -certfile own.crt -out x; mv x own.crt", "certificate"),
        (
            "openssl crl2pkcs7 -nocrl -certfile own.crt -outform der -out x; mv x own.crt",
            "certificate",
        ),
        ("openssl x509 -in own.crt -trustout -out x; mv x own.crt", "certificate"),
        ("iconv -f ascii -t utf-16 own.crt > x; mv x own.crt", "certificate"),
        ("openssl pkey -in own.key -outform der -out x; mv x own.key", "key"),
        ("cp own.key x; ssh-keygen -q -p -N '' -f x; mv x own.key", "key"),
    ] {
        let (cluster, said) = refusal(script, key);
        let command = said
            .split('`')
            .find(|word| [" -out ", " > ", " && "].iter().any(|part| word.contains(part)));
        shell(command.unwrap_or_else(|| panic!("no command: {said}")), cluster.folder.path());
        let (made, named) =
            if key == "key" { ("ca.key.new", "own.key") } else { ("ca.pem", "own.crt") };
        fs::rename(cluster.path(made), cluster.path(named)).unwrap();
        shell("chmod 600 own.key", cluster.folder.path());
        cluster.succeeds();
    }
}

#[test]
fn what_is_around_a_certificate_does_no_harm() {
    for script in [
        "openssl x509 -in own.crt -text -out x; mv x own.crt",
        "sed -i 's/$/\\r/' own.crt own.key",
        "printf '\\357\\273\\277' | cat - own.crt > x; mv x own.crt",
        "printf 'Bag Attributes: <No Attributes>\\nsubject=CN = own\\n\\n' | cat - own.crt > x; mv x own.crt",
        "openssl ecparam -name prime256v1 | cat - own.key > x; mv x own.key",
        "cat own.crt >> own.key",
    ] {
        let cluster = own(script);
        assert!(!cluster.succeeds().contains("error"), "{script}");
        let ca = fs::read_to_string(cluster.path("out/members/pink/certs/ca.crt")).unwrap();
        assert!(ca.starts_with("-----BEGIN CERTIFICATE-----\n"), "{script}: {ca}");
        assert_eq!(cluster.build().written(), [], "{script}");
    }
}

/// The CA's own extensions are of no use, or those of the root over it.
#[test]
fn a_ca_that_verifiers_refuse_is_refused_and_named_by_its_place() {
    let of = |extensions: &str| {
        format!(
            "printf '{extensions}' > ext
             openssl req -new -key own.key -subj /CN=own -out csr 2>/dev/null
             openssl x509 -req -in csr -signkey own.key -days 900 -extfile ext -out own.crt 2>/dev/null"
        )
    };
    let ca = "basicConstraints=critical,CA:true\\nkeyUsage=critical,keyCertSign\\nsubjectKeyIdentifier=hash\\n";
    let above = |root: &str| {
        let root = of(root);
        format!(
            "{root}
             mv own.crt root.crt; mv own.key root.key
             openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout own.key -out x \
                 -days 900 -subj /CN=below -CA root.crt -CAkey root.key \
                 -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign 2>/dev/null
             cat x root.crt > own.crt"
        )
    };
    for (script, message) in [
        (of(&format!("{ca}extendedKeyUsage=clientAuth\\n")), "`own`, may not vouch for serverAuth"),
        (
            of(&format!("{ca}1.2.3.4.5=critical,ASN1:UTF8String:x\\n")),
            "`own`, has a critical extension that Go does not know: 1.2.3.4.5",
        ),
        (
            above(&format!("{ca}extendedKeyUsage=serverAuth\\n")),
            "number 2 in the file, `own`, may not vouch for clientAuth",
        ),
        (
            above(ca)
                + "; openssl req -new -key own.key -subj /CN=below -out csr 2>/dev/null
                   openssl x509 -req -in csr -CA root.crt -CAkey root.key -sha1 -days 900 -extfile ext \
                       -out x 2>/dev/null
                   cat x root.crt > own.crt",
            "`below`, is signed with SHA-1, which verifiers refuse",
        ),
    ] {
        let (_, said) = refusal(&script, "certificate");
        assert!(said.contains(message) && said.contains("have "), "{script}: {said}");
    }
}

/// The certificates of `m1`, `m2` and `root`, each below the next, in an order that is wrong.
#[test]
fn a_chain_that_is_broken_above_the_ca_is_told_by_the_place_in_the_file() {
    let chain = |order: &str| {
        format!(
            "ca() {{ openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout $1.key \\
                 -out $1.crt -days 900 -subj /CN=$1 -addext basicConstraints=critical,CA:TRUE \\
                 -addext keyUsage=critical,keyCertSign ${{2:+-CA $2.crt -CAkey $2.key}} 2>/dev/null; }}
             ca root; ca m2 root; ca m1 m2; ca other; cat {order} > own.crt; cp m1.key own.key"
        )
    };
    for (order, message) in [
        (
            "m1.crt m2.crt root.crt other.crt",
            "`m1`, has `root` over it, number 3 in the file, which is its own issuer, and yet followed in its file by `other`",
        ),
        (
            "m1.crt m2.crt other.crt",
            "`m1`, has `m2` over it, number 2 in the file, which is followed in its file by `other`, which did not sign it",
        ),
        (
            "m1.crt root.crt m2.crt",
            "`m1`, is followed in its file by `root`, which did not sign it",
        ),
        ("m1.crt m1.crt m2.crt root.crt", "`m1`, is in its file twice"),
        (
            "m1.crt m2.crt root.crt root.crt",
            "`m1`, has `root` over it, number 3 in the file, which is in its file twice",
        ),
        ("m1.crt m2.crt", "`m1`, is below `root`, whose certificate is missing in its file"),
    ] {
        let (_, said) = refusal(&chain(order), "certificate");
        assert!(said.contains(message), "{order}: {said}");
    }
}

/// The key is the right one, and so is the passphrase.
#[test]
fn a_key_that_is_encrypted_in_another_form_is_told_the_command_that_helps() {
    let seal = |options: &str| {
        format!(
            "openssl pkcs8 -topk8 -in own.key -passout pass:rosebud1 -out x {options}; mv x own.key
             umask 077; echo rosebud1 > p"
        )
    };
    for options in ["-v2 des3", "-v1 PBE-SHA1-3DES", "-v2 camellia256", "-iter 6000000"] {
        let cluster = own(&seal(options));
        cluster.write(format!("{SPEC}{OWN}[ca]\npassphrase-file = \"p\"\n"));
        let said = said(&cluster.build());
        assert!(said.contains("own.key` is encrypted in a form that is not supported"), "{said}");
        assert!(
            said.contains("key = \"own.key\"\n") && !said.contains("give the passphrase"),
            "{said}"
        );
        let command = said.split('`').find(|word| word.starts_with("openssl pkcs8")).unwrap();
        let command = format!(
            "{command} -passin pass:rosebud1 -passout pass:rosebud1; mv ca.key.new own.key"
        );
        shell(&command, cluster.folder.path());
        cluster.succeeds();
    }
}

/// Whichever CA of the chain it is, and nobody is led to a key of cluster.toml that does nothing for it.
#[test]
fn a_ca_over_the_own_one_that_ends_soon_is_told() {
    let cluster = own(
        "openssl req -x509 -key own.key -out root.crt -days 10 -subj /CN=root \
             -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
         cp own.key root.key
         openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout own.key -out x \
             -days 900 -subj /CN=below -CA root.crt -CAkey root.key \
             -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign 2>/dev/null
         cat x root.crt > own.crt",
    );
    let said = cluster.succeeds();
    for words in [
        "new certificates end on ",
        "with the CA `root`, before their `valid-for`",
        "have that CA renewed",
    ] {
        assert!(said.contains(words), "{said}");
    }
    assert!(!said.contains("ca-valid-for"), "{said}");
}

#[test]
fn a_ca_that_openssl_alone_refuses_is_taken_with_a_warning() {
    let cluster = own(
        "printf 'basicConstraints=critical,CA:true\nsubjectKeyIdentifier=hash\n' > ext
         openssl req -new -key own.key -subj / -out csr 2>/dev/null
         openssl x509 -req -in csr -signkey own.key -days 900 -extfile ext -out own.crt 2>/dev/null",
    );
    let any = own(
        "printf 'basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n\
                 extendedKeyUsage=anyExtendedKeyUsage\n' > ext
         openssl req -new -key own.key -subj /CN=own -out csr 2>/dev/null
         openssl x509 -req -in csr -signkey own.key -days 900 -extfile ext -out own.crt 2>/dev/null",
    );
    let said = any.succeeds();
    assert!(said.contains("no extendedKeyUsage but `serverAuth,clientAuth`"), "{said}");
    for _ in 0..2 {
        let said = cluster.succeeds();
        assert!(said.contains("it has no keyUsage, and an empty subject"), "{said}");
        assert!(said.contains("cluster.toml:26:15") && said.contains("-x509_strict"), "{said}");
    }
}

#[test]
fn a_variable_for_the_key_is_missed_only_where_something_is_signed() {
    let cluster = own("");
    let spec =
        format!("{SPEC}{}", OWN.replace("key = \"own.key\"", "key-env = \"BOUQUET_TEST_CA_KEY\""));
    cluster.succeeds();
    cluster.write(&spec);
    cluster.succeeds();
    cluster.write(format!("{spec}[[client]]\nname = \"alice\"\n"));
    let said = cluster.fails();
    let words = "a certificate must be issued, but the environment variable `BOUQUET_TEST_CA_KEY`, which \
                 names the CA's key, is not set";
    assert!(said.contains(words), "{said}");
    assert!(said.contains("BOUQUET_TEST_CA_KEY=/run/secrets/etcd-ca.key cargo build"), "{said}");
}

#[test]
fn what_is_no_passphrase_is_refused_and_a_short_one_is_told() {
    let spec = |file: &str| format!("{SPEC}\n[ca]\npassphrase-file = \"{file}\"\n");
    for (file, script, message) in [
        ("/dev/zero", "", "`/dev/zero` is no regular file"),
        ("/dev/urandom", "", "`/dev/urandom` is no regular file"),
        ("p", "mkfifo p", "is no regular file"),
        ("p", "mkdir p", "is a folder"),
        ("p", ": > p", "holds no passphrase"),
        ("p", "echo > p", "holds no passphrase"),
        ("p", "echo abc > p", "OpenSSL takes none of fewer than 4 characters"),
        ("p", "head -c 100 /dev/zero > p", "control characters"),
        ("p", "openssl genpkey -algorithm ed25519 -out p", "holds PEM"),
        ("p", "printf '\\357\\273\\277rosebud, rosebud\\n' > p", "begins with a byte order mark"),
        ("p", "printf '            \\n' > p", "only blanks"),
        ("p", "printf 'rose\\377bud' > p", "not text in UTF-8"),
        ("p", "head -c 1025 /dev/zero | tr '\\0' a > p", "has more than 1024 bytes"),
    ] {
        let cluster = Cluster::new(spec(file));
        shell(&format!("umask 077; true; {script}"), cluster.folder.path());
        let built = cluster.build();
        let said = said(&built);
        assert!(built.report.is_none() && said.contains(message), "{file} {script}: {said}");
        assert!(said.contains("passphrase-file = ") && said.contains("^ named here"), "{said}");
    }
    let cluster = Cluster::new(spec("p"));
    shell("umask 077; printf 'rosebud\\r\\nmore\\n' > p", cluster.folder.path());
    for _ in 0..2 {
        assert!(cluster.succeeds().contains("holds a passphrase of 7 characters"));
    }
    shell("openssl pkey -in out/pki/ca.key -passin pass:rosebud -noout", cluster.folder.path());
}
