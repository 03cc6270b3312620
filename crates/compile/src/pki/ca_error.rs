//! What can be wrong with the CA's files, and the way out of each.

use super::PkiError;
use super::key::KeyFault;
use bouquet_model::certificate::Certificate;
use bouquet_model::time::Date;

/// Where the CA's files are, to name them. All paths are shown as `out/…`, by the folder's name.
#[derive(Clone, Copy)]
pub(super) struct Files<'a> {
    pub(super) out: &'a str,
}

impl Files<'_> {
    /// `name` is that of the CA, where it is known.
    pub(super) fn both_lost(self, name: Option<&str>) -> PkiError {
        let Self { out } = self;
        let name =
            name.map_or_else(|| "an earlier CA".to_owned(), |name| format!("the CA `{name}`"));
        PkiError::new(format!(
            "`{out}/pki/ca.crt` and `{out}/pki/ca.key` are missing, but `{out}/` holds the work of \
             {name}"
        ))
        .help(format!(
            "put both back, from a backup or another checkout; the certificate is also in \
             `{out}/members/*/certs/ca.crt`"
        ))
        .help(self.anew())
    }

    pub(super) fn certificate_lost(self) -> PkiError {
        let Self { out } = self;
        PkiError::new(format!("`{out}/pki/ca.key` is there, but `{out}/pki/ca.crt` is missing"))
            .help(format!("copy any `{out}/members/*/certs/ca.crt` to `{out}/pki/ca.crt`"))
            .help(self.anew())
    }

    pub(super) fn another_ca(self, facts: &Certificate, theirs: &str) -> PkiError {
        let Self { out } = self;
        PkiError::new(format!(
            "the CA in `{out}/pki/ca.crt` signed none of the certificates in `{out}/`, which are \
             of the CA `{theirs}`"
        ))
        .help(format!("the CA is {}", identity(facts)))
        .help(self.restore())
        .help(format!(
            "or change over to it by moving `{out}/members` and `{out}/clients` aside; every \
             member and client then needs its new files at once"
        ))
    }

    /// `what` continues the path of `ca.crt`.
    pub(super) fn unreadable(self, what: &str) -> PkiError {
        PkiError::new(format!("`{}/pki/ca.crt` {what}", self.out))
            .help(self.restore())
            .help(self.anew())
    }

    pub(super) fn not_a_ca(self, facts: &Certificate) -> PkiError {
        let name = &facts.common_name;
        PkiError::new(format!("`{}/pki/ca.crt` is not a CA's certificate, but `{name}`", self.out))
            .help(self.restore())
            .help(self.anew())
    }

    /// `what` continues the CA's name.
    pub(super) fn unusable(self, what: &str, facts: &Certificate) -> PkiError {
        let name = &facts.common_name;
        PkiError::new(format!("the CA in `{}/pki/ca.crt`, `{name}`, {what}", self.out)).help(
            "a CA here has a key of ECDSA P-256 or P-384, Ed25519, or RSA from 2048 bits on, a \
             subject in which each attribute is text and appears once, and keyCertSign among its \
             key usages",
        )
    }

    pub(super) fn expired(self, facts: &Certificate) -> PkiError {
        let date = Date(facts.not_after);
        PkiError::new(format!("the CA `{}` expired on {date}", facts.common_name))
            .help("no certificate that it signed is accepted any more")
            .help(self.anew())
    }

    pub(super) fn not_yet_valid(facts: &Certificate, now: i64) -> PkiError {
        let (date, today) = (Date(facts.not_before), Date(now));
        PkiError::new(format!("the CA `{}` is not valid before {date}", facts.common_name))
            .help(format!("this machine's clock says {today}; set it right if it is wrong"))
    }

    pub(super) fn key_fault(self, fault: KeyFault, facts: &Certificate) -> PkiError {
        let path = format!("{}/pki/ca.key", self.out);
        let error = match fault {
            KeyFault::Mismatch => PkiError::new(format!(
                "`{path}` is not the key of the CA in `{}/pki/ca.crt`",
                self.out
            )),
            fault => PkiError::new(format!("`{path}` {fault}")),
        };
        let error = match fault {
            KeyFault::Encrypted => error.help(format!(
                "decrypt it: `openssl pkcs8 -topk8 -nocrypt -in {path} -out ca.key.new`, and put \
                 the result in its place"
            )),
            KeyFault::Unsupported => error.help(
                "supported are ECDSA P-256 and P-384, Ed25519, and RSA of 2048 to 4096 bits, as \
                 `PRIVATE KEY`, `EC PRIVATE KEY` or `RSA PRIVATE KEY`",
            ),
            _ => error,
        };
        error
            .help(format!("the CA is {}", identity(facts)))
            .help(format!("put that CA's key back as `{path}`"))
            .help("a build that issues nothing works without the key: move the file away")
    }

    /// A key is needed and absent; `needs` says for what, a line each.
    pub(super) fn key_needed(self, facts: &Certificate, needs: &[String]) -> PkiError {
        const SHOWN: usize = 10;
        let path = format!("{}/pki/ca.key", self.out);
        let count = needs.len();
        let what =
            if count == 1 { "a certificate".into() } else { format!("{count} certificates") };
        let mut error =
            PkiError::new(format!("{what} must be issued, but the CA's key `{path}` is missing"))
                .help(format!("the CA is {}", identity(facts)));
        error.help.extend(needs.iter().take(SHOWN).cloned());
        if count > SHOWN {
            error.help.push(format!("… and {} more", count - SHOWN));
        }
        error.help(format!("put that CA's key back as `{path}`, build, and take it away again"))
    }

    fn restore(self) -> String {
        let Self { out } = self;
        format!(
            "put the right one back, from a backup or from `{out}/members/*/certs/ca.crt`, where \
             every build leaves a copy"
        )
    }

    fn anew(self) -> String {
        let Self { out } = self;
        format!(
            "or start anew with another CA by moving `{out}/` aside; every member and client then \
             needs its new files at once"
        )
    }
}

/// A CA as a person tells it from others.
fn identity(facts: &Certificate) -> String {
    format!("`{}`, {}", facts.common_name, facts.fingerprint_text())
}
