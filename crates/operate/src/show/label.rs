//! Labels of metrics, in the text format of Prometheus.

/// Returns `name="value"`. The format escapes three characters in a value.
pub(crate) fn label(name: &str, value: &str) -> String {
    let value = value.replace('\\', r"\\").replace('"', r#"\""#).replace('\n', r"\n");
    format!("{name}=\"{value}\"")
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn values_are_escaped() {
        assert_eq!(label("file", "a\\b\"c\nd"), r#"file="a\\b\"c\nd""#);
    }
}
