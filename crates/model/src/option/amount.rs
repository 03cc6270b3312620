//! Numbers of an option as they are read and written: in its unit, in bytes, as a time.

use super::duration::GoDuration;
use super::etcd_option::EtcdOption;
use super::kind::Kind;
use super::limits::Limits;
use super::size;

impl EtcdOption {
    /// A number of it in words: `100 milliseconds`, `8GiB`, `5s`.
    pub(super) fn amount(&self, number: i64) -> String {
        match self.kind {
            Kind::Size(_) => size::text(number),
            Kind::Duration(_) => GoDuration::from_nanos(number).to_string(),
            _ => match self.unit() {
                Some(unit) => format!("{number} {unit}"),
                None => number.to_string(),
            },
        }
    }

    /// The line of TOML that sets it to a number.
    pub(super) fn set_to(&self, number: i64) -> String {
        let name = self.name;
        match self.kind {
            Kind::Size(_) if number > 0 && number % 1024 == 0 => {
                format!("`{name} = \"{}\"`", size::text(number))
            }
            Kind::Duration(_) => format!("`{name} = \"{}\"`", GoDuration::from_nanos(number)),
            _ => format!("`{name} = {number}`"),
        }
    }

    /// The number that was meant by one that is too small, if its unit was forgotten: `8` for
    /// `8GiB`, or seconds where milliseconds are counted.
    pub(super) fn meant_by(&self, number: i64) -> Option<i64> {
        let (limits, scales): (Limits, &[i64]) = match self.kind {
            Kind::Size(limits) => (limits, &size::SCALES),
            Kind::Int(limits) if self.unit == "milliseconds" => (limits, &[1000]),
            _ => return None,
        };
        let usual = self.usual.least..=self.usual.most;
        let fits = |number: &i64| usual.contains(number) && limits.contains(*number);
        scales.iter().filter_map(|scale| number.checked_mul(*scale)).find(fits)
    }
}
