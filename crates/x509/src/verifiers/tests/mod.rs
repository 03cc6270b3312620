//! CAs that OpenSSL makes, judged here, by OpenSSL and by Go.

mod cases;

use super::Fault;
use crate::chain::{Broken, Chain};
use crate::pem;
use crate::tools::{folder, read, run, try_run, write};
use cases::{Ca, Case, cases, with};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// The extensions of a leaf.
macro_rules! leaf {
    () => {
        "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\n\
         extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=DNS:a.example\n\
         subjectKeyIdentifier=hash\n"
    };
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
    // OpenSSL names no issuer that has no identifier.
    let has_id = !issuer.contains("subjectKeyIdentifier=none");
    let leaf = if has_id { concat!(leaf!(), "authorityKeyIdentifier=keyid\n") } else { leaf!() };
    let leaf = with(leaf);
    certify("leaf", &leaf, signer);
    write(folder, "leaf.crt", &[read(folder, "leaf.crt"), chain.clone()].concat());
    chain.extend(read(folder, "root.crt"));
    write(folder, "ca.crt", &chain);
}

/// Returns what is said here of a chain, and what is doubted in it.
#[expect(clippy::disallowed_methods, reason = "OpenSSL dates what it makes by the clock")]
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
