//! Names of hosts beyond ASCII, as DNS and certificates carry them: `xn--bcher-kva.de` for `bücher.de`.
//!
//! It is for advice alone. So it encodes (RFC 3492, sections 6.1 to 6.3, with the bounds of section 5) and
//! leaves out the tables by which IDNA maps one spelling to another: whatever would need them has no
//! answer here.

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const FIRST_BIAS: u32 = 72;
const FIRST: u32 = 0x80;

/// Returns the form in ASCII of a name of letters, digits, `-` and `.`, in lower case. `None` where it
/// holds anything else, or is in ASCII already.
pub(crate) fn to_ascii(name: &str) -> Option<String> {
    let name = name.to_lowercase();
    if name.is_ascii() || !name.chars().all(is_plain) {
        return None;
    }
    let label = |label: &str| {
        if label.is_ascii() {
            Some(label.to_owned())
        } else {
            Some(format!("xn--{}", encode(label)?))
        }
    };
    Some(name.split('.').map(label).collect::<Option<Vec<_>>>()?.join("."))
}

/// Tells whether IDNA takes a letter or digit as it is: no part of a letter, which has to be composed, and none of the
/// forms for compatibility, which it replaces.
fn is_plain(c: char) -> bool {
    let replaced = matches!(c, '\u{80}'..='\u{bf}' | '\u{2070}'..='\u{2bff}' | '\u{f900}'..='\u{ffff}' | '\u{1d400}'..='\u{1d7ff}');
    matches!(c, '-' | '.') || (c.is_alphanumeric() && !replaced)
}

/// Returns the Punycode of a label, without its prefix. `None` where a number would overflow.
fn encode(label: &str) -> Option<String> {
    let mut output: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(output.len()).ok()?;
    if basic > 0 {
        output.push('-');
    }
    let total = u32::try_from(label.chars().count()).ok()?;
    let (mut n, mut delta, mut bias, mut handled) = (FIRST, 0_u32, FIRST_BIAS, basic);
    while handled < total {
        let next = label.chars().map(u32::from).filter(|c| *c >= n).min()?;
        delta = delta.checked_add((next - n).checked_mul(handled + 1)?)?;
        n = next;
        for c in label.chars().map(u32::from) {
            if c < n {
                delta = delta.checked_add(1)?;
            } else if c == n {
                number(delta, bias, &mut output);
                bias = adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.checked_add(1)?;
        n += 1;
    }
    Some(output)
}

/// Writes a number of variable length.
fn number(mut rest: u32, bias: u32, output: &mut String) {
    let mut k = BASE;
    loop {
        let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if rest < threshold {
            output.push(digit(rest));
            return;
        }
        output.push(digit(threshold + (rest - threshold) % (BASE - threshold)));
        rest = (rest - threshold) / (BASE - threshold);
        k += BASE;
    }
}

/// Returns `a` to `z`, then `0` to `9`.
fn digit(value: u32) -> char {
    const DIGITS: &[u8; BASE as usize] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    DIGITS[value as usize].into()
}

fn adapt(delta: u32, points: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / DAMP } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From RFC 3492, section 7.1, and names that are registered.
    #[test]
    fn names_are_encoded_as_the_rfc_has_them() {
        for (name, ascii) in [
            ("bücher.de", "xn--bcher-kva.de"),
            ("Bücher.DE", "xn--bcher-kva.de"),
            ("straße.example", "xn--strae-oqa.example"),
            ("münchen-1.example", "xn--mnchen-1-65a.example"),
            ("пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"),
            ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
            ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"),
            ("почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"),
            ("安室奈美恵-with-super-monkeys", "xn---with-super-monkeys-pc58ag80a8qai00g7n9n"),
        ] {
            assert_eq!(to_ascii(name).as_deref(), Some(ascii), "{name}");
        }
    }

    #[test]
    fn what_idna_would_map_first_has_no_answer() {
        for name in ["orange", "bu\u{308}cher", "ｏｒａｎｇｅ", "a。ü", "ü_1", "ü a", "²ü"]
        {
            assert_eq!(to_ascii(name), None, "{name}");
        }
    }
}
