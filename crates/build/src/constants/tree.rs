//! The values in a generated module, as a tree: no more of Rust than such a module is made of.

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::iter::Peekable;

/// A value as it is written. References and dereferences are left out.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    /// `Tls { key: … }`
    Struct(String, Vec<(String, Self)>),
    /// `Some(…)`, `NodePath::from_static(…)`
    Call(String, Vec<Self>),
    /// `[…]`
    List(Vec<Self>),
    /// `None`, `true`, `Layout::Separate`
    Path(String),
    /// `"…"`
    Text(String),
    /// `b"…"`
    Bytes(Vec<u8>),
    /// `-1_000`, `0xff`
    Number(i128),
    /// `option_env!(…)`
    Macro,
}

type Tokens = Peekable<IntoIter>;

/// How deep values lie in each other at most: those of a module not half as deep. A damaged file may go on
/// until the stack ends.
const DEPTH: usize = 64;

impl Tree {
    /// Reads a value; `None` where it is none, or goes on.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let tokens: TokenStream = text.parse().ok()?;
        let mut tokens = tokens.into_iter().peekable();
        let tree = value(&mut tokens, DEPTH)?;
        tokens.next().is_none().then_some(tree)
    }

    /// Returns a field of a struct.
    pub(super) fn field(&self, name: &str) -> Option<&Self> {
        let Self::Struct(_, fields) = self else { return None };
        fields.iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    /// Returns what is inside `Some(…)`, `Borrowed(…)` and the like.
    pub(super) fn inside(&self, of: &str) -> Option<&Self> {
        match self {
            Self::Call(name, arguments) if name == of => arguments.first(),
            _ => None,
        }
    }

    /// Returns the text, however it is wrapped.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Call(_, arguments) if arguments.len() == 1 => arguments[0].text(),
            _ => None,
        }
    }

    /// Returns the items of a list, `Borrowed(&[…])` or not.
    pub(super) fn items(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => self.inside("Borrowed")?.items(),
        }
    }

    /// Returns the number, of a type that holds it, however it is wrapped.
    pub(super) fn number<T: TryFrom<i128>>(&self) -> Option<T> {
        match self {
            Self::Number(number) => T::try_from(*number).ok(),
            Self::Call(_, arguments) if arguments.len() == 1 => arguments[0].number(),
            _ => None,
        }
    }

    /// Returns the last part of a path: `Separate` of `Layout::Separate`.
    pub(super) fn word(&self) -> Option<&str> {
        let Self::Path(path) = self else { return None };
        path.rsplit("::").next()
    }

    /// Returns `true` or `false`.
    pub(super) fn flag(&self) -> Option<bool> {
        match self.word()? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }
}

/// Reads a value; `depth` is how much deeper it may get.
fn value(tokens: &mut Tokens, depth: usize) -> Option<Tree> {
    let depth = depth.checked_sub(1)?;
    match tokens.next()? {
        TokenTree::Punct(mark) if matches!(mark.as_char(), '&' | '*') => value(tokens, depth),
        TokenTree::Punct(mark) if mark.as_char() == '-' => {
            let Tree::Number(number) = value(tokens, depth)? else { return None };
            number.checked_neg().map(Tree::Number)
        }
        TokenTree::Literal(literal) => self::literal(&literal.to_string()),
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
            list(&group, depth).map(Tree::List)
        }
        TokenTree::Ident(first) => path(first.to_string(), tokens, depth),
        _ => None,
    }
}

fn path(mut name: String, tokens: &mut Tokens, depth: usize) -> Option<Tree> {
    while takes(tokens, ':') {
        if !takes(tokens, ':') {
            return None;
        }
        let TokenTree::Ident(next) = tokens.next()? else { return None };
        name = format!("{name}::{next}");
    }
    if takes(tokens, '!') {
        return matches!(tokens.next()?, TokenTree::Group(_)).then_some(Tree::Macro);
    }
    let Some(TokenTree::Group(group)) = tokens.peek().cloned() else {
        return Some(Tree::Path(name));
    };
    let tree = match group.delimiter() {
        Delimiter::Parenthesis => Tree::Call(name, list(&group, depth)?),
        Delimiter::Brace => Tree::Struct(name, fields(&group, depth)?),
        _ => return Some(Tree::Path(name)),
    };
    tokens.next();
    Some(tree)
}

fn list(group: &Group, depth: usize) -> Option<Vec<Tree>> {
    let mut tokens = group.stream().into_iter().peekable();
    let mut items = Vec::new();
    while tokens.peek().is_some() {
        items.push(value(&mut tokens, depth)?);
        if tokens.peek().is_some() && !takes(&mut tokens, ',') {
            return None;
        }
    }
    Some(items)
}

fn fields(group: &Group, depth: usize) -> Option<Vec<(String, Tree)>> {
    let mut tokens = group.stream().into_iter().peekable();
    let mut fields = Vec::new();
    while let Some(token) = tokens.next() {
        let TokenTree::Ident(name) = token else { return None };
        if !takes(&mut tokens, ':') {
            return None;
        }
        fields.push((name.to_string(), value(&mut tokens, depth)?));
        if tokens.peek().is_some() && !takes(&mut tokens, ',') {
            return None;
        }
    }
    Some(fields)
}

fn takes(tokens: &mut Tokens, mark: char) -> bool {
    let is_it = matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == mark);
    if is_it {
        tokens.next();
    }
    is_it
}

fn literal(text: &str) -> Option<Tree> {
    if let Some(inner) = text.strip_prefix("b\"").and_then(|rest| rest.strip_suffix('"')) {
        return unescaped(inner, |bytes, c| bytes.push(u8::try_from(u32::from(c)).unwrap_or(b'?')))
            .map(Tree::Bytes);
    }
    if let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        let bytes = unescaped(inner, |bytes, c| {
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        });
        return String::from_utf8(bytes?).ok().map(Tree::Text);
    }
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    let number = match digits.strip_prefix("0x") {
        // An address of IPv6 has 128 bits: its bits, whatever their sign.
        Some(hex) => u128::from_str_radix(hex, 16).ok().map(u128::cast_signed),
        None => digits.parse().ok(),
    };
    number.map(Tree::Number)
}

/// Takes the escapes of Rust for what they stand for.
fn unescaped(text: &str, push: impl Fn(&mut Vec<u8>, char)) -> Option<Vec<u8>> {
    let (mut bytes, mut chars) = (Vec::new(), text.chars());
    while let Some(c) = chars.next() {
        let c = if c == '\\' {
            match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0' => '\0',
                'x' => {
                    let digits: String = chars.by_ref().take(2).collect();
                    char::from(u8::from_str_radix(&digits, 16).ok()?)
                }
                'u' => {
                    let digits: String =
                        chars.by_ref().skip(1).take_while(|digit| *digit != '}').collect();
                    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                }
                c @ ('\\' | '"' | '\'') => c,
                _ => return None,
            }
        } else {
            c
        };
        push(&mut bytes, c);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_module_is_made_of_reads_back() {
        let text = |text: &str| Tree::Text(text.to_owned());
        for (written, read) in [
            ("-1_000", Tree::Number(-1_000)),
            ("0xff_ff", Tree::Number(0xffff)),
            (r#"&"a\"\\\n\u{e9}\x41é""#, text("a\"\\\néAé")),
            (r#"*b"\xff\0a""#, Tree::Bytes(vec![0xff, 0, b'a'])),
            ("Layout::Separate", Tree::Path("Layout::Separate".into())),
            ("Borrowed(&[1, 2,])", {
                let list = Tree::List(vec![Tree::Number(1), Tree::Number(2)]);
                Tree::Call("Borrowed".into(), vec![list])
            }),
            ("A { b: None, c: option_env!(\"D\") }", {
                let none = Tree::Path("None".into());
                Tree::Struct("A".into(), vec![("b".into(), none), ("c".into(), Tree::Macro)])
            }),
        ] {
            assert_eq!(Tree::parse(written), Some(read), "{written}");
        }
    }

    #[test]
    fn what_it_is_not_made_of_is_none() {
        for written in
            ["", "1 2", "a.b", "[1 2]", "A { b }", "A { 1: 2 }", "|x| x", "\"", "a:b", "{}"]
        {
            assert_eq!(Tree::parse(written), None, "{written}");
        }
    }

    #[test]
    fn what_has_no_end_is_none() {
        const MANY: usize = 200_000;
        for (opens, closes) in [("[", "]"), ("A(", ")"), ("A { b: ", "}"), ("&", ""), ("-", "")] {
            let text = opens.repeat(MANY) + "1" + &closes.repeat(MANY);
            assert_eq!(Tree::parse(&text), None, "{opens}");
            assert_eq!(Tree::parse(&opens.repeat(MANY)), None, "{opens}");
        }
    }
}
