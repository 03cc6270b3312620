//! `[[revoked]]`: what members are to refuse.

use super::{pki_text, text};
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::issuing::{Revoked, Which};
use crate::spec::{RevokedSpec, Spec};
use bouquet_model::revocation::RevocationReason;
use bouquet_model::time::Date;

pub(super) fn revocations(spec: &Spec, found: &mut Diagnostics) -> Option<Vec<Revoked>> {
    text::all(spec.revoked.iter().map(|written| revoked(spec, written, found)))
}

fn revoked(spec: &Spec, written: &RevokedSpec, found: &mut Diagnostics) -> Option<Revoked> {
    let which = which(spec, written, found);
    let date = pki_text::date(&written.date, found);
    let reason = written.reason.as_ref().map_or(Some(RevocationReason::Unspecified), |word| {
        text::word(word, "reason for a revocation", RevocationReason::ALL, found)
    });
    let Date(date) = date?;
    let named = [&written.name, &written.serial].into_iter().flatten().next();
    let span = named.map_or(written.span, |named| named.span);
    Some(Revoked { span, which: which?, date, reason: reason? })
}

fn which(spec: &Spec, written: &RevokedSpec, found: &mut Diagnostics) -> Option<Which> {
    let name = written.name.as_ref().map(|name| text::printable(name, "name", found));
    let serial = written.serial.as_ref().map(|serial| pki_text::serial(serial, found));
    match (name, serial) {
        (Some(name), None) => {
            let name = name?;
            let current = current(spec, &name);
            if current == Some(1) {
                still_wanted(written, &name, found);
                return None;
            }
            Some(Which::Of { name, current })
        }
        (None, Some(serial)) => serial.map(Which::Serial),
        (Some(_), Some(_)) => {
            let span = written.serial.as_ref().map_or(written.span, |serial| serial.span);
            found.push(
                Diagnostic::error("a `[[revoked]]` has a `name` or a `serial`, not both")
                    .at(span, "")
                    .help("write one `[[revoked]]` for each"),
            );
            None
        }
        (None, None) => {
            found.push(
                Diagnostic::error("a `[[revoked]]` has neither a `name` nor a `serial`")
                    .at(written.span, "")
                    .help("add `name = \"…\"`, the member or client whose certificates are revoked")
                    .help(
                        "or `serial = \"…\"`, of one certificate; `cargo run -- certs --wide` shows it",
                    ),
            );
            None
        }
    }
}

/// Returns the generation that the spec has for a member or client.
fn current(spec: &Spec, name: &str) -> Option<u32> {
    let all = spec.tls.generation.as_ref().map_or(1, |generation| generation.value.get());
    let members = spec.members.iter().map(|m| (&m.name.value, &m.generation));
    let clients = spec.clients.iter().map(|c| (&c.name.value, &c.generation));
    let own = members.chain(clients).find(|(other, _)| *other == name)?.1;
    Some(all.saturating_add(own.as_ref().map_or(0, |own| own.value.get() - 1)))
}

/// Checks that what is revoked is gone, or gets another certificate.
fn still_wanted(written: &RevokedSpec, name: &str, found: &mut Diagnostics) {
    let span = written.name.as_ref().map_or(written.span, |name| name.span);
    found.push(
        Diagnostic::error(format!("{} is revoked, and is to have a certificate", quoted(name)))
            .at(span, "its only certificate would be refused")
            .help("write `generation = 2` in its section: it gets a new one, and earlier ones are revoked")
            .help("or remove its section: it gets none any more"),
    );
}
