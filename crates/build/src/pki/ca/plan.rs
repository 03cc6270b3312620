//! What is to be done about a CA, and doing it.

use super::authority::Authority;
use super::files::Files;
use super::load::load;
use crate::pki::context::Context;
use crate::pki::existing::{ExistingCa, Origin, Passphrase};
use crate::pki::fault::impossible;
use crate::pki::signer::{BACKDATED, Key, seconds};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::{
    Constraints, LONGEST_COMMON_NAME, NewKey, Secret, Validity, encrypted, pem, random_digits,
    self_signed,
};
use core::fmt;

/// A CA that is trusted, and what is to be done about it.
pub(in crate::pki) struct Item<'a> {
    number: u32,
    files: Files<'a>,
    step: Step<'a>,
}

enum Step<'a> {
    /// It is there.
    Take(Authority),
    /// It is there, and its key is to be encrypted.
    Encrypt { ca: Authority, key: Secret, passphrase: &'a Secret },
    /// It never was there.
    Mint { common_name: String, passphrase: Option<&'a Secret> },
}

impl<'a> Item<'a> {
    /// Decides what is to be done about a CA: take the one that is there, or mint one where none
    /// was ever there.
    ///
    /// `foreign` is the name of a CA that issued something and is not among those that were found.
    /// It was the first one, for all that is known: a further CA has to be trusted before it
    /// issues.
    ///
    /// # Errors
    /// Everything that is wrong with its files.
    pub(super) fn decide(
        existing: ExistingCa,
        foreign: Option<&str>,
        passphrase: &'a Passphrase,
        context: &Context<'a>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let ExistingCa { number, common_name, pair, expected, origin, no_key } = existing;
        let files = Files::of(context, number, &origin);
        let step = match (pair.certificate, pair.key) {
            (None, _) if origin != Origin::Minted => Err(vec![files.file_missing()]),
            (None, None) if !expected && (foreign.is_none() || number > 1) => {
                mint(common_name, passphrase, &files).map_err(|error| vec![error])
            }
            (None, None) => Err(vec![files.both_lost(foreign)]),
            (None, Some(_)) => Err(vec![files.certificate_lost()]),
            (Some(certificate), key) => {
                let ca = Found { number, origin, certificate, key, no_key };
                take(ca, passphrase, context.now, &files)
            }
        };
        Ok(Self { number, files, step: step? })
    }

    /// Returns the CA, unless it is still to be made.
    pub(super) fn existing(&self) -> Option<&Authority> {
        match &self.step {
            Step::Take(ca) | Step::Encrypt { ca, .. } => Some(ca),
            Step::Mint { .. } => None,
        }
    }

    /// Tells whether the CA is still to be made.
    pub(super) fn is_to_be_made(&self) -> bool {
        matches!(self.step, Step::Mint { .. })
    }

    /// Carries it out; a new CA vouches for no more than is `permitted`, if that is limited.
    ///
    /// # Errors
    /// Where the system has no random numbers, or X.509 cannot carry a date.
    pub(super) fn carry_out(
        self,
        permitted: Option<&Constraints>,
        context: &Context<'_>,
    ) -> Result<Authority, Diagnostic> {
        let Self { number, files, step } = self;
        let encrypt =
            |key: &Secret, passphrase| encrypted::encrypt(key, passphrase).map_err(impossible);
        match step {
            Step::Take(ca) => Ok(ca),
            Step::Encrypt { ca, key, passphrase } => {
                Ok(Authority { new_key: Some(encrypt(&key, passphrase)?), ..ca })
            }
            Step::Mint { common_name, passphrase } => {
                let (certificate, key) = new(&common_name, permitted, context)?;
                // Read back like one that was found, so that there is one way to become a CA.
                let ca = (number, Origin::Minted);
                let loaded =
                    load(ca, certificate.as_bytes(), Some(&key), Key::Missing, context.now, &files);
                let (signer, file) = loaded.map_err(|errors| {
                    let text = errors.first().map_or_else(String::new, ToString::to_string);
                    Diagnostic::error(format!("the new CA is not usable: {text}"))
                })?;
                let new_key = match passphrase {
                    None => key,
                    Some(passphrase) => encrypt(&key, passphrase)?,
                };
                let (is_new, new_key) = (true, Some(new_key));
                Ok(Authority { signer, file, is_new, new_key, in_clear: None })
            }
        }
    }
}

/// A line of the plan.
impl fmt::Display for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match &self.step {
            Step::Take(_) => "take",
            Step::Encrypt { .. } => "encrypt the key of",
            Step::Mint { .. } => "mint",
        };
        write!(f, "{what} CA {}", self.number)
    }
}

/// Returns a name for a new CA: the cluster's token, so that a person knows it, and random digits,
/// so that no two CAs share a name, which verifiers would take for the same issuer.
///
/// # Errors
/// Where the system has no random numbers.
pub fn ca_common_name(token: &str) -> Result<String, Diagnostic> {
    let digits = random_digits().map_err(impossible)?;
    let room = LONGEST_COMMON_NAME - " etcd CA ".len() - digits.len();
    let token: String = token.chars().take(room).collect();
    Ok(format!("{token} etcd CA {digits}"))
}

fn mint<'a>(
    common_name: String,
    passphrase: &'a Passphrase,
    files: &Files<'_>,
) -> Result<Step<'a>, Diagnostic> {
    if let Some(pin) = files.pin() {
        return Err(files.pinned_and_missing(&pin));
    }
    match passphrase {
        Passphrase::None => Ok(Step::Mint { common_name, passphrase: None }),
        Passphrase::Given(given) => Ok(Step::Mint { common_name, passphrase: Some(given) }),
        Passphrase::Missing(what) => Err(files.passphrase_needed(what)),
    }
}

/// A CA whose certificate is there.
struct Found {
    number: u32,
    origin: Origin,
    certificate: Vec<u8>,
    key: Option<Secret>,
    /// The variable that should name the key's file.
    no_key: Option<String>,
}

/// Takes a CA with its key. That may be encrypted; without the passphrase it is as good as absent. One that is
/// there in clear is encrypted if the spec wants that.
fn take<'a>(
    ca: Found,
    passphrase: &'a Passphrase,
    now: i64,
    files: &Files<'_>,
) -> Result<Step<'a>, Vec<Diagnostic>> {
    let Found { number, origin, certificate, key, no_key } = ca;
    let is_encrypted = key.as_ref().is_some_and(|key| encrypted::is_encrypted(key.expose()));
    let absent = match (&origin, no_key) {
        (Origin::Files { key: None, .. }, _) => Key::External,
        (_, Some(variable)) => Key::Unset(variable),
        (_, None) => Key::Missing,
    };
    let (key, absent) = match (key, passphrase) {
        (Some(_), Passphrase::Missing(what)) if is_encrypted => (None, Key::Locked(what.clone())),
        (Some(key), Passphrase::Given(passphrase)) if is_encrypted => {
            let key = encrypted::decrypt(key.expose(), passphrase);
            (Some(key.map_err(|fault| vec![files.locked(fault)])?), absent)
        }
        (key, _) => (key, absent),
    };
    let is_ours = origin == Origin::Minted;
    let (signer, file) = load((number, origin), &certificate, key.as_ref(), absent, now, files)?;
    if let Some(pin) = files.pin()
        && ![signer.facts.fingerprint, signer.chain.anchor_facts.fingerprint].contains(&pin)
    {
        return Err(vec![files.pinned(&signer.facts, &pin)]);
    }
    let mut ca = Authority { signer, file, is_new: false, new_key: None, in_clear: None };
    match (key.filter(|_| is_ours && !is_encrypted), passphrase) {
        (Some(key), Passphrase::Given(passphrase)) => Ok(Step::Encrypt { ca, key, passphrase }),
        (Some(_), Passphrase::Missing(what)) => {
            ca.in_clear = Some(files.in_clear(what));
            Ok(Step::Take(ca))
        }
        _ => Ok(Step::Take(ca)),
    }
}

/// Makes a CA: its certificate in PEM and its key.
fn new(
    common_name: &str,
    permitted: Option<&Constraints>,
    context: &Context<'_>,
) -> Result<(String, Secret), Diagnostic> {
    let key = NewKey::generate(context.tls.key).map_err(impossible)?;
    let not_after = context.now.saturating_add(seconds(context.tls.ca_valid_for));
    let validity = Validity { not_before: context.now - BACKDATED, not_after };
    let der = self_signed(common_name, &key, permitted, validity).map_err(impossible)?;
    Ok((pem::certificate(&der), key.secret))
}
