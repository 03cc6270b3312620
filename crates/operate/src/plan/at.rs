//! JSON that anyone may have written, taken apart: what is wrong with it first is kept, with its place.

use serde_json::Value;
use std::cell::OnceCell;

/// A value and its place in the file. What is not there is null; what is wrong is read as nothing, and told at the end.
pub(super) struct At<'a> {
    value: &'a Value,
    place: String,
    wrong: &'a OnceCell<String>,
}

impl<'a> At<'a> {
    pub(super) fn whole(value: &'a Value, wrong: &'a OnceCell<String>) -> Self {
        Self { value, place: String::new(), wrong }
    }

    pub(super) fn get(&self, key: &str) -> Self {
        let dot = if self.place.is_empty() { "" } else { "." };
        let place = format!("{}{dot}{key}", self.place);
        Self { value: &self.value[key], place, wrong: self.wrong }
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    /// Says what it is, where it should be something else.
    pub(super) fn is(&self, what: &str) {
        let _ = self.wrong.set(format!("`{}` is {what}", self.place));
    }

    /// Tells whether anything was wrong so far.
    pub(super) fn is_wrong(&self) -> bool {
        self.wrong.get().is_some()
    }

    pub(super) fn text(&self, key: &str) -> String {
        self.get(key).own_text()
    }

    fn own_text(&self) -> String {
        let text = self.value.as_str();
        if text.is_none() {
            self.is("no text");
        }
        text.unwrap_or_default().to_owned()
    }

    pub(super) fn text_or_null(&self, key: &str) -> Option<String> {
        let at = self.get(key);
        (!at.value.is_null()).then(|| at.own_text())
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        let at = self.get(key);
        let flag = at.value.as_bool();
        if flag.is_none() {
            at.is("neither true nor false");
        }
        flag.unwrap_or_default()
    }

    /// Returns what a text stands for.
    pub(super) fn word<T>(&self, key: &str, read: fn(&str) -> Option<T>) -> Option<T> {
        let word = read(&self.text(key));
        if word.is_none() {
            self.get(key).is("of an unknown form");
        }
        word
    }

    pub(super) fn word_or_null<T>(&self, key: &str, read: fn(&str) -> Option<T>) -> Option<T> {
        if self.value[key].is_null() { None } else { self.word(key, read) }
    }

    pub(super) fn list(&self, key: &str) -> Vec<Self> {
        let at = self.get(key);
        let Some(list) = at.value.as_array() else {
            at.is("no list");
            return Vec::new();
        };
        let mut all = Vec::new();
        for (number, value) in list.iter().enumerate() {
            let place = format!("{}[{number}]", at.place);
            all.push(Self { value, place, wrong: self.wrong });
        }
        all
    }

    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        self.list(key).iter().map(Self::own_text).collect()
    }
}
