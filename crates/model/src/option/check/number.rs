//! Integers, sizes and times.

use crate::diagnostic::Diagnostic;
use crate::option::duration::GoDuration;
use crate::option::etcd_option::EtcdOption;
use crate::option::limits::Limits;
use crate::option::retention::Retention;
use crate::option::size;
use crate::option::value::Value;

/// The shortest time that history can be kept for. etcd divides it by ten and compacts that often,
/// so that less than 10 ns has it divide by zero, and less than this keeps it from all other work
/// (`getRetryInterval` in etcd's `etcdserver/api/v3compactor/periodic.go`).
const SHORTEST_RETENTION: GoDuration = GoDuration::from_secs(1);

impl EtcdOption {
    pub(super) fn number(&self, number: i64, limits: Limits) -> Result<Value, Diagnostic> {
        self.held_to(number, limits, &number.to_string()).map(|()| Value::Int(number))
    }

    pub(super) fn bytes(&self, number: i64, limits: Limits) -> Result<Value, Diagnostic> {
        self.held_to(number, limits, &size::text(number)).map(|()| Value::Int(number))
    }

    pub(super) fn size(&self, text: &str, limits: Limits) -> Result<Value, Diagnostic> {
        let name = self.name;
        let bytes = size::parse(text).map_err(|error| match error {
            size::SizeError::Ambiguous { count, binary } => Diagnostic::error(format!(
                "`{text}` may be powers of 1000 or of 1024"
            ))
            .help(format!(
                "write `{name} = \"{count}{binary}\"` for 1024s, or the number of bytes"
            )),
            size::SizeError::TooLarge => {
                Diagnostic::error(format!("`{text}` is more than etcd can count"))
            }
            size::SizeError::Malformed => Diagnostic::error(format!("`{text}` is not a size"))
                .help(format!("write `{name} = \"8GiB\"`, `\"512MiB\"`, or the number of bytes")),
        })?;
        self.bytes(bytes, limits)
    }

    pub(super) fn duration(&self, text: &str, limits: Limits) -> Result<Value, Diagnostic> {
        let time = GoDuration::parse(text).map_err(|error| {
            Diagnostic::error(format!("`{text}` is not a duration: {error}"))
                .help("etcd reads numbers with `h`, `m`, `s`, `ms`, `us` or `ns`, such as `1h30m`")
        })?;
        if time < GoDuration::ZERO {
            let message = format!("`{text}` is negative, which no time of etcd's may be");
            return Err(Diagnostic::error(message));
        }
        self.held_to(time.nanos(), limits, text).map(|()| Value::Duration(time))
    }

    pub(super) fn retention(&self, text: &str) -> Result<Value, Diagnostic> {
        let refuse = |why: String| {
            Err(Diagnostic::error(format!("etcd cannot read `{text}` as `{}`: {why}", self.name))
                .help("write a duration such as `10h`, or a number of hours or revisions"))
        };
        match Retention::parse(text) {
            Ok(Retention::Time(time)) if time < GoDuration::ZERO => refuse("it is negative".into()),
            Ok(Retention::Time(time)) if time > GoDuration::ZERO && time < SHORTEST_RETENTION => {
                let message =
                    format!("`{}` is at least {SHORTEST_RETENTION}, not {text}", self.name);
                Err(Diagnostic::error(message)
                    .note("etcd looks for something to compact ten times in it, and ends where a tenth is nothing")
                    .help("write `10h`, for example"))
            }
            Ok(_) => Ok(Value::Text(text.to_owned().into())),
            Err(error) => refuse(error.to_string()),
        }
    }

    /// Holds a number to its limits; `written` is how the spec has it.
    fn held_to(&self, number: i64, limits: Limits, written: &str) -> Result<(), Diagnostic> {
        if limits.contains(number) {
            return Ok(());
        }
        let (bound, why) = if number < limits.min {
            (format!("at least {}", self.amount(limits.min)), self.too_little)
        } else {
            (format!("at most {}", self.amount(limits.max)), self.too_much)
        };
        let beside: Vec<String> = limits.beside.iter().map(ToString::to_string).collect();
        let or = if beside.is_empty() { "" } else { " or " };
        let name = self.name;
        let message = format!("`{name}` is {}{or}{bound}, not {written}", beside.join(", "));
        let error = Diagnostic::error(message).help(self.instead_of(number, limits));
        Err(if why.is_empty() { error } else { error.note(why) })
    }
}
