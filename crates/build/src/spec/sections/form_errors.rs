//! Tables in a wrong form, in the wrong place, or not there.

use super::first::{First, Form};
use crate::diagnostic::{Diagnostic, Span, quoted};
use crate::spec::document::Header;
use crate::spec::keys::Section;

/// `[member.pink]`, or `[member.etcd]` without its member.
pub(super) fn name_in_header(section: &Section, at: Span, name: &str) -> Diagnostic {
    let written = quoted(&format!("[{}.{name}]", section.name));
    let (header, one) = (section.header, section.name);
    if name == "etcd" {
        return Diagnostic::error(format!("{written} has no `{header}` above it"))
            .at(at, format!("lies in no {one}"))
            .help(format!("write it below the keys of the {one} that it is for"));
    }
    let key = quoted(&format!("name = \"{name}\""));
    Diagnostic::error(format!("{written} is not how a {one} is written"))
        .at(at, "the name is a key, not a part of the header")
        .help(format!("write `{header}` and below it {key}"))
}

/// A value where a table belongs.
pub(super) fn no_table(section: &Section, name: &str, at: Span, written: &str) -> Diagnostic {
    let found = Diagnostic::error(format!("{} is a table, not {written}", quoted(name)))
        .at(at, "a key of the whole file");
    match name {
        "etcd" => found
            .help("the version of etcd stands under `[cluster]`: `etcd = \"3.5\"`")
            .help("options of etcd stand under `[etcd]`"),
        _ => found.help(format!("write `{}` and its keys below", section.header)),
    }
}

/// `[member]` for `[[member]]`, or the reverse.
pub(super) fn misformed(section: &Section, headers: &[Span]) -> Diagnostic {
    let (name, header) = (section.name, section.header);
    let first = headers.first().copied().unwrap_or_default();
    if section.is_repeated() {
        return Diagnostic::error(format!("a {name} is written `{header}`"))
            .at(first, "one pair of brackets makes a single table")
            .help(format!("write `{header}`: a spec has many of them, each begun by this line"));
    }
    let found =
        Diagnostic::error(format!("there is one `{header}`, without a second pair of brackets"))
            .at(first, "two pairs begin one table of many");
    let found = match headers.get(1) {
        Some(second) => found.also(*second, "and another"),
        None => found,
    };
    found.help(format!("write `{header}`"))
}

/// What a header is to the first of its name, where it cannot be that.
pub(super) fn conflict(
    section: &Section,
    name: &str,
    header: &Header<'_>,
    first: First,
) -> Option<Diagnostic> {
    let (single, many) = (quoted(&format!("[{name}]")), quoted(&format!("[[{name}]]")));
    let found = |message: String, help: String| {
        let found = Diagnostic::error(message).at(header.span, "again here");
        Some(found.also(first.span, "first here").help(help))
    };
    let all_many = header.many && first.many;
    match first.form {
        Form::Key => Some(otherwise(name, header.span, first.span)),
        Form::Inner if header.many => Some(below_its_own(section, header.span, first.span)),
        Form::Inner => None,
        Form::Header if all_many => None,
        Form::Header if section.is_repeated() => {
            found(format!("each {name} begins with {many}"), format!("write {many} each time"))
        }
        Form::Header if header.many => found(
            format!("{many} cannot follow {single}"),
            format!("put all its keys under one {single}"),
        ),
        Form::Header => Some(twice(&format!("[{name}]"), header.span, first.span)),
    }
}

/// The same header once more.
pub(super) fn twice(written: &str, again: Span, first: Span) -> Diagnostic {
    let written = quoted(written);
    Diagnostic::error(format!("{written} is written twice"))
        .at(again, "again here")
        .also(first, "first here")
        .help(format!("put all its keys under one {written}"))
}

/// A table in two forms.
pub(super) fn otherwise(name: &str, again: Span, first: Span) -> Diagnostic {
    Diagnostic::error(format!("{} is already defined, in another form", quoted(name)))
        .at(again, "again here")
        .also(first, "first here")
        .help("write it in one form and in one place")
}

/// `[[member]]` below its `[member.etcd]`.
pub(super) fn below_its_own(section: &Section, at: Span, inner: Span) -> Diagnostic {
    let header = section.header;
    Diagnostic::error(format!("`{header}` stands below a table that lies in it"))
        .at(at, "begins here")
        .also(inner, "lies in it")
        .help(format!("put `{header}` above its tables"))
}

/// A section that must be there.
pub(super) fn missing(section: &Section, end: usize) -> Diagnostic {
    let header = section.header;
    let keys = section.keys.iter().filter(|key| key.required);
    let lines: Vec<_> = keys.map(|key| format!("{} = {}", key.name, key.example)).collect();
    let message = match section.name {
        "member" => "the cluster has no members".to_owned(),
        _ => format!("`{header}` is missing"),
    };
    Diagnostic::error(message)
        .at(Span::at(end), format!("end of file, and no `{header}` so far"))
        .help(format!("add `{header}`, {}:\n\n{header}\n{}", section.doc(), lines.join("\n")))
}
