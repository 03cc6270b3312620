//! Names on the command line: which there are, and which was meant.

use crate::exit::Exit;
use crate::failure::Failure;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::suggest;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use std::ffi::OsStr;

/// More names than this are not listed in a message.
const LISTED: usize = 12;

/// Lets completions and the help page know the names, and accepts any: [`unknown`] says more about
/// a wrong one than clap does.
#[derive(Clone)]
pub(crate) struct Names(pub(crate) Vec<String>);

impl TypedValueParser for Names {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}

/// Refuses a name that is not there.
pub(crate) fn unknown(name: &str, what: &str, names: &[&str]) -> Failure {
    let list = list(names, what);
    let help = match nearest(name, names) {
        Some(near) => format!("did you mean `{near}`? {list}"),
        None => list,
    };
    let message = format!("{} is not a {what} of this cluster", quoted(name));
    Failure { problem: Diagnostic::error(message).help(help), exit: Exit::Misused }
}

/// Returns all names in a sentence.
pub(crate) fn list(names: &[&str], what: &str) -> String {
    match names {
        [] => format!("there is no {what}"),
        [only] => format!("the only {what} is {only}"),
        many if many.len() > LISTED => {
            format!(
                "there are {} {what}s, from {} to {}",
                many.len(),
                many[0],
                many[many.len() - 1]
            )
        }
        many => format!("the {what}s are {}", many.join(", ")),
    }
}

/// Returns the name that is most like a written one, or else the only one that begins with it.
/// Anyone who types a name need not know its capitals.
fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let name = name.to_lowercase();
    let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let candidates = || lower.iter().map(String::as_str).zip(names.iter().copied());
    suggest::nearest(&name, candidates()).or_else(|| {
        let mut longer = candidates().filter(|(other, _)| other.starts_with(&name));
        let (_, first) = longer.next()?;
        // A member and a client may have one name.
        let is_one = longer.all(|(_, other)| other == first);
        (is_one && !name.is_empty()).then_some(first)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested_and_a_far_one_is_not() {
        let names = ["daffodil", "pink", "orange"];
        for (written, meant) in [
            ("oragne", Some("orange")),
            ("Pink", Some("pink")),
            ("dafodill", Some("daffodil")),
            ("DAFFODIL", Some("daffodil")),
            ("daff", Some("daffodil")),
            ("tulip", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, &names), meant, "{written}");
        }
    }
    #[test]
    fn a_beginning_is_suggested_where_it_is_that_of_one_name_alone() {
        assert_eq!(nearest("tul", &["tulips-1", "tulips-2"]), None);
        assert_eq!(nearest("kube", &["kube-apiserver", "kube-apiserver"]), Some("kube-apiserver"));
        assert_eq!(nearest("", &["orange"]), None);
    }
}
