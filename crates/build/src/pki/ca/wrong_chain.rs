//! CAs that verifiers refuse, alone or in their chain, and what to have made otherwise.

use super::files::Files;
use bouquet_model::certificate::Certificate;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::time::Date;
use bouquet_x509::{Broken, Doubt, Fault, Refusal};

impl Files<'_> {
    /// Reports what speaks against the certificates in the file, in their order.
    pub(super) fn broken(&self, broken: Broken, facts: &Certificate) -> Vec<Diagnostic> {
        match broken {
            Broken::Links(what) => vec![self.broken_chain(&what, facts)],
            Broken::Refused(refused) => {
                refused.iter().map(|refusal| self.refused(refusal, facts)).collect()
            }
        }
    }

    /// Reports a CA that is of a kind not supported here; `what` continues the CA's name.
    pub(super) fn unusable(&self, what: &str, facts: &Certificate) -> Diagnostic {
        let name = &facts.common_name;
        Diagnostic::error(format!("the CA in `{}`, `{name}`, {what}", self.certificate))
            .at_if(self.certificate_span(), "this CA")
            .help(
                "a CA here has a key of ECDSA P-256 or P-384, Ed25519, or RSA from 2048 bits on, and a \
             subject in which each attribute is text and appears once",
            )
    }

    /// Reports a file whose certificates are no chain up to a root; `what` continues the CA's name.
    fn broken_chain(&self, what: &str, facts: &Certificate) -> Diagnostic {
        let name = &facts.common_name;
        Diagnostic::error(format!("the CA in `{}`, `{name}`, {what}", self.certificate))
            .at_if(self.certificate_span(), "this CA")
            .help(
                "the file holds the CA's own certificate, below it the one that signed it, and so \
                   on to the root, which signed itself and which everybody is given to trust",
            )
    }

    /// Reports that the key is not the first certificate's, but that of another one in the file.
    pub(super) fn out_of_order(
        &self,
        facts: &Certificate,
        (at, name): (usize, String),
    ) -> Diagnostic {
        let what = format!(
            "is the first in its file, but the key is that of `{name}`, number {at} in the file: the \
             CA's own certificate comes first"
        );
        self.broken_chain(&what, facts)
    }

    fn refused(&self, refusal: &Refusal, facts: &Certificate) -> Diagnostic {
        let Refusal { at, name, fault } = refusal;
        let path = &self.certificate;
        if *at == 1 {
            match fault {
                Fault::Expired(_) => return self.expired(facts),
                Fault::NotYetValid(_) => return self.not_yet_valid(facts),
                _ => {}
            }
        }
        let message = match (at, fault) {
            (1, Fault::NotACa { says_so }) => {
                let why = if *says_so {
                    "its basicConstraints says CA:FALSE"
                } else {
                    "basicConstraints with CA:TRUE is missing"
                };
                format!("`{path}` is not a CA's certificate, but `{name}`: {why}")
            }
            (1, _) => format!("the CA in `{path}`, `{name}`, {fault}"),
            _ => format!("the CA over it in `{path}`, number {at} in the file, `{name}`, {fault}"),
        };
        let error = Diagnostic::error(message).at_if(self.certificate_span(), "this CA");
        let mut error = match note(fault) {
            Some(note) => error.note(note),
            None => error,
        };
        if self.are_ours {
            error.help.push(self.restore());
        }
        if !(self.are_ours && matches!(fault, Fault::NotACa { .. })) {
            error.help.extend(remedy(fault));
        }
        error
    }

    fn expired(&self, facts: &Certificate) -> Diagnostic {
        let date = Date(facts.not_after);
        let error = Diagnostic::error(format!("the CA `{}` expired on {date}", facts.common_name))
            .at_if(self.certificate_span(), "this CA")
            .help("no certificate that it signed is accepted any more");
        let today = Date(self.context.now);
        let error =
            error.help(format!("this machine's clock says {today}; set it right if it is wrong"));
        if self.are_ours {
            error.help(self.again())
        } else {
            error.help(
                "put a certificate of the CA there that is valid, or change over to another CA",
            )
        }
    }

    fn not_yet_valid(&self, facts: &Certificate) -> Diagnostic {
        let (date, today) = (Date(facts.not_before), Date(self.context.now));
        Diagnostic::error(format!("the CA `{}` is not valid before {date}", facts.common_name))
            .at_if(self.certificate_span(), "this CA")
            .help(format!("this machine's clock says {today}; set it right if it is wrong"))
    }

    /// Reports a CA that etcd accepts and others do not.
    pub(in crate::pki) fn doubted(&self, doubt: &Doubt) -> Diagnostic {
        let Doubt { at, name, why } = doubt;
        let which = match at {
            1 => "the CA".to_owned(),
            at => format!("number {at}"),
        };
        Diagnostic::warning(format!(
            "OpenSSL may refuse {which} in `{}`, `{name}`: it has {}",
            self.certificate,
            why.join(", and ")
        ))
        .at_if(self.certificate_span(), "this CA")
        .note(
            "etcd accepts it; `openssl verify -x509_strict` does not, nor Python from 3.13 on, which \
             verifies so",
        )
        .help(format!("where such clients matter, have it made again with {STRICT}"))
    }
}

/// The extensions of a CA that everybody accepts.
const STRICT: &str = "`basicConstraints=critical,CA:TRUE`, `keyUsage=critical,keyCertSign,cRLSign`, \
                      `subjectKeyIdentifier=hash` and `authorityKeyIdentifier=keyid`, no \
                      extendedKeyUsage but `serverAuth,clientAuth`, a subject, and a key from 2048 bits \
                      of RSA on";

/// Returns the rule behind a fault, where it is not plain.
fn note(fault: &Fault) -> Option<&'static str> {
    Some(match fault {
        Fault::Version | Fault::NotACa { .. } => {
            "`openssl x509 -req` makes certificates without extensions unless it is given `-extfile`"
        }
        Fault::Purposes(_) => {
            "Go, and so etcd, holds every CA of a chain to its extendedKeyUsage; members and clients \
             need serverAuth and clientAuth"
        }
        Fault::Critical(_) => {
            "anyone who does not know a critical extension has to refuse the certificate"
        }
        Fault::WeakSignature(_) => {
            "Go refuses it, SHA-1 from 1.18 on, and so does etcd; the signature of a root on itself is not looked at"
        }
        _ => return None,
    })
}

/// Returns what to have made otherwise.
fn remedy(fault: &Fault) -> Vec<String> {
    let again = |how: &str| vec![format!("have it made again {how}")];
    match fault {
        Fault::Version | Fault::NotACa { .. } | Fault::KeyUsage => vec![
            "name the file of a CA's certificate, the CA's own first".to_owned(),
            "or make it again with `-addext basicConstraints=critical,CA:TRUE -addext \
             keyUsage=critical,keyCertSign,cRLSign`"
                .to_owned(),
        ],
        Fault::Purposes(_) => {
            again("without extendedKeyUsage, or with `extendedKeyUsage=serverAuth,clientAuth`")
        }
        Fault::Critical(_) => again("without that extension, or with one that is not critical"),
        Fault::WeakSignature(_) | Fault::UnknownSignature(_) => vec![
            "have the CA over it sign it again with SHA-256: `openssl x509 -req -sha256 …`"
                .to_owned(),
        ],
        Fault::Key(_) => {
            again("with a key of ECDSA P-256 or P-384, Ed25519, or RSA of 2048 to 4096 bits")
        }
        Fault::PathLength { below, .. } => {
            again(&format!("without `pathlen`, or with one of {below} at least"))
        }
        Fault::Policies => again("without policyConstraints"),
        Fault::Constraints => again("with name constraints of DNS names and addresses alone"),
        Fault::Unreadable(_) => again("without that"),
        Fault::NotYetValid(_) | Fault::Expired(_) => {
            vec!["this machine's clock may be wrong; or have that CA renewed".to_owned()]
        }
    }
}
