//! What a table and a key of the spec are, as data, and how they are declared.
//!
//! [`table!`] declares a table once: serde reads the type that it makes, and all else that is to be
//! said of its keys follows from its [`Section`].

use super::value::{FlagOrPort, FlagOrText, Spanned};
use serde::de::DeserializeOwned;
use std::num::{NonZeroU16, NonZeroU32};

use crate::diagnostic::Span;

/// A table of the spec.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Its name in TOML, dotted when it lies in another: `member.etcd`.
    pub name: &'static str,
    /// How it begins: `[cluster]` or `[[member]]`.
    pub header: &'static str,
    /// Set where the spec must have it.
    pub required: bool,
    /// Set where it takes etcd's options, by any name, instead of keys.
    pub options: bool,
    /// Its meaning, in one sentence.
    pub(super) doc: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
}

/// A key of a section.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// The type of its value.
    pub kind: Kind,
    /// Whether its section must have it.
    pub required: Required,
    /// Its default, in words; empty where it is required, or where there is nothing to say.
    pub default: &'static str,
    /// A value as it could stand in a spec.
    pub example: &'static str,
    /// The option of etcd that it becomes, under its own name, if it does.
    pub option: Option<&'static str>,
    /// Its meaning, in one sentence.
    pub(super) doc: &'static str,
    /// The words that it takes, where it takes no others.
    pub choices: Option<fn() -> Vec<&'static str>>,
}

/// Says whether a section must have a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Required {
    /// It must.
    Always,
    /// It must, unless another key has that value.
    Unless {
        /// The other key.
        key: &'static str,
        /// Its value, a string.
        value: &'static str,
    },
    /// It need not.
    Never,
}

/// The type of a key's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// `true` or `false`.
    Flag,
    /// A port: 1 to 65535.
    Port,
    /// A whole number from 1 on, which counts CAs or generations of certificates.
    Number,
    /// `true`, `false` or a string.
    FlagOrText,
    /// `true`, `false` or a port.
    FlagOrPort,
    /// A list of strings.
    Texts,
    /// A list of whole numbers from 1 on.
    Numbers,
}

impl Kind {
    /// Returns the type in words, with its article.
    pub fn words(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Flag => "`true` or `false`",
            Self::Port => "a port number",
            Self::Number => "a whole number",
            Self::FlagOrText => "a string, `true` or `false`",
            Self::FlagOrPort => "a port number, `true` or `false`",
            Self::Texts => "a list of strings",
            Self::Numbers => "a list of whole numbers",
        }
    }
}

impl Section {
    /// Returns `true` where there may be many: `[[member]]`.
    pub fn is_repeated(&self) -> bool {
        self.header.starts_with("[[")
    }

    /// Returns the key of this name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// Returns its meaning, as part of a sentence.
    pub fn doc(&self) -> String {
        phrase(self.doc)
    }
}

impl Key {
    /// Returns its meaning, as part of a sentence.
    pub fn doc(&self) -> String {
        phrase(self.doc)
    }
}

/// Returns the sentence of a docstring without its capital and its dot.
fn phrase(doc: &str) -> String {
    let mut rest = doc.trim().trim_end_matches('.').chars();
    let first = rest.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(rest).collect()
}

/// A type that reads a table of the spec.
pub(super) trait Table: DeserializeOwned {
    /// The table.
    const SECTION: &'static Section;

    /// Adds where the table begins, which is none of its keys.
    fn beginning_at(self, span: Span) -> Self;
}

/// A type that reads a key.
pub(super) trait Takes {
    const KIND: Kind;
    const REQUIRED: bool = true;
}

macro_rules! takes {
    ($($type:ty: $kind:ident),+) => {
        $(impl Takes for $type {
            const KIND: Kind = Kind::$kind;
        })+
    };
}
takes!(String: Text, bool: Flag, NonZeroU16: Port, NonZeroU32: Number);
takes!(FlagOrText: FlagOrText, FlagOrPort: FlagOrPort);
takes!(Vec<Spanned<String>>: Texts, Vec<Spanned<NonZeroU32>>: Numbers);

impl<T: Takes> Takes for Spanned<T> {
    const KIND: Kind = T::KIND;
}

impl<T: Takes> Takes for Option<T> {
    const KIND: Kind = T::KIND;
    const REQUIRED: bool = false;
}

/// Declares a table: its header, and for each key its name (by the field's), what it takes (by the
/// field's type), what it is (by its docstring), an example, what excuses its absence or holds without
/// it, and the option of etcd that it becomes. `with` adds a table of etcd's options that lies in it.
macro_rules! table {
    (
        $(#[doc = $about:literal])+
        $header:literal $($required:ident)? => $name:ident {
            $(
                $(#[doc = $doc:literal])+
                $key:ident: $type:ty = $example:literal
                    $(, unless $other:literal = $value:literal)? $(, or $default:literal)? $(, becomes $option:literal)? $(, one of $choices:expr)?;
            )+
        } $(with $inner:ident: $options:ty)?
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq, serde::Deserialize)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        pub struct $name {
            /// The place of its header.
            #[serde(skip)]
            pub span: $crate::diagnostic::Span,
            $($(#[doc = $doc])+ pub $key: $type,)+
            $(
                /// Options of etcd, in a table of their own.
                #[serde(default)]
                pub $inner: $options,
            )?
        }

        const _: () = {
            use $crate::diagnostic::Span;
            use $crate::spec::keys::{
                Key, Section, Table, Takes, first, kebab, name_in, required, unraw,
            };

            impl Table for $name {
                const SECTION: &'static Section = &Section {
                    name: name_in($header),
                    header: $header,
                    required: first::<&str, _>([$(stringify!($required))?]).is_some(),
                    options: false,
                    doc: concat!($($about),+),
                    keys: &[$(Key {
                        name: {
                            const SNAKE: &str = unraw(stringify!($key));
                            const KEBAB: [u8; SNAKE.len()] = kebab(SNAKE);
                            match str::from_utf8(&KEBAB) {
                                Ok(name) => name,
                                Err(_) => panic!("a field's name is ASCII"),
                            }
                        },
                        kind: <$type as Takes>::KIND,
                        required: required(<$type as Takes>::REQUIRED, first([$(($other, $value))?])),
                        default: concat!($($default)?),
                        example: $example,
                        option: first([$($option)?]),
                        choices: first([$({
                            fn choices() -> Vec<&'static str> {
                                $choices
                            }
                            choices as fn() -> Vec<&'static str>
                        })?]),
                        doc: concat!($($doc),+),
                    }),+],
                };

                fn beginning_at(self, span: Span) -> Self {
                    Self { span, ..self }
                }
            }
        };
    };
}
pub(super) use table;

/// Tells whether a key is to be there, by its type, and by the other key that may excuse it.
pub(super) const fn required(
    by_type: bool,
    unless: Option<(&'static str, &'static str)>,
) -> Required {
    match unless {
        Some((key, value)) => Required::Unless { key, value },
        None if by_type => Required::Always,
        None => Required::Never,
    }
}

/// Returns `member` of `[[member]]`.
pub(super) const fn name_in(header: &'static str) -> &'static str {
    let brackets = if header.as_bytes()[1] == b'[' { 2 } else { 1 };
    header.split_at(header.len() - brackets).0.split_at(brackets).1
}

/// Returns a field's name without the mark of one that is a word of Rust: `for` of `r#for`.
pub(super) const fn unraw(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}

/// Returns a field's name as a key has it.
pub(super) const fn kebab<const N: usize>(snake: &str) -> [u8; N] {
    let mut name = [0; N];
    let mut at = 0;
    while at < N {
        name[at] = if snake.as_bytes()[at] == b'_' { b'-' } else { snake.as_bytes()[at] };
        at += 1;
    }
    name
}

/// Returns the one that is there, if one is.
pub(super) const fn first<T: Copy, const N: usize>(all: [T; N]) -> Option<T> {
    if N == 0 { None } else { Some(all[0]) }
}
