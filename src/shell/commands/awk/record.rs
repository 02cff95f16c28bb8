//! The record and its fields.

use super::run::{Halt, Machine, Outcome, special};
use super::value::{Cell, Value};
use crate::shell::commands::regex::Pattern;
use std::rc::Rc;

impl Machine<'_, '_, '_> {
    pub(super) fn set_record(&mut self, record: Vec<u8>) {
        self.record = Rc::new(record);
        self.fields = None;
    }

    pub(super) fn whole_record(&self) -> Rc<Vec<u8>> {
        self.record.clone()
    }

    pub(super) fn split_record(&mut self) {
        if self.fields.is_some() {
            return;
        }
        let separator = self.text_of(special::FS);
        let record = self.record.clone();
        let paragraph = self.text_of(special::RS).is_empty();
        let fields = self.split(&record, &separator, paragraph);
        self.globals[special::NF] = Cell::Value(Value::Number(fields.len() as f64));
        self.fields = Some(fields);
    }

    /// The pieces of a text; `lines` makes a line feed separate, too.
    pub(super) fn split(&mut self, text: &[u8], separator: &[u8], lines: bool) -> Vec<Value> {
        if text.is_empty() {
            return Vec::new();
        }
        match separator {
            b" " => text
                .split(|byte| matches!(byte, b' ' | b'\t' | b'\n'))
                .filter(|piece| !piece.is_empty())
                .map(Value::input)
                .collect(),
            [] => text.iter().map(|byte| Value::input([*byte])).collect(),
            [one] if *one != b'\\' => {
                text.split(|byte| byte == one || lines && *byte == b'\n').map(Value::input).collect()
            }
            _ => {
                let mut source = separator.to_vec();
                if lines {
                    source.extend_from_slice(b"|\n");
                }
                match self.pattern(&source) {
                    Ok(pattern) => split_by(text, &pattern),
                    Err(_) => vec![Value::input(text)],
                }
            }
        }
    }

    pub(super) fn field(&mut self, index: f64) -> Outcome<Value> {
        let index = self.field_index(index)?;
        if index == 0 {
            return Ok(Value::Input(self.record.clone()));
        }
        self.split_record();
        let field = self.fields.as_ref().and_then(|fields| fields.get(index - 1)).cloned();
        Ok(field.unwrap_or(Value::Unset))
    }

    pub(super) fn set_field(&mut self, index: f64, value: Value) -> Outcome<()> {
        let index = self.field_index(index)?;
        let format = self.format();
        if index == 0 {
            let text = value.bytes(&format).to_vec();
            self.set_record(text);
            return Ok(());
        }
        self.split_record();
        if let Some(fields) = &mut self.fields {
            if fields.len() < index {
                fields.resize(index, Value::input([]));
            }
            fields[index - 1] = value;
            self.globals[special::NF] = Cell::Value(Value::Number(fields.len() as f64));
        }
        self.rebuild();
        Ok(())
    }

    fn field_index(&self, index: f64) -> Outcome<usize> {
        if index < 0.0 {
            return Err(Halt::Fatal(match self.cx.busybox() {
                true => "cmd. line:1: Access to negative field".to_owned(),
                false => format!("run time error: negative field index ${index}"),
            }));
        }
        if index > 1e6 {
            return Err(Halt::NotSimulated("more than 1,000,000 fields".to_owned()));
        }
        Ok(index as usize)
    }

    /// `$0` anew from its fields.
    pub(super) fn rebuild(&mut self) {
        let (separator, format) = (self.text_of(special::OFS), self.format());
        let Some(fields) = &self.fields else { return };
        let pieces: Vec<Vec<u8>> = fields.iter().map(|field| field.bytes(&format).to_vec()).collect();
        self.record = Rc::new(pieces.join(separator.as_slice()));
    }
}

/// The pieces between the matches of a pattern.
pub(super) fn split_by(text: &[u8], pattern: &Pattern) -> Vec<Value> {
    let mut out = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some((from, to)) = pattern.find(text, at) {
        if to == from {
            if from >= text.len() {
                break;
            }
            at = from + 1;
            continue;
        }
        out.push(Value::input(&text[start..from]));
        start = to;
        at = to;
    }
    out.push(Value::input(&text[start..]));
    out
}
