//! The tree against the one of the `toml` crate, which passes TOML's own tests.

use std::fmt::Write;

use proptest::prelude::*;
use toml::de::{DeTable, DeValue};

use super::{Item, Table, Value, parse};
use crate::diagnostic::Diagnostic;

/// Documents in which much is defined twice, in all the ways there are.
fn document() -> impl Strategy<Value = String> {
    let word = || prop::sample::select(vec!["a", "a", "b", "b", "'b'"]);
    let key = move || {
        prop_oneof![
            3 => word().prop_map(str::to_owned),
            2 => (word(), word()).prop_map(|(a, b)| format!("{a}.{b}")),
            1 => (word(), word(), word()).prop_map(|(a, b, c)| format!("{a} . {b}.{c}")),
        ]
    };
    let scalar = prop::sample::select(vec![
        "1",
        "-0x1",
        "0o17",
        "1_000",
        "1.5",
        "-inf",
        "true",
        "'x'",
        "\"\\u00e9\\n\"",
        "\"\"\"\na\\\n  b\"\"\"",
        "2020-01-01",
        "x",
        "1..2",
        "\"",
        "",
    ]);
    let value = scalar.prop_map(str::to_owned).prop_recursive(3, 8, 3, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|v| format!("[{}]", v.join(", "))),
            prop::collection::vec((key(), inner), 0..3).prop_map(|pairs| {
                let pairs: Vec<_> = pairs.iter().map(|(k, v)| format!("{k} = {v}")).collect();
                format!("{{ {} }}", pairs.join(", "))
            }),
        ]
    });
    let line = prop_oneof![
        10 => (key(), value).prop_map(|(key, value)| format!("{key} = {value}")),
        8 => key().prop_map(|key| format!("[{key}]")),
        8 => key().prop_map(|key| format!("[[{key}]]")),
        1 => prop::sample::select(vec!["", "# note", "a", "= 1", "[a", "]"]).prop_map(str::to_owned),
    ];
    prop::collection::vec(line, 0..6).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn what_is_accepted_and_read_is_the_same(text in document()) {
        let (theirs, errors) = DeTable::parse_recoverable(&text);
        let (ours, found) = parse(&text);
        // `toml` 1.2 lets a dotted key reach into `[[a.b]]` from `[a]`, if it
        // reaches far enough; TOML does not.
        let reach = |d: &Diagnostic| d.message.contains("is many tables");
        prop_assume!(!errors.is_empty() || !found.iter().any(reach));
        prop_assert_eq!(errors.is_empty(), found.is_empty(), "{:?}\n{:?}", errors, found);
        if errors.is_empty() {
            prop_assert_eq!(our_table(&ours), their_table(theirs.get_ref()));
        }
    }
}

#[test]
fn a_table_of_many_keys_is_searched_by_its_index() {
    let mut text: String = (0..1_000).fold(String::new(), |mut text, n| {
        let _ = writeln!(text, "key-{n} = {n}");
        text
    });
    text.push_str("key-7 = 0\nkey-999 = 0\n");
    let (table, found) = parse(&text);
    assert_eq!(found.iter().count(), 2);
    assert!(matches!(table.get("key-998"), Some(entry) if matches!(entry.value, Value::Int(998))));
    assert!(table.get("key-1000").is_none());
}

/// A table as text, its keys sorted as `toml` has them.
fn our_table(table: &Table<'_>) -> String {
    let mut entries: Vec<_> = table
        .entries
        .iter()
        .map(|entry| format!("{:?}={}", entry.key.value, our_value(&entry.value)))
        .collect();
    entries.sort();
    format!("{{{}}}", entries.join(","))
}

fn our_value(value: &Value<'_>) -> String {
    match value {
        Value::Bad => "bad".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => format!("{value:?}"),
        Value::Str(value) => format!("{value:?}"),
        Value::Date => "date".to_owned(),
        Value::Table(table) => our_table(table),
        Value::List(items) => list(items.iter().map(|item: &Item<'_>| our_value(&item.value))),
        Value::Tables(all) => list(all.iter().map(|(_, table)| our_table(table))),
    }
}

fn their_table(table: &DeTable<'_>) -> String {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| format!("{:?}={}", key.get_ref(), their_value(value.get_ref())))
        .collect();
    entries.sort();
    format!("{{{}}}", entries.join(","))
}

fn their_value(value: &DeValue<'_>) -> String {
    match value {
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Integer(value) => i64::from_str_radix(value.as_str(), value.radix())
            .map_or("bad".to_owned(), |value| value.to_string()),
        DeValue::Float(value) => {
            value.as_str().parse::<f64>().map_or("bad".to_owned(), |value| format!("{value:?}"))
        }
        DeValue::String(value) => format!("{value:?}"),
        DeValue::Datetime(_) => "date".to_owned(),
        DeValue::Table(table) => their_table(table),
        DeValue::Array(items) => list(items.iter().map(|item| their_value(item.get_ref()))),
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}
