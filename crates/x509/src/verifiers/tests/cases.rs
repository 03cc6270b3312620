//! CAs, and what is said of each.

/// A root, and what it signed if that is not a leaf right away.
#[derive(Clone, Copy)]
pub(super) struct Case {
    pub(super) root: Ca,
    pub(super) below: Option<Ca>,
    /// What is said of the chain here; `""` where it is sound.
    pub(super) says: &'static str,
    /// What is doubted.
    pub(super) doubts: &'static str,
}

/// A CA as OpenSSL is asked for it.
#[derive(Clone, Copy)]
pub(super) struct Ca {
    pub(super) extensions: &'static str,
    /// Of `openssl x509 -req`.
    pub(super) options: &'static str,
    /// Of `openssl genpkey`.
    pub(super) key: &'static str,
}

/// The extensions of a root that everybody accepts, and more.
macro_rules! root {
    ($more:literal) => {
        with(concat!(
            "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
             subjectKeyIdentifier=hash\n",
            $more
        ))
    };
}

/// Those of a CA below it.
macro_rules! below {
    ($more:literal) => {
        with(concat!(
            "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
             subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n",
            $more
        ))
    };
}

const ROOT: Ca = root!("");
const BELOW: Ca = below!("");

/// Returns a CA with these extensions alone.
pub(super) const fn with(extensions: &'static str) -> Ca {
    Ca { extensions, options: "", key: "-algorithm ec -pkeyopt ec_paramgen_curve:P-256" }
}

const fn keyed(key: &'static str) -> Ca {
    Ca { key, ..ROOT }
}

const fn signed(options: &'static str) -> Ca {
    Ca { options, ..BELOW }
}

const fn alone(root: Ca, says: &'static str) -> Case {
    Case { root, below: None, says, doubts: "" }
}

const fn chain(root: Ca, below: Ca, says: &'static str) -> Case {
    Case { root, below: Some(below), says, doubts: "" }
}

const fn doubted(case: Case, doubts: &'static str) -> Case {
    Case { doubts, ..case }
}

/// Returns every case.
pub(super) fn cases() -> Vec<Case> {
    [&SOUND, PURPOSES, CRITICAL, SIGNATURES, KEYS, POWERS, UNREADABLE, STRICT].concat()
}

const SOUND: [Case; 2] = [alone(ROOT, ""), chain(ROOT, BELOW, "")];

const ANY: &str = "anyExtendedKeyUsage where OpenSSL wants serverAuth and clientAuth";

/// Extended key usage, anywhere in the chain.
const PURPOSES: &[Case] = &[
    alone(root!("extendedKeyUsage=serverAuth\n"), "may not vouch for clientAuth"),
    alone(root!("extendedKeyUsage=clientAuth,codeSigning\n"), "may not vouch for serverAuth"),
    alone(root!("extendedKeyUsage=codeSigning\n"), "may not vouch for serverAuth and clientAuth"),
    alone(root!("extendedKeyUsage=serverAuth,clientAuth\n"), ""),
    doubted(alone(root!("extendedKeyUsage=codeSigning,anyExtendedKeyUsage\n"), ""), ANY),
    chain(root!("extendedKeyUsage=serverAuth\n"), BELOW, "may not vouch for clientAuth"),
    chain(ROOT, below!("extendedKeyUsage=clientAuth\n"), "may not vouch for serverAuth"),
    doubted(
        chain(
            root!("extendedKeyUsage=anyExtendedKeyUsage\n"),
            below!("extendedKeyUsage=serverAuth,clientAuth\n"),
            "",
        ),
        ANY,
    ),
];

/// Critical extensions that Go knows, and others.
const CRITICAL: &[Case] = &[
    alone(
        root!("1.2.3.4.5=critical,ASN1:UTF8String:x\n"),
        "has a critical extension that Go does not know: 1.2.3.4.5",
    ),
    chain(
        ROOT,
        below!("nsCertType=critical,sslCA\n"),
        "has a critical extension that Go does not know: 2.16.840.1.113730.1.1",
    ),
    alone(root!("1.2.3.4.5=ASN1:UTF8String:x\n"), ""),
    alone(root!("certificatePolicies=critical,1.2.3.4\n"), ""),
];

/// Those of a root on itself are not looked at.
const SIGNATURES: &[Case] = &[
    alone(Ca { options: "-sha1", ..ROOT }, ""),
    alone(Ca { options: "-md5", ..keyed("-algorithm rsa") }, ""),
    chain(ROOT, signed("-sha1"), "is signed with SHA-1, which verifiers refuse"),
    chain(keyed("-algorithm rsa"), signed("-md5"), "is signed with MD5, which verifiers refuse"),
    chain(
        keyed("-algorithm rsa"),
        signed("-sha224"),
        "is signed with an algorithm that Go does not know: 1.2.840.113549.1.1.14",
    ),
    chain(keyed("-algorithm rsa"), signed("-sha512"), ""),
    chain(
        keyed("-algorithm rsa"),
        signed("-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1"),
        "",
    ),
    chain(
        keyed("-algorithm rsa"),
        signed("-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20"),
        "is signed with an algorithm that Go does not know: 1.2.840.113549.1.1.10",
    ),
];

/// Of the CA over the one that signs.
const KEYS: &[Case] = &[
    chain(keyed("-algorithm ed25519"), BELOW, ""),
    chain(keyed("-algorithm ec -pkeyopt ec_paramgen_curve:P-521"), BELOW, ""),
    chain(keyed("-algorithm ec -pkeyopt ec_paramgen_curve:P-224"), BELOW, ""),
    chain(
        keyed("-algorithm ec -pkeyopt ec_paramgen_curve:secp256k1"),
        BELOW,
        "has a key on a curve that Go does not know: 1.3.132.0.10",
    ),
    chain(
        keyed("-algorithm ec -pkeyopt ec_paramgen_curve:brainpoolP256r1"),
        BELOW,
        "has a key on a curve that Go does not know",
    ),
    chain(
        keyed("-algorithm ed448"),
        BELOW,
        "has a key of a kind that Go verifies nothing with: 1.3.101.113",
    ),
    chain(
        keyed("-algorithm rsa -pkeyopt rsa_keygen_bits:768"),
        BELOW,
        "has an RSA key of 768 bits, which Go refuses",
    ),
    doubted(
        chain(keyed("-algorithm rsa -pkeyopt rsa_keygen_bits:1024"), BELOW, ""),
        "an RSA key of less than 2048 bits",
    ),
];

/// What a CA may do.
const POWERS: &[Case] = &[
    alone(with("basicConstraints=critical,CA:FALSE\n"), "its basicConstraints says CA:FALSE"),
    alone(with("keyUsage=critical,keyCertSign\n"), "basicConstraints with CA:TRUE is missing"),
    chain(
        with("keyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n"),
        BELOW,
        "basicConstraints with CA:TRUE is missing",
    ),
    alone(
        with("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign\n"),
        "its keyUsage lacks keyCertSign",
    ),
    chain(
        with(
            "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign\n\
             subjectKeyIdentifier=hash\n",
        ),
        BELOW,
        "its keyUsage lacks keyCertSign",
    ),
    chain(
        with(
            "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\n\
             subjectKeyIdentifier=hash\n",
        ),
        BELOW,
        "may have 0 CAs below it (pathLenConstraint), and has 1",
    ),
    chain(
        ROOT,
        below!("policyConstraints=critical,requireExplicitPolicy:0\n"),
        "asks for certificate policies",
    ),
    chain(ROOT, below!("policyConstraints=critical,requireExplicitPolicy:2\n"), ""),
    alone(root!("policyConstraints=critical,requireExplicitPolicy:0\n"), ""),
];

/// What Go does not take apart.
const UNREADABLE: &[Case] = &[
    alone(Ca { options: "-set_serial -5", ..ROOT }, "its serial number is negative"),
    alone(
        with("basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=critical,hash\n"),
        "its subjectKeyIdentifier is marked as critical",
    ),
];

/// What `-x509_strict` refuses.
const STRICT: &[Case] = &[
    doubted(
        alone(with("basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n"), ""),
        "no keyUsage",
    ),
    doubted(
        alone(
            with("basicConstraints=CA:TRUE\nkeyUsage=keyCertSign\nsubjectKeyIdentifier=hash\n"),
            "",
        ),
        "a basicConstraints that is not critical",
    ),
    doubted(
        alone(
            with(
                "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
                 subjectKeyIdentifier=none\n",
            ),
            "",
        ),
        "no subjectKeyIdentifier",
    ),
    doubted(chain(ROOT, root!("authorityKeyIdentifier=none\n"), ""), "no authorityKeyIdentifier"),
    doubted(
        chain(ROOT, root!("2.5.29.35=DER:3003800101\n"), ""),
        "an authorityKeyIdentifier that is not the subjectKeyIdentifier of the CA over it",
    ),
];
