//! What can be wrong with the CA's files, and the way out of each.

use crate::issuing::{Source, SourceSpans};
use crate::pki::context::Context;
use crate::pki::existing::Origin;
use crate::pki::signer::{Key, Signer};
use bouquet_model::certificate::{Certificate, fingerprint_text};
use bouquet_model::diagnostic::{Diagnostic, Span};
use bouquet_model::time::Date;
use bouquet_model::trust::ca_place;
use bouquet_x509::KeyFault;

/// A CA's files, to name them. Those in `out/` are shown below the folder's name.
///
/// Errors about a CA are made here, and point at what the spec says of it.
pub(in crate::pki) struct Files<'a> {
    context: Context<'a>,
    /// Whether the build writes them.
    pub(super) are_ours: bool,
    number: u32,
    /// The path of its certificate.
    certificate: String,
    /// The path of its key; empty for a CA whose key is elsewhere.
    key: String,
}

impl<'a> Files<'a> {
    /// The files of the CA of that number.
    pub(in crate::pki) fn of(context: &Context<'a>, number: u32, origin: &Origin) -> Self {
        let out = context.out;
        let (certificate, key) = match origin {
            Origin::Minted => {
                let place = ca_place(number);
                (format!("{out}/{place}.crt"), format!("{out}/{place}.key"))
            }
            Origin::Files { certificate, key } => {
                (certificate.clone(), key.clone().unwrap_or_default())
            }
        };
        let are_ours = *origin == Origin::Minted;
        Self { context: *context, are_ours, number, certificate, key }
    }

    /// The fingerprint that the spec asks of the CA.
    pub(super) fn pin(&self) -> Option<[u8; 32]> {
        let Context { tls, issuing, .. } = self.context;
        let issues = self.number == tls.clients.issue;
        let pin = self.source().and_then(|source| source.fingerprint);
        pin.or(issuing.fingerprint.filter(|_| issues))
    }

    /// Its `[[authority]]`.
    fn source(&self) -> Option<&'a Source> {
        self.context.issuing.sources.iter().find(|source| source.number == self.number)
    }

    /// A place in its `[[authority]]`, or else its number among those that are trusted.
    fn span(&self, place: impl Fn(&SourceSpans) -> Option<Span>) -> Option<Span> {
        let named = self.source().and_then(|source| place(&source.spans));
        named.or_else(|| self.context.issuing.spans.trusted(self.number))
    }

    fn certificate_span(&self) -> Option<Span> {
        self.span(|spans| spans.certificate)
    }

    fn key_span(&self) -> Option<Span> {
        self.span(|spans| spans.key)
    }

    fn pin_span(&self) -> Option<Span> {
        let named = self.source().and_then(|source| source.spans.fingerprint);
        named.or(self.context.issuing.spans.fingerprint)
    }

    fn passphrase_span(&self) -> Option<Span> {
        self.context.issuing.spans.passphrase
    }

    /// `what` says what is missing.
    pub(super) fn passphrase_needed(&self, what: &str) -> Diagnostic {
        Diagnostic::error(format!("`{}` is to be encrypted, and {what}", self.key))
            .at_if(self.passphrase_span(), "named here")
            .help("give the passphrase, and keep it apart from the backup of the key")
    }

    /// The key is in clear, and `what` is missing to encrypt it.
    pub(super) fn in_clear(&self, what: &str) -> Diagnostic {
        Diagnostic::warning(format!(
            "`{}` is in clear, and is to be encrypted: build once with the passphrase",
            self.key
        ))
        .at_if(self.passphrase_span(), "named here")
        .help(what)
    }

    /// The key's file cannot be opened with the passphrase.
    pub(super) fn locked(&self, fault: KeyFault) -> Diagnostic {
        Diagnostic::error(format!("`{}` {fault}", self.key))
            .at_if(self.passphrase_span(), "named here")
            .help("give the passphrase that it was encrypted with")
            .help(format!(
                "to change it: `openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 600000 -in {} -out new.key`, \
                 and put the result in its place",
                self.key
            ))
    }

    /// The file of an `[[authority]]` is not there.
    pub(super) fn file_missing(&self) -> Diagnostic {
        Diagnostic::error(format!(
            "`{}`, the certificate of CA {}, is missing",
            self.certificate, self.number
        ))
        .at_if(self.certificate_span(), "this CA")
        .help("paths in cluster.toml start in its own folder; correct it, or put the file there")
    }

    /// The CA that is there has not that fingerprint.
    pub(super) fn pinned(&self, facts: &Certificate, pin: &[u8; 32]) -> Diagnostic {
        Diagnostic::error(format!(
            "`{}` is not the CA that cluster.toml asks for",
            self.certificate
        ))
        .at_if(self.pin_span(), "asked for here")
        .help(format!("asked for: {}", fingerprint_text(pin)))
        .help(format!("there is:  {}, `{}`", facts.fingerprint_text(), facts.common_name))
        .help("put the right CA back; or, if the change is meant, write the new fingerprint")
    }

    /// No CA is there to have that fingerprint.
    pub(super) fn pinned_and_missing(&self, pin: &[u8; 32]) -> Diagnostic {
        let path = &self.certificate;
        Diagnostic::error(format!("the CA that cluster.toml asks for is missing: `{path}`"))
            .at_if(self.pin_span(), "asked for here")
            .help(format!("asked for: {}", fingerprint_text(pin)))
            .help("there is:  none, and a new one would have another fingerprint")
            .help("put its certificate and key back; or take `fingerprint` out to have one made")
    }

    /// `name` is that of the CA, where it is known.
    pub(super) fn both_lost(&self, name: Option<&str>) -> Diagnostic {
        let Self { context: Context { out, .. }, certificate, key, .. } = self;
        let name = name.filter(|name| !name.is_empty());
        let name =
            name.map_or_else(|| "an earlier CA".to_owned(), |name| format!("the CA `{name}`"));
        Diagnostic::error(format!(
            "`{certificate}` and `{key}` are missing, but `{out}/` holds the work of {name}"
        ))
        .at_if(self.certificate_span(), "this CA")
        .help(format!(
            "put both back, from a backup or another checkout; the certificate is also in \
             `{out}/members/*/certs/ca.crt`, and is enough as long as nothing has to be issued: then \
             change over to another CA"
        ))
        .help(self.or_again())
    }

    pub(super) fn certificate_lost(&self) -> Diagnostic {
        let Self { context: Context { out, .. }, certificate, key, .. } = self;
        Diagnostic::error(format!("`{key}` is there, but `{certificate}` is missing"))
            .at_if(self.certificate_span(), "this CA")
            .help(format!(
                "it is in any `{out}/members/*/certs/ca.crt`: copy that to `{certificate}`, or where \
                 several CAs are trusted, its block alone"
            ))
            .help(self.or_again())
    }

    pub(super) fn another_ca(&self, facts: &Certificate, theirs: &str) -> Diagnostic {
        let Self { context: Context { out, .. }, certificate, .. } = self;
        Diagnostic::error(format!(
            "the CA in `{certificate}` signed none of the certificates in `{out}/`, which are \
             of the CA `{theirs}`"
        ))
        .at_if(self.certificate_span(), "this CA")
        .help(format!("the CA is {}", identity(facts)))
        .help(self.restore())
        .help(format!(
            "or change over to it by moving `{out}/members` and `{out}/clients` aside; every \
             member and client then needs its new files at once"
        ))
    }

    /// `what` continues the path of `ca.crt`.
    pub(super) fn unreadable(&self, what: &str) -> Diagnostic {
        Diagnostic::error(format!("`{}` {what}", self.certificate))
            .at_if(self.certificate_span(), "this CA")
            .help(self.restore())
            .help(self.or_again())
    }

    pub(super) fn not_a_ca(&self, facts: &Certificate) -> Diagnostic {
        let name = &facts.common_name;
        Diagnostic::error(format!("`{}` is not a CA's certificate, but `{name}`", self.certificate))
            .at_if(self.certificate_span(), "this CA")
            .help(self.restore())
            .help(self.or_again())
    }

    /// `what` continues the CA's name.
    pub(super) fn unusable(&self, what: &str, facts: &Certificate) -> Diagnostic {
        let name = &facts.common_name;
        Diagnostic::error(format!("the CA in `{}`, `{name}`, {what}", self.certificate))
            .at_if(self.certificate_span(), "this CA")
            .help(
                "a CA here has a key of ECDSA P-256 or P-384, Ed25519, or RSA from 2048 bits on, a \
             subject in which each attribute is text and appears once, and keyCertSign among its \
             key usages",
            )
    }

    /// `outside` names what the CA's name constraints do not permit.
    pub(super) fn not_permitted(&self, facts: &Certificate, outside: &[String]) -> Diagnostic {
        const SHOWN: usize = 5;
        let name = &facts.common_name;
        let mut what = outside.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
        if let Some(more) = outside.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            what = format!("{what} and {more} more");
        }
        let next = self.number.saturating_add(1);
        Diagnostic::error(format!(
            "the CA in `{}`, `{name}`, is limited by its name constraints and cannot vouch for {what}",
            self.certificate
        ))
        .at_if(self.certificate_span(), "this CA")
        .help("every verifier would refuse such a certificate")
        .help(format!(
            "change over to a CA that can: without what is new here, `trust = [{}, {next}]` under [ca] \
             makes one that permits all of cluster.toml, and what `permit` adds",
            self.number
        ))
        .help(format!(
            "put it back together with `issue = {next}`; Bouquet's page on certificates has the phases"
        ))
        .help(format!("if nobody uses this CA yet, move `{}/` aside instead and build again", self.context.out))
    }

    /// `what` continues the CA's name.
    pub(super) fn broken_chain(&self, what: &str, facts: &Certificate) -> Diagnostic {
        let name = &facts.common_name;
        Diagnostic::error(format!("the CA in `{}`, `{name}`, {what}", self.certificate))
            .at_if(self.certificate_span(), "this CA")
            .help(
                "the file holds the CA's own certificate, below it the one that signed it, and so \
                   on to the root, which signed itself and which everybody is given to trust",
            )
    }

    /// The key is not the first certificate's, but that of another one in the file.
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

    pub(super) fn expired(&self, facts: &Certificate) -> Diagnostic {
        let date = Date(facts.not_after);
        Diagnostic::error(format!("the CA `{}` expired on {date}", facts.common_name))
            .at_if(self.certificate_span(), "this CA")
            .help("no certificate that it signed is accepted any more")
            .help(self.again())
    }

    pub(super) fn not_yet_valid(&self, facts: &Certificate) -> Diagnostic {
        let (date, today) = (Date(facts.not_before), Date(self.context.now));
        Diagnostic::error(format!("the CA `{}` is not valid before {date}", facts.common_name))
            .at_if(self.certificate_span(), "this CA")
            .help(format!("this machine's clock says {today}; set it right if it is wrong"))
    }

    pub(super) fn key_fault(&self, fault: KeyFault, facts: &Certificate) -> Diagnostic {
        let path = &self.key;
        let error = match fault {
            KeyFault::Mismatch => Diagnostic::error(format!(
                "`{path}` is not the key of the CA in `{}`",
                self.certificate
            )),
            fault => Diagnostic::error(format!("`{path}` {fault}")),
        };
        let error = match fault {
            KeyFault::Encrypted => error.help(format!(
                "name its passphrase by `passphrase-file` or `passphrase-env` under [ca]; or decrypt \
                 it: `openssl pkcs8 -topk8 -nocrypt -in {path} -out ca.key.new`, and put the result \
                 in its place"
            )),
            KeyFault::Unsupported => error.help(
                "supported are ECDSA P-256 and P-384, Ed25519, and RSA of 2048 to 4096 bits, as \
                 `PRIVATE KEY`, `EC PRIVATE KEY` or `RSA PRIVATE KEY`",
            ),
            _ => error,
        };
        let error = error.at_if(self.key_span(), "this CA");
        if fault == KeyFault::Mismatch && self.are_ours {
            // Either file may be the one that was replaced: to follow the wrong one loses the CA.
            let (certificate, out) = (&self.certificate, self.context.out);
            return error
                .help(format!("`{certificate}` holds {}", identity(facts)))
                .help(format!(
                    "`{out}/members/*/certs/ca.crt` hold the CA that members trust: where that is \
                     another, `{certificate}` is the wrong file, and this one of theirs belongs there"
                ))
                .help(format!("where it is the same, put that CA's key back as `{path}`"))
                .help("overwrite neither file before you have a copy of it");
        }
        let error = error
            .help(format!("the CA is {}", identity(facts)))
            .help(format!("put that CA's key back as `{path}`"));
        // Without one, a CA of the operator's would be an external one.
        if self.are_ours {
            error.help("a build that issues nothing works without the key: move the file away")
        } else {
            error
        }
    }

    /// A key is needed and absent; `what` must be done with it, and `needs` says why, a line each.
    pub(in crate::pki) fn key_needed(
        &self,
        signer: &Signer,
        what: &str,
        needs: &[String],
    ) -> Diagnostic {
        const SHOWN: usize = 10;
        let path = &self.key;
        let count = needs.len();
        let locked = if let Key::Locked(what) = &signer.key { Some(what) } else { None };
        let why = locked
            .map_or_else(|| "is missing".to_owned(), |what| format!("is encrypted, and {what}"));
        let span = if locked.is_some() { self.passphrase_span() } else { self.key_span() };
        let mut error = Diagnostic::error(format!("{what}, but the CA's key `{path}` {why}"))
            .at_if(span, "needed for this")
            .help(format!("the CA is {}", identity(&signer.facts)));
        error.help.extend(needs.iter().take(SHOWN).cloned());
        if count > SHOWN {
            error.help.push(format!("… and {} more", count - SHOWN));
        }
        match locked {
            Some(_) => error.help("a build that issues nothing works without the passphrase"),
            None => error
                .help(format!("put that CA's key back as `{path}`, build, and take it away again")),
        }
    }

    fn restore(&self) -> String {
        let out = self.context.out;
        format!(
            "put the right one back, from a backup or from `{out}/members/*/certs/ca.crt`, where \
             every build leaves a copy"
        )
    }

    fn or_again(&self) -> String {
        format!("or {}", self.again())
    }

    fn again(&self) -> String {
        let out = self.context.out;
        format!(
            "start again with another CA by moving `{out}/` aside; every member and client then needs \
             its new files at once"
        )
    }
}

/// A CA as a person tells it from others.
fn identity(facts: &Certificate) -> String {
    format!("`{}`, {}", facts.common_name, facts.fingerprint_text())
}
