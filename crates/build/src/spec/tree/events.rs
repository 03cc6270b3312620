//! What the parser reads, one event at a time.

use std::mem;

use toml_parser::decoder::Encoding;
use toml_parser::parser::EventReceiver;
use toml_parser::{ErrorSink, Span as Place};

use super::build::{Builder, Frame, Keys, MOST_KEY_PARTS};
use super::{Defined, Table, Value, syntax, value};
use crate::diagnostic::{Severity, Span, Spanned};

impl EventReceiver for Builder<'_> {
    fn std_table_open(&mut self, at: Place, _: &mut dyn ErrorSink) {
        self.close_header(span(at));
        self.keys = Keys::default();
        self.header = Some((span(at), false));
    }

    fn array_table_open(&mut self, at: Place, _: &mut dyn ErrorSink) {
        self.close_header(span(at));
        self.keys = Keys::default();
        self.header = Some((span(at), true));
    }

    fn std_table_close(&mut self, at: Place, _: &mut dyn ErrorSink) {
        self.close_header(span(at));
    }

    fn array_table_close(&mut self, at: Place, _: &mut dyn ErrorSink) {
        self.close_header(span(at));
    }

    fn comment(&mut self, at: Place, error: &mut dyn ErrorSink) {
        self.raw(at, None).decode_comment(error);
    }

    fn newline(&mut self, at: Place, error: &mut dyn ErrorSink) {
        self.raw(at, None).decode_newline(error);
        self.close_header(span(at));
        if self.frames.is_empty() {
            self.keys = Keys::default();
        }
    }

    fn simple_key(&mut self, at: Place, encoding: Option<Encoding>, _: &mut dyn ErrorSink) {
        match self.keys.parts.len() {
            0..MOST_KEY_PARTS => {}
            MOST_KEY_PARTS if !self.keys.bad => {
                self.keys.bad = true;
                return self.found.push(syntax::too_deep(span(at)));
            }
            _ => return,
        }
        let raw = self.raw(at, encoding);
        let (key, error) = value::key(raw);
        if let Some(error) = error {
            self.keys.bad = true;
            let explain = || syntax::key(self.text, raw.as_str(), span(at), &error);
            self.found.push_with(Severity::Error, explain);
        }
        self.keys.parts.push(Spanned::new(key, span(at)));
    }

    fn key_val_sep(&mut self, _: Place, _: &mut dyn ErrorSink) {
        let keys = mem::take(&mut self.keys);
        match self.frames.last_mut() {
            Some(Frame::Table(_, _, pending)) => *pending = Some(keys),
            Some(Frame::List(..)) => {}
            None => self.pending = Some(keys),
        }
    }

    fn value_sep(&mut self, _: Place, _: &mut dyn ErrorSink) {
        self.keys = Keys::default();
    }

    fn scalar(&mut self, at: Place, encoding: Option<Encoding>, _: &mut dyn ErrorSink) {
        let raw = self.raw(at, encoding);
        let value = value::scalar(raw).unwrap_or_else(|why| {
            let (keys, inline) = match self.frames.last() {
                Some(Frame::Table(_, _, keys)) => (keys.as_ref(), true),
                Some(Frame::List(..)) => (None, false),
                None => (self.pending.as_ref(), false),
            };
            let text = self.text;
            let key = keys.and_then(|keys| keys.written(text));
            if raw.is_empty() {
                let explain = || syntax::nothing(text, span(at), key);
                self.absent.push_with(Severity::Error, explain);
            } else {
                let explain = || syntax::scalar(text, raw.as_str(), span(at), &why, key, inline);
                self.found.push_with(Severity::Error, explain);
            }
            Value::Bad
        });
        self.finish(value, span(at));
    }

    fn array_open(&mut self, at: Place, _: &mut dyn ErrorSink) -> bool {
        let may = self.may_open(span(at));
        self.frames.push(Frame::List(span(at), Vec::new()));
        may
    }

    fn array_close(&mut self, at: Place, _: &mut dyn ErrorSink) {
        self.close_frame(span(at));
    }

    fn inline_table_open(&mut self, at: Place, _: &mut dyn ErrorSink) -> bool {
        let may = self.may_open(span(at));
        let table = Table::new(Defined::Inline);
        self.frames.push(Frame::Table(span(at), table, None));
        may
    }

    fn inline_table_close(&mut self, at: Place, _: &mut dyn ErrorSink) {
        self.close_frame(span(at));
        self.keys = Keys::default();
    }
}

fn span(place: Place) -> Span {
    Span::new(place.start(), place.end())
}
