//! CAs that OpenSSL makes, judged here, by OpenSSL and by Go.

use super::Fault;
use crate::chain::{Broken, Chain};
use crate::pem;
use crate::tools::{folder, read, run, try_run, write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// A root, and what it signed if that is not a leaf right away; each as the extensions and further
/// options of its certificate, and its key.
struct Case {
    root: Ca,
    below: Option<Ca>,
    /// What is said of the chain here; `""` where it is sound.
    says: &'static str,
    /// What is doubted.
    doubts: &'static str,
}

#[derive(Clone, Copy)]
struct Ca {
    extensions: &'static str,
    /// Of `openssl x509 -req`.
    options: &'static str,
    /// Of `openssl genpkey`.
    key: &'static str,
}

const P256: &str = "-algorithm ec -pkeyopt ec_paramgen_curve:P-256";
const ALL: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n\
                   subjectKeyIdentifier=hash\n";
const BELOW: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n\
                     subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

/// A CA that everybody accepts.
const SOUND: Ca = Ca { extensions: ALL, options: "", key: P256 };
const SOUND_BELOW: Ca = Ca { extensions: BELOW, ..SOUND };

fn extensions(extensions: &'static str) -> Ca {
    Ca { extensions, ..SOUND }
}

fn signed(options: &'static str) -> Ca {
    Ca { options, ..SOUND_BELOW }
}

fn keyed(key: &'static str) -> Ca {
    Ca { key, ..SOUND }
}

fn alone(root: Ca, says: &'static str) -> Case {
    Case { root, below: None, says, doubts: "" }
}

fn below(root: Ca, below: Ca, says: &'static str) -> Case {
    Case { root, below: Some(below), says, doubts: "" }
}

fn doubted(case: Case, doubts: &'static str) -> Case {
    Case { doubts, ..case }
}

const ANY: &str = "anyExtendedKeyUsage where OpenSSL wants serverAuth and clientAuth";

/// All but its extensions is [`ALL`]'s.
macro_rules! and {
    ($base:literal, $more:literal) => {
        extensions(concat!($base, "\n", $more, "\n"))
    };
}

/// The extensions of a leaf.
macro_rules! leaf {
    () => {
        "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\n\
         extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=DNS:a.example\n\
         subjectKeyIdentifier=hash\n"
    };
}

fn cases() -> Vec<Case> {
    let bare = "basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n";
    let purposes = |purposes: &'static str| match purposes {
        "server" => and!(
            "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
             subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid",
            "extendedKeyUsage=serverAuth"
        ),
        "client" => and!(
            "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
             subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid",
            "extendedKeyUsage=clientAuth,codeSigning"
        ),
        "both" => and!(
            "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
             subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid",
            "extendedKeyUsage=serverAuth,clientAuth"
        ),
        _ => and!(
            "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
             subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid",
            "extendedKeyUsage=codeSigning,anyExtendedKeyUsage"
        ),
    };
    vec![
        alone(SOUND, ""),
        below(SOUND, SOUND_BELOW, ""),
        // Extended key usage, anywhere in the chain.
        alone(purposes("server"), "may not vouch for clientAuth"),
        alone(purposes("client"), "may not vouch for serverAuth"),
        alone(purposes("both"), ""),
        doubted(alone(purposes("any"), ""), ANY),
        below(purposes("server"), SOUND_BELOW, "may not vouch for clientAuth"),
        below(SOUND, purposes("client"), "may not vouch for serverAuth"),
        doubted(below(purposes("any"), purposes("both"), ""), ANY),
        // Critical extensions.
        alone(
            extensions(
                "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
                 subjectKeyIdentifier=hash\n1.2.3.4.5=critical,ASN1:UTF8String:x\n",
            ),
            "has a critical extension that Go does not know: 1.2.3.4.5",
        ),
        below(
            SOUND,
            extensions(
                "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
                 subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nnsCertType=critical,sslCA\n",
            ),
            "has a critical extension that Go does not know: 2.16.840.1.113730.1.1",
        ),
        alone(
            extensions(
                "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
                 subjectKeyIdentifier=hash\n1.2.3.4.5=ASN1:UTF8String:x\n",
            ),
            "",
        ),
        alone(
            extensions(
                "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
                 subjectKeyIdentifier=hash\ncertificatePolicies=critical,1.2.3.4\n",
            ),
            "",
        ),
        // Signatures: those of a root on itself are not looked at.
        alone(Ca { options: "-sha1", ..SOUND }, ""),
        alone(
            Ca { options: "-md5", key: "-algorithm rsa -pkeyopt rsa_keygen_bits:2048", ..SOUND },
            "",
        ),
        below(SOUND, signed("-sha1"), "is signed with SHA-1, which verifiers refuse"),
        below(
            keyed("-algorithm rsa"),
            signed("-md5"),
            "is signed with MD5, which verifiers refuse",
        ),
        below(
            keyed("-algorithm rsa"),
            signed("-sha224"),
            "is signed with an algorithm that Go does not know",
        ),
        below(keyed("-algorithm rsa"), signed("-sha512"), ""),
        below(
            keyed("-algorithm rsa"),
            signed("-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1"),
            "",
        ),
        below(
            keyed("-algorithm rsa"),
            signed("-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20"),
            "is signed with an algorithm that Go does not know: 1.2.840.113549.1.1.10",
        ),
        // Keys of CAs above.
        below(keyed("-algorithm ed25519"), SOUND_BELOW, ""),
        below(keyed("-algorithm ec -pkeyopt ec_paramgen_curve:P-521"), SOUND_BELOW, ""),
        below(keyed("-algorithm ec -pkeyopt ec_paramgen_curve:P-224"), SOUND_BELOW, ""),
        below(
            keyed("-algorithm ec -pkeyopt ec_paramgen_curve:secp256k1"),
            SOUND_BELOW,
            "has a key on a curve that Go does not know: 1.3.132.0.10",
        ),
        below(
            keyed("-algorithm ec -pkeyopt ec_paramgen_curve:brainpoolP256r1"),
            SOUND_BELOW,
            "has a key on a curve that Go does not know",
        ),
        below(
            keyed("-algorithm ed448"),
            SOUND_BELOW,
            "has a key of a kind that Go verifies nothing with",
        ),
        below(
            keyed("-algorithm rsa -pkeyopt rsa_keygen_bits:768"),
            SOUND_BELOW,
            "has an RSA key of 768 bits, which Go refuses",
        ),
        doubted(
            below(keyed("-algorithm rsa -pkeyopt rsa_keygen_bits:1024"), SOUND_BELOW, ""),
            "an RSA key of less than 2048 bits",
        ),
        // What a CA may do.
        alone(
            extensions("basicConstraints=critical,CA:FALSE\n"),
            "its basicConstraints says CA:FALSE",
        ),
        alone(
            extensions("keyUsage=critical,keyCertSign\n"),
            "basicConstraints with CA:TRUE is missing",
        ),
        below(
            extensions("keyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n"),
            SOUND_BELOW,
            "basicConstraints with CA:TRUE is missing",
        ),
        alone(
            extensions("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign\n"),
            "its keyUsage lacks keyCertSign",
        ),
        below(
            extensions(
                "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign\n\
                 subjectKeyIdentifier=hash\n",
            ),
            SOUND_BELOW,
            "its keyUsage lacks keyCertSign",
        ),
        below(
            extensions(
                "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\n\
                 subjectKeyIdentifier=hash\n",
            ),
            SOUND_BELOW,
            "may have 0 CAs below it (pathLenConstraint), and has 1",
        ),
        below(
            SOUND,
            extensions(
                "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
                 subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n\
                 policyConstraints=critical,requireExplicitPolicy:0\n",
            ),
            "asks for certificate policies",
        ),
        alone(
            extensions(
                "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
                 subjectKeyIdentifier=hash\npolicyConstraints=critical,requireExplicitPolicy:0\n",
            ),
            "",
        ),
        // What Go does not take apart.
        alone(Ca { options: "-set_serial -5", ..SOUND }, "its serial number is negative"),
        alone(
            extensions("basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=critical,hash\n"),
            "its subjectKeyIdentifier is marked as critical",
        ),
        // What `-x509_strict` refuses.
        doubted(alone(extensions(bare), ""), "no keyUsage"),
        doubted(
            alone(
                extensions(
                    "basicConstraints=CA:TRUE\nkeyUsage=critical,keyCertSign\n\
                     subjectKeyIdentifier=hash\n",
                ),
                "",
            ),
            "a basicConstraints that is not critical",
        ),
        doubted(
            alone(
                extensions(
                    "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
                     subjectKeyIdentifier=none\n",
                ),
                "",
            ),
            "no subjectKeyIdentifier",
        ),
        doubted(
            below(
                SOUND,
                extensions(
                    "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
                     subjectKeyIdentifier=hash\nauthorityKeyIdentifier=none\n",
                ),
                "",
            ),
            "no authorityKeyIdentifier",
        ),
        doubted(
            below(
                SOUND,
                extensions(
                    "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
                     subjectKeyIdentifier=hash\n2.5.29.35=DER:3003800101\n",
                ),
                "",
            ),
            "an authorityKeyIdentifier that is not the subjectKeyIdentifier of the CA over it",
        ),
    ]
}

/// Makes the files of a case: `ca.crt`, the chain; `root.crt`; and `leaf.crt`, with those between.
fn make(folder: &Path, case: &Case) {
    let certify = |name: &str, ca: &Ca, signer: &str| {
        run(folder, &format!("openssl genpkey {} -out {name}.key", ca.key));
        run(folder, &format!("openssl req -new -key {name}.key -subj /CN={name} -out csr"));
        write(folder, "ext", ca.extensions.as_bytes());
        let serial = if ca.options.contains("-set_serial") { "" } else { "-set_serial 77" };
        let options = ca.options;
        run(
            folder,
            &format!(
                "openssl x509 -req -in csr {signer} -days 900 -extfile ext {serial} {options} -out \
                 {name}.crt"
            ),
        );
    };
    certify("root", &case.root, "-signkey root.key");
    let mut chain = Vec::new();
    let signer = if let Some(below) = &case.below {
        certify("below", below, "-CA root.crt -CAkey root.key");
        chain.extend(read(folder, "below.crt"));
        "-CA below.crt -CAkey below.key"
    } else {
        "-CA root.crt -CAkey root.key"
    };
    let issuer = case.below.unwrap_or(case.root).extensions;
    let leaf = Ca {
        // OpenSSL names no issuer that has no identifier.
        extensions: if issuer.contains("subjectKeyIdentifier=critical,hash")
            || issuer.contains("subjectKeyIdentifier=hash")
        {
            concat!(leaf!(), "authorityKeyIdentifier=keyid\n")
        } else {
            leaf!()
        },
        ..SOUND
    };
    certify("leaf", &leaf, signer);
    write(folder, "leaf.crt", &[read(folder, "leaf.crt"), chain.clone()].concat());
    chain.extend(read(folder, "root.crt"));
    write(folder, "ca.crt", &chain);
}

/// What is said here of a chain, and what is doubted in it.
fn judged(folder: &Path) -> (String, String) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
    let blocks = pem::certificates(&read(folder, "ca.crt")).expect("certificates");
    match Chain::of(&blocks, now.cast_signed()) {
        Ok(chain) => {
            let why = chain.doubts.iter().flat_map(|doubt| doubt.why.clone());
            (String::new(), why.collect::<Vec<_>>().join("; "))
        }
        Err(Broken::Links(what)) => (what, String::new()),
        Err(Broken::Refused(all)) => {
            let faults: Vec<Fault> = all.into_iter().map(|refusal| refusal.fault).collect();
            let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
            (faults.join("; "), String::new())
        }
    }
}

#[test]
fn each_mistake_of_a_ca_is_told_and_nothing_else() {
    for case in cases() {
        let folder = folder();
        make(folder.path(), &case);
        let (says, doubts) = judged(folder.path());
        let what = format!("{:?} {:?}", case.root.extensions, case.below.map(|ca| ca.extensions));
        assert_eq!(says.is_empty(), case.says.is_empty(), "{what}: {says}");
        assert!(says.contains(case.says) && !says.contains("; "), "{what}: {says}");
        assert_eq!(doubts, case.doubts, "{what}");
    }
}

#[test]
fn what_is_doubted_openssl_refuses_and_nothing_else() {
    let sound = cases().into_iter().filter(|case| case.says.is_empty());
    for case in sound {
        let folder = folder();
        make(folder.path(), &case);
        let verify = "openssl verify -x509_strict -auth_level 2 -purpose sslserver -CAfile root.crt \
                      -untrusted leaf.crt leaf.crt";
        let (verdict, doubts) = (try_run(folder.path(), verify), judged(folder.path()).1);
        let what = format!("{:?} {:?}", case.root.extensions, case.below.map(|ca| ca.extensions));
        assert_eq!(verdict.is_ok(), doubts.is_empty(), "{what}: {doubts}: {verdict:?}");
    }
}

/// Go decides what etcd does. It comes with the tools that build an etcd.
mod real_etcd {
    use super::*;

    /// Verifies `leaf.crt` below `root.crt` in each folder, as a client and as a server do, and prints
    /// `ok` or why not.
    const GO: &str = r#"
package main

import ("crypto/x509"; "encoding/pem"; "fmt"; "os")

func read(file string) (all []*x509.Certificate, err error) {
    rest, err := os.ReadFile(file)
    for err == nil {
        var block *pem.Block
        if block, rest = pem.Decode(rest); block == nil { break }
        var one *x509.Certificate
        one, err = x509.ParseCertificate(block.Bytes)
        all = append(all, one)
    }
    return all, err
}

func verdict(folder string) error {
    roots, err := read(folder + "/root.crt")
    if err != nil { return err }
    chain, err := read(folder + "/leaf.crt")
    if err != nil { return err }
    pool, between := x509.NewCertPool(), x509.NewCertPool()
    pool.AddCert(roots[0])
    for _, ca := range chain[1:] { between.AddCert(ca) }
    for _, usage := range []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth} {
        options := x509.VerifyOptions{Roots: pool, Intermediates: between, KeyUsages: []x509.ExtKeyUsage{usage}}
        if _, err := chain[0].Verify(options); err != nil { return err }
    }
    return nil
}

func main() {
    for _, folder := range os.Args[1:] {
        if err := verdict(folder); err != nil { fmt.Printf("%q\n", err.Error()) } else { fmt.Println("ok") }
    }
}
"#;

    #[test]
    fn go_refuses_what_is_refused_here_and_nothing_else() {
        let cases = cases();
        let folders: Vec<_> = cases.iter().map(|_| folder()).collect();
        for (case, folder) in cases.iter().zip(&folders) {
            make(folder.path(), case);
        }
        let program = folder();
        write(program.path(), "verify.go", GO.as_bytes());
        let paths: Vec<_> = folders.iter().map(|f| f.path().display().to_string()).collect();
        let said = run(program.path(), &format!("go run verify.go {}", paths.join(" ")));
        for ((case, folder), go) in cases.iter().zip(&folders).zip(said.lines()) {
            let says = judged(folder.path()).0;
            let what =
                format!("{:?} {:?}", case.root.extensions, case.below.map(|ca| ca.extensions));
            assert_eq!(
                go == "ok",
                says.is_empty(),
                "{what}: Go says {go}, and here it is {says:?}"
            );
        }
        assert_eq!(said.lines().count(), cases.len());
    }
}
