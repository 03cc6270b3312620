//! Any bytes are a member's configuration or get reasons why not; what is made of one is a spec that can be read.

use bouquet_build::spec::parse_bytes;
use bouquet_operate::adopt_any;

pub(crate) fn run(bytes: &[u8]) {
    match adopt_any(bytes) {
        Ok(text) => {
            let (spec, found) = parse_bytes(text.as_bytes(), &[]);
            assert!(spec.is_some(), "not a spec: {found:?}\n{text}");
        }
        Err(errors) => {
            assert!(!errors.is_empty(), "refused without a reason");
            for error in errors {
                assert!(!error.help.is_empty(), "refused without a way out: {error:?}");
                let shown = error.to_string();
                assert!(!shown.contains(char::is_control), "{shown:?}");
            }
        }
    }
}
