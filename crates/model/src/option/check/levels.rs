//! `log-package-levels`, of etcd 3.4.

use crate::diagnostic::Diagnostic;
use crate::option::etcd_option::EtcdOption;
use crate::option::value::Value;
use crate::suggest;

/// What capnslog knows (`ParseLevel` in coreos/pkg's `capnslog/logmap.go`). Each is known by its first
/// letter, too, and by a number: 0 is ERROR.
const LEVELS: [&str; 7] = ["CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG", "TRACE"];

impl EtcdOption {
    /// Checks `PACKAGE=LEVEL`, several with commas between. If it does not understand one, etcd goes on with its
    /// default levels (`setupLogging` in 3.4's `embed/config_logging.go`).
    pub(super) fn package_levels(&self, text: &str) -> Result<Value, Diagnostic> {
        self.printable(text)?;
        for part in text.split(',') {
            let Some((package, level)) = part.split_once('=').filter(|(name, _)| !name.is_empty())
            else {
                return Err(Diagnostic::error(format!(
                    "`{part}` does not name a package and a level"
                ))
                .help(
                    "write `etcdserver=DEBUG`, several with commas between, or `*=INFO` for all",
                ));
            };
            let numbers = 0..LEVELS.len() - 1;
            if LEVELS.iter().any(|known| *known == level || known[..1] == *level)
                || numbers.map(|number| number.to_string()).any(|number| number == level)
            {
                continue;
            }
            let capitals = level.to_ascii_uppercase();
            let near = suggest::word(&capitals, LEVELS.into_iter()).unwrap_or("INFO");
            return Err(Diagnostic::error(format!("`{level}` is not a level of the log"))
                .note(format!("the levels are {}", LEVELS.join(", ")))
                .help(format!("write `{package}={near}`")));
        }
        Ok(Value::Text(text.to_owned().into()))
    }
}
