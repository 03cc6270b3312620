//! Names on the command line: which there are, and which was meant.

use crate::Exit;
use crate::failure::Failure;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use std::ffi::OsStr;

/// The least likeness of a name that is suggested, from 0 to 1.
const ALIKE: f64 = 0.75;

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

/// A name that is not there.
pub(crate) fn unknown(name: &str, what: &str, names: &[&str]) -> Failure {
    let failure =
        Failure::new(format!("`{}` is not a {what} of this cluster", name.escape_debug()))
            .exit(Exit::Misused);
    match (nearest(name, names), list(names, what)) {
        (Some(near), list) => failure.help(format!("did you mean `{near}`? {list}")),
        (None, list) => failure.help(list),
    }
}

/// All names in a sentence.
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

fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let name = name.to_lowercase();
    let likeness = |other: &&str| strsim::jaro_winkler(&name, &other.to_lowercase());
    let rated = names.iter().map(|other| (likeness(other), *other));
    rated.filter(|(alike, _)| *alike >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, n)| n)
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
            ("daff", Some("daffodil")),
            ("tulip", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, &names), meant, "{written}");
        }
    }
}
