//! What cannot be issued, as it is told.

use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Error;

/// Says why something could not be made, and what can be done about it.
#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` wants")]
pub(super) fn impossible(error: Error) -> Diagnostic {
    let said = Diagnostic::error(error.to_string());
    match error {
        Error::NotAscii(_) => {
            said.help("write an internationalised name in its ASCII form, `xn--…`")
        }
        Error::PastTheLastYear => said.help("shorten `valid-for` or `ca-valid-for`"),
        _ => said,
    }
}
