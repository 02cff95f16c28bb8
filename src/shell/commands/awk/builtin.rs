//! The functions of the language.

use super::ast::{Expr, Place};
use super::run::{Halt, Machine, Outcome, special};
use super::value::{Cell, Format, Value};
use crate::shell::commands::number::parse_spec;
use crate::shell::commands::regex::Pattern;
use std::rc::Rc;

impl<'p> Machine<'p, '_, '_> {
    pub(super) fn builtin(&mut self, name: &'static str, args: &'p [Expr]) -> Outcome<Value> {
        let first = args.first();
        let number = |machine: &mut Self, at: usize| match args.get(at) {
            Some(expr) => machine.number(expr),
            None => Ok(0.0),
        };
        Ok(match name {
            "length" => match first {
                None => Value::Number(self.whole_record().len() as f64),
                Some(Expr::Place(Place::Var(var))) if matches!(self.cell(*var), Cell::Array(_)) => {
                    Value::Number(self.array(*var)?.borrow().elements.len() as f64)
                }
                Some(expr) => Value::Number(self.text(expr)?.len() as f64),
            },
            "substr" => self.substr(args)?,
            "index" => {
                let [text, part] = self.two(args)?;
                // Nothing is found in nothing; mawk finds it at the start of what is something.
                let empty = part.is_empty() && (self.cx.busybox() || text.is_empty());
                let at = (0..=text.len()).find(|at| text[*at..].starts_with(&part)).filter(|_| !empty);
                Value::Number(at.map_or(0.0, |at| at as f64 + 1.0))
            }
            "split" => self.split_function(args)?,
            "sub" | "gsub" => self.substitute(args, name == "gsub")?,
            "match" => self.match_function(args)?,
            "sprintf" => Value::text(self.format_list(args)?),
            "tolower" | "toupper" => {
                let text = match first {
                    Some(expr) => self.text(expr)?,
                    None => self.whole_record(),
                };
                Value::text(if name == "tolower" { text.to_ascii_lowercase() } else { text.to_ascii_uppercase() })
            }
            "sin" => Value::Number(number(self, 0)?.sin()),
            "cos" => Value::Number(number(self, 0)?.cos()),
            "atan2" => Value::Number(number(self, 0)?.atan2(number(self, 1)?)),
            "exp" => Value::Number(number(self, 0)?.exp()),
            "log" => Value::Number(number(self, 0)?.ln()),
            "sqrt" => Value::Number(number(self, 0)?.sqrt()),
            "int" => Value::Number(number(self, 0)?.trunc()),
            "rand" => {
                self.cx.modelled("rand is not random here");
                self.random =
                    self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                Value::Number((self.random >> 11) as f64 / (1u64 << 53) as f64)
            }
            "srand" => {
                let old = self.seed;
                self.seed = number(self, 0)?;
                self.random = self.seed as i64 as u64;
                Value::Number(old)
            }
            "and" | "or" | "xor" | "lshift" | "rshift" if self.cx.busybox() => {
                let (a, b) = (number(self, 0)? as i64 as u32, number(self, 1)? as i64 as u32);
                Value::Number(f64::from(match name {
                    "and" => a & b,
                    "or" => a | b,
                    "xor" => a ^ b,
                    "lshift" => a.checked_shl(b).unwrap_or(0),
                    _ => a.checked_shr(b).unwrap_or(0),
                }))
            }
            "compl" if self.cx.busybox() => Value::Number(f64::from(!(number(self, 0)? as i64 as u32))),
            "system" => {
                let command = self.argument(args, 0)?;
                Value::Number(self.system(&command)?)
            }
            "close" => {
                let name = self.argument(args, 0)?;
                Value::Number(self.close(&name)?)
            }
            "fflush" => Value::Number(0.0),
            _ => return Err(Halt::NotSimulated(format!("the function {name}"))),
        })
    }

    fn argument(&mut self, args: &'p [Expr], at: usize) -> Outcome<Rc<Vec<u8>>> {
        match args.get(at) {
            Some(expr) => self.text(expr),
            None => Ok(Rc::default()),
        }
    }

    fn two(&mut self, args: &'p [Expr]) -> Outcome<[Rc<Vec<u8>>; 2]> {
        Ok([self.argument(args, 0)?, self.argument(args, 1)?])
    }

    fn substr(&mut self, args: &'p [Expr]) -> Outcome<Value> {
        let text = self.argument(args, 0)?;
        let round = |number: f64| if number.is_nan() { 0.0 } else { number.trunc() };
        let from = match args.get(1) {
            Some(expr) => round(self.number(expr)?),
            None => 1.0,
        };
        let to = match args.get(2) {
            // What lies before the text is not counted off; mawk even adds it.
            Some(expr) if from < 1.0 => {
                let more = if self.cx.busybox() { 0.0 } else { -from };
                1.0 + round(self.number(expr)?) + more
            }
            Some(expr) => from + round(self.number(expr)?),
            None => f64::INFINITY,
        };
        let from = from.clamp(1.0, text.len() as f64 + 1.0) as usize - 1;
        let to = to.clamp(1.0, text.len() as f64 + 1.0) as usize - 1;
        Ok(Value::text(&text[from..to.max(from)]))
    }

    fn split_function(&mut self, args: &'p [Expr]) -> Outcome<Value> {
        let [text, target, ..] = args else { return Err(Halt::Fatal("split needs an array".to_owned())) };
        let text = self.text(text)?;
        let pieces = match args.get(2) {
            Some(Expr::Regex(pattern)) => {
                if text.is_empty() {
                    Vec::new()
                } else {
                    super::record::split_by(&text, pattern)
                }
            }
            Some(expr) => {
                let separator = self.text(expr)?;
                self.split(&text, &separator, false)
            }
            None => {
                let separator = self.text_of(special::FS);
                self.split(&text, &separator, false)
            }
        };
        let var = self.array_argument(target)?;
        let array = self.array(var)?;
        let mut array = array.borrow_mut();
        array.clear();
        let count = pieces.len();
        for (i, piece) in pieces.into_iter().enumerate() {
            array.set(Rc::new((i + 1).to_string().into_bytes()), piece);
        }
        Ok(Value::Number(count as f64))
    }

    fn match_function(&mut self, args: &'p [Expr]) -> Outcome<Value> {
        let [text, pattern] = args else {
            return Err(Halt::NotSimulated("match with an array".to_owned()));
        };
        let text = self.text(text)?;
        let pattern = self.pattern_of(pattern)?;
        let (start, length) = match pattern.find(&text, 0) {
            Some((from, to)) => (from as f64 + 1.0, (to - from) as f64),
            None => (0.0, -1.0),
        };
        self.globals[special::RSTART] = Cell::Value(Value::Number(start));
        self.globals[special::RLENGTH] = Cell::Value(Value::Number(length));
        Ok(Value::Number(start))
    }

    fn substitute(&mut self, args: &'p [Expr], all: bool) -> Outcome<Value> {
        let [pattern, replacement, ..] = args else { return Err(Halt::Fatal("sub needs two arguments".to_owned())) };
        let pattern = self.pattern_of(pattern)?;
        let replacement = self.text(replacement)?;
        let target = args.get(2);
        let text = match target {
            Some(expr) => self.text(expr)?,
            None => self.whole_record(),
        };
        let (new, count) = replace(&text, &pattern, &replacement, all, self.cx.busybox());
        if count > 0 {
            match target {
                Some(Expr::Place(place)) => self.write(place, Value::text(new))?,
                Some(Expr::Group(list)) if matches!(list.as_slice(), [Expr::Place(_)]) => {
                    if let [Expr::Place(place)] = list.as_slice() {
                        self.write(place, Value::text(new))?;
                    }
                }
                Some(_) => {}
                None => self.set_record(new),
            }
        }
        Ok(Value::Number(count as f64))
    }

    /// `printf` and `sprintf`.
    pub(super) fn format_list(&mut self, list: &'p [Expr]) -> Outcome<Vec<u8>> {
        let Some((format, args)) = list.split_first() else { return Ok(Vec::new()) };
        let format = self.text(format)?;
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            values.push(self.eval(arg)?);
        }
        let mut values = values.into_iter();
        let mut out = Vec::new();
        let mut at = 0;
        while at < format.len() {
            if format[at] != b'%' {
                out.push(format[at]);
                at += 1;
                continue;
            }
            if format.get(at + 1) == Some(&b'%') {
                out.push(b'%');
                at += 2;
                continue;
            }
            if self.cx.busybox()
                && format[at..].iter().take_while(|byte| !byte.is_ascii_alphabetic()).any(|b| *b == b'*')
            {
                return Err(Halt::Fatal("cmd. line:1: %*x formats are not supported".to_owned()));
            }
            let (spec, taken) =
                parse_spec(&format[at + 1..], || values.next().map_or(0, |value| value.number() as i64));
            let Some(letter) = format.get(at + 1 + taken) else {
                out.extend_from_slice(&format[at..]);
                break;
            };
            let start = at;
            at += taken + 2;
            if values.len() == 0 && !self.cx.busybox() {
                // What was printed before stays printed.
                self.output.out.extend_from_slice(&out);
                let shown = String::from_utf8_lossy(&format).replace('\n', "\\n").replace('\t', "\\t");
                let (file, record) = (self.text_of(special::FILENAME), self.text_of(special::NR));
                let (file, record) = (String::from_utf8_lossy(&file), String::from_utf8_lossy(&record));
                return Err(Halt::Fatal(format!(
                    "run time error: not enough arguments passed to printf(\"{shown}\")\n\tFILENAME=\"{file}\" FNR={record} NR={record}"
                )));
            }
            let mut next = || values.next().unwrap_or_default();
            match letter {
                b'd' | b'i' => {
                    let number = next().number();
                    out.extend(if number.is_nan() { spec.float(number, b'f') } else { spec.signed(number as i64) });
                }
                b'o' | b'x' | b'X' | b'u' => {
                    let number = next().number();
                    let bits = if number < 0.0 { number as i64 as u64 } else { number as u64 };
                    out.extend(spec.unsigned(bits, *letter));
                }
                b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => out.extend(spec.float(next().number(), *letter)),
                b'c' => match next() {
                    Value::Number(code) => out.extend(spec.pad(&[code as i64 as u8])),
                    value => {
                        let text = value.bytes(&Format::default());
                        out.extend(spec.pad(&text[..text.len().min(1)]));
                    }
                },
                b's' => {
                    let text = next().bytes(&self.format());
                    out.extend(spec.text(&text));
                }
                _ if self.cx.busybox() => {
                    return Err(Halt::Fatal(format!(
                        "{}: invalid format",
                        String::from_utf8_lossy(&format[start..at])
                    )));
                }
                _ => out.extend_from_slice(&format[start..at]),
            }
            if out.len() > 64 << 20 {
                return Err(Halt::Budget);
            }
        }
        Ok(out)
    }
}

/// Replaces the first match or all of them; `&` in the replacement is the match, `\&` an ampersand.
/// In busybox an empty match right after another counts.
fn replace(text: &[u8], pattern: &Pattern, replacement: &[u8], all: bool, busybox: bool) -> (Vec<u8>, usize) {
    let mut out = Vec::new();
    let (mut at, mut count, mut last_end) = (0, 0, None);
    while at <= text.len() {
        let Some((from, to)) = pattern.find(text, at) else { break };
        out.extend_from_slice(&text[at..from]);
        if from < to || last_end != Some(from) || busybox {
            count += 1;
            put(replacement, &text[from..to], &mut out);
        }
        last_end = Some(to);
        at = to;
        if from == to {
            out.extend_from_slice(&text[from..text.len().min(from + 1)]);
            at = from + 1;
        }
        if !all {
            break;
        }
    }
    out.extend_from_slice(text.get(at..).unwrap_or_default());
    (out, count)
}

fn put(replacement: &[u8], found: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while at < replacement.len() {
        match (replacement[at], replacement.get(at + 1)) {
            (b'\\', Some(next @ (b'&' | b'\\'))) => {
                out.push(*next);
                at += 2;
            }
            (b'&', _) => {
                out.extend_from_slice(found);
                at += 1;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
}
