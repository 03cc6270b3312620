//! The CAs that the lock tells of, held against those that are here.

use crate::pki::context::{Context, Typed};
use crate::pki::existing::{ExistingCa, Origin, Pair};
use bouquet_lock::{Authority, COPY, Identity, git};
use bouquet_model::artifact::shell_word;
use bouquet_model::certificate::fingerprint_text;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::time::Date;
use bouquet_model::trust::ca_place;
use bouquet_x509::{ParsedCertificate, fingerprint, pem, prove};
use std::path::Path;

/// Puts back certificates of CAs that are gone or damaged, and says so: the lock has them. A key cannot
/// be had again.
///
/// # Errors
/// Each CA that is another than the lock's of its number.
pub(in crate::pki) fn recorded(
    existing: Vec<ExistingCa>,
    identity: &Identity,
    context: &Context<'_>,
) -> Result<(Vec<ExistingCa>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (mut all, mut restored, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for ca in existing {
        let Some(known) = identity.authorities.get(&ca.number) else {
            all.push(ca);
            continue;
        };
        match ca.pair.certificate.as_deref() {
            Some(file) if is_another(file, known) => {
                errors.push(another(&ca, file, known, context));
            }
            // What is damaged is not overwritten: it might be the key, in the wrong place.
            Some(file) if !file.trim_ascii().is_empty() => all.push(ca),
            _ if ca.origin == Origin::Minted => {
                restored.push(put_back(ca.number, context));
                let certificate = Some(known.certificate.clone().into_bytes());
                let pair = Pair { certificate, ..ca.pair };
                all.push(ExistingCa { pair, expected: false, ..ca });
            }
            _ => all.push(ca),
        }
    }
    if errors.is_empty() { Ok((all, restored)) } else { Err(errors) }
}

/// Tells whether the file is sound, and of another CA.
fn is_another(file: &[u8], known: &Authority) -> bool {
    let ders = pem::certificates(file).unwrap_or_default();
    let parsed = ders.first().and_then(|der| ParsedCertificate::parse(der));
    let is_sound = parsed.is_some_and(|ca| {
        let is_signed = || ca.is_signed_by(ca.public_key()) == Some(true);
        ca.extensions.ca && (!ca.is_self_issued() || is_signed())
    });
    is_sound && !known.is_same_ca(file)
}

fn put_back(number: u32, context: &Context<'_>) -> Diagnostic {
    let (out, place, day) = (context.out, ca_place(number), Date(context.now));
    Diagnostic::warning(format!(
        "`{out}/{place}.crt` was gone, and was put back from cluster.lock on {day}"
    ))
}

/// Tells whether the key that is here is that of the lock's CA.
fn has_its_key(ca: &ExistingCa, known: &Authority) -> bool {
    let ders = pem::certificates(known.certificate.as_bytes()).unwrap_or_default();
    let parsed = ders.first().and_then(|der| ParsedCertificate::parse(der));
    let key = ca.pair.key.as_ref();
    key.zip(parsed).is_some_and(|(key, ca)| prove(key.expose(), ca.public_key()).is_ok())
}

fn another(ca: &ExistingCa, file: &[u8], known: &Authority, context: &Context<'_>) -> Diagnostic {
    let (out, number) = (context.out, ca.number);
    let place = match &ca.origin {
        Origin::Minted => format!("{out}/{}.crt", ca_place(number)),
        Origin::Files { certificate, .. } => certificate.clone(),
    };
    let first = pem::certificates(file).ok().and_then(|ders| Some(fingerprint(ders.first()?)));
    let error =
        Diagnostic::error(format!("`{place}` is another CA than CA {number} of cluster.lock"))
            .about(&place, None)
            .note(format!(
                "here it is {}, and there {}",
                fingerprint_text(&first.unwrap_or_default()),
                fingerprint_text(&known.sha256)
            ));
    let spans = &context.issuing.spans;
    let again = begin_again(context.typed, context.now);
    let (typed, now) = (context.typed, Date(context.now));
    let [typed_out, typed_lock] = [typed.out, typed.lock].map(word);
    match &ca.origin {
        Origin::Minted if has_its_key(ca, known) => error.help(format!(
            "`{out}/{}.key` is the key of the one in cluster.lock: move `{place}` aside, and the build \
             puts the right one back",
            ca_place(number)
        )),
        Origin::Minted => error
            .help(format!(
                "members trust one of them: on a node, `openssl x509 -noout -fingerprint -sha256 -in \
                 {}/ca.crt` tells which",
                context.tls.certs_dir
            ))
            .help(format!(
                "if `{out}/` is of another clone or cluster: `mv {typed_out} {typed_out}.{now}`, and bring \
                 the right one: `cargo run -- secrets import < FILE`"
            ))
            .help(format!(
                "if cluster.lock is the wrong one: `{}`; if the committed one is wrong too: `cp {} \
                 {typed_lock}`, and commit it",
                git("checkout", typed.lock),
                word(&typed.out.join(COPY))
            ))
            .help(again),
        Origin::Files { .. } => error
            .at_if(spans.trusted(number), "trusted here")
            .help("put the file back that it was: a number names one CA for good")
            .help(
                "a change of CA takes a number of its own, and a roll-out: Bouquet's page on certificates \
                 tells how",
            )
            .help(again),
    }
}

/// Returns the line that begins again, for a cluster that nobody uses.
pub(in crate::pki) fn begin_again(typed: Typed<'_>, now: i64) -> String {
    let [out, lock] = [typed.out, typed.lock].map(word);
    format!(
        "if nobody uses this cluster, begin again with another CA: `mv {out} {out}.{} && rm {lock}`",
        Date(now)
    )
}

/// Returns a path as a word of a shell.
fn word(path: &Path) -> String {
    shell_word(&path.display().to_string()).into_owned()
}
