//! What can be wrong with the CA's files, and the way out of each.

use super::outside::Outside;
use super::recorded::begin_again;
use crate::issuing::{Limits, Source, SourceSpans};
use crate::pki::context::Context;
use crate::pki::existing::Origin;
use crate::pki::signer::{Key, Signer};
use bouquet_model::certificate::{Certificate, fingerprint_text};
use bouquet_model::diagnostic::{Diagnostic, Span};
use bouquet_model::trust::ca_place;

/// A CA's files, to name them. Those in `out/` are shown below the folder's name.
///
/// Errors about a CA are made here, and point at what the spec says of it.
pub(in crate::pki) struct Files<'a> {
    pub(super) context: Context<'a>,
    /// Whether the build writes them.
    pub(super) are_ours: bool,
    number: u32,
    /// The path of its certificate.
    pub(super) certificate: String,
    /// The path of its key; empty for a CA whose key is elsewhere.
    pub(super) key: String,
}

impl<'a> Files<'a> {
    /// Returns the files of the CA of that number.
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

    /// Returns the fingerprint that the spec asks of the CA.
    pub(super) fn pin(&self) -> Option<[u8; 32]> {
        let Context { tls, issuing, .. } = self.context;
        let issues = self.number == tls.clients.issue;
        let pin = self.source().and_then(|source| source.fingerprint);
        pin.or(issuing.fingerprint.filter(|_| issues))
    }

    /// Returns its `[[authority]]`.
    fn source(&self) -> Option<&'a Source> {
        self.context.issuing.sources.iter().find(|source| source.number == self.number)
    }

    /// Returns a place in its `[[authority]]`, or else its number among those that are trusted.
    fn span(&self, place: impl Fn(&SourceSpans) -> Option<Span>) -> Option<Span> {
        let named = self.source().and_then(|source| place(&source.spans));
        named.or_else(|| self.context.issuing.spans.trusted(self.number))
    }

    pub(super) fn certificate_span(&self) -> Option<Span> {
        self.span(|spans| spans.certificate)
    }

    pub(super) fn key_span(&self) -> Option<Span> {
        self.span(|spans| spans.key)
    }

    fn pin_span(&self) -> Option<Span> {
        let named = self.source().and_then(|source| source.spans.fingerprint);
        named.or(self.context.issuing.spans.fingerprint)
    }

    pub(super) fn passphrase_span(&self) -> Option<Span> {
        self.context.issuing.spans.passphrase
    }

    /// Reports that the CA's key cannot be encrypted; `what` says what is missing.
    pub(super) fn passphrase_needed(&self, what: &str) -> Diagnostic {
        Diagnostic::error(format!("`{}` is to be encrypted, and {what}", self.key))
            .at_if(self.passphrase_span(), "named here")
            .help("give the passphrase, and keep it apart from the backup of the key")
    }

    /// Reports that the key of a CA that the build made is not there, and nothing says that it is elsewhere.
    pub(super) fn key_gone(&self) -> Diagnostic {
        let Self { number, certificate, key, .. } = self;
        Diagnostic::warning(format!(
            "`{key}` is not there: CA {number} can issue nothing more, and no certificate is renewed"
        ))
        .at_if(self.span(|_| None), "this CA")
        .help(
            "bring it here from a clone that has it: `cargo run -- secrets import < FILE`; or put it back \
             from a backup",
        )
        .help(format!(
            "or say that it is kept elsewhere, by an `[[authority]]` with `number = {number}`, \
             `certificate = \"{certificate}\"` and no `key`: the build then writes requests"
        ))
        .help("where it is lost, change over to another CA in time: Bouquet's page on certificates has the phases")
    }

    /// Reports that the key is in clear, and `what` is missing to encrypt it.
    pub(super) fn in_clear(&self, what: &str) -> Diagnostic {
        Diagnostic::warning(format!(
            "`{}` is in clear, and is to be encrypted: build once with the passphrase",
            self.key
        ))
        .at_if(self.passphrase_span(), "named here")
        .help(what)
    }

    /// Reports that the file of an `[[authority]]` is not there.
    pub(super) fn file_missing(&self) -> Diagnostic {
        Diagnostic::error(format!(
            "`{}`, the certificate of CA {}, is missing",
            self.certificate, self.number
        ))
        .at_if(self.certificate_span(), "this CA")
        .help("paths in cluster.toml start in its own folder; correct it, or put the file there")
    }

    /// Reports that the CA that is there has not that fingerprint.
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

    /// Reports that no CA is there to have that fingerprint.
    pub(super) fn pinned_and_missing(&self, pin: &[u8; 32]) -> Diagnostic {
        let path = &self.certificate;
        Diagnostic::error(format!("the CA that cluster.toml asks for is missing: `{path}`"))
            .at_if(self.pin_span(), "asked for here")
            .help(format!("asked for: {}", fingerprint_text(pin)))
            .help("there is:  none, and a new one would have another fingerprint")
            .help("put its certificate and key back; or take `fingerprint` out to have one made")
    }

    /// Reports that certificate and key of a CA are missing, where it has issued; `name` is that of the CA, where it is
    /// known.
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
        .help(format!("or {}", self.again()))
    }

    pub(super) fn certificate_lost(&self) -> Diagnostic {
        let Self { context: Context { out, .. }, certificate, key, .. } = self;
        Diagnostic::error(format!("`{key}` is there, but `{certificate}` is missing"))
            .at_if(self.certificate_span(), "this CA")
            .help(format!(
                "it is in any `{out}/members/*/certs/ca.crt`: copy that to `{certificate}`, or where \
                 several CAs are trusted, its block alone"
            ))
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
            "or, if no member and no client runs with those certificates, move `{out}/members` and \
             `{out}/clients` aside: all are issued again, by this CA"
        ))
    }

    /// Reports that the CA's name constraints do not permit what is in `outside`.
    pub(super) fn not_permitted(&self, facts: &Certificate, outside: &Outside) -> Diagnostic {
        const SHOWN: usize = 5;
        let name = &facts.common_name;
        let names = &outside.names;
        let mut what = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
        if let Some(more) = names.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            what = format!("{what} and {more} more");
        }
        let next = self.number.saturating_add(1);
        let Context { issuing, .. } = self.context;
        let owner = outside.first.as_deref().and_then(|name| issuing.spans.owner(name));
        let label = if owner.is_some() { "not permitted" } else { "this CA" };
        let makes = match issuing.limits {
            Limits::None => "makes one that is not limited, unless `name-constraints` is written",
            _ => "makes one that permits all of cluster.toml, and what `permit` adds",
        };
        let mut error = Diagnostic::error(format!(
            "the CA in `{}`, `{name}`, is limited by its name constraints and cannot vouch for {what}",
            self.certificate
        ))
        .at_if(owner.or(self.certificate_span()), label);
        if outside.sans {
            error = error.help("every verifier would refuse such a certificate");
        }
        if outside.common_names {
            error =
                error.note("OpenSSL takes a common name with a dot in it for that of a host").help(
                    "write `common-name = false` in the client's section, or a name without a dot",
                );
        }
        error.help(format!(
            "change over to a CA that can: without what is new here, `trust = [{}, {next}]` under [ca] \
             {makes}",
            self.number
        ))
        .help(format!(
            "put it back together with `issue = {next}`; Bouquet's page on certificates has the phases"
        ))
        .help(begin_again(self.context.typed, self.context.now))
    }

    /// Says that a key is needed and absent; `what` must be done with it, and `needs` says why, a line each.
    pub(in crate::pki) fn key_needed(
        &self,
        signer: &Signer,
        what: &str,
        needs: &[String],
    ) -> Diagnostic {
        const SHOWN: usize = 10;
        let path = &self.key;
        let why = match &signer.key {
            Key::Locked(what) => format!("the CA's key `{path}` is encrypted, and {what}"),
            Key::Unset(name) => {
                format!("the environment variable `{name}`, which names the CA's key, is not set")
            }
            _ => format!("the CA's key `{path}` is missing"),
        };
        let is_locked = matches!(signer.key, Key::Locked(_));
        let span = if is_locked { self.passphrase_span() } else { self.key_span() };
        let mut error = Diagnostic::error(format!("{what}, but {why}"))
            .at_if(span, "needed for this")
            .help(format!("the CA is {}", identity(&signer.facts)));
        error.help.extend(needs.iter().take(SHOWN).cloned());
        if let Some(more) = needs.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            error.help.push(format!("… and {more} more"));
        }
        match &signer.key {
            Key::Locked(_) => {
                error.help("a build that issues nothing works without the passphrase")
            }
            Key::Unset(name) => {
                error.help(format!("for example `{name}=/run/secrets/etcd-ca.key cargo build`"))
            }
            _ if self.are_ours => error.help(format!(
                "bring the key here from a clone that has it: `cargo run -- secrets import < FILE`; or put \
                 it back as `{path}`, build, and take it away again"
            )),
            _ => error
                .help(format!("put that CA's key back as `{path}`, build, and take it away again")),
        }
    }

    pub(super) fn restore(&self) -> String {
        let out = self.context.out;
        format!(
            "put the right one back, from a backup or from `{out}/members/*/certs/ca.crt`, where \
             every build leaves a copy"
        )
    }

    pub(super) fn again(&self) -> String {
        let out = self.context.out;
        format!(
            "start again with another CA by moving `{out}/` aside; every member and client then needs \
             its new files at once"
        )
    }
}

/// Returns a CA as a person tells it from others.
pub(super) fn identity(facts: &Certificate) -> String {
    format!("`{}`, {}", facts.common_name, facts.fingerprint_text())
}
