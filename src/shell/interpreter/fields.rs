//! Fields: what words expand to, split where unquoted expansions hold characters of IFS (POSIX, "Field Splitting").

/// A word on its way: its text, and which of it is quoted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// The text.
    pub text: String,
    /// Stretches of it that are quoted, in bytes.
    quoted: Vec<(usize, usize)>,
    /// An unquoted character of a pattern is in it.
    pub magic: bool,
}

impl Field {
    fn push(&mut self, text: &str, quoted: bool) {
        if quoted {
            let (start, end) = (self.text.len(), self.text.len() + text.len());
            match self.quoted.last_mut() {
                Some(last) if last.1 == start => last.1 = end,
                _ => self.quoted.push((start, end)),
            }
        } else if !self.magic {
            self.magic = text.contains(['*', '?', '[', '\\']);
        }
        self.text.push_str(text);
    }

    /// The text as a pattern: what is quoted stands for itself.
    pub fn pattern(&self) -> String {
        let mut out = String::new();
        let mut at = 0;
        for (start, end) in &self.quoted {
            out.push_str(&self.text[at..*start]);
            out.push_str(&crate::shell::pattern::escape(&self.text[*start..*end]));
            at = *end;
        }
        out.push_str(&self.text[at..]);
        out
    }
}

/// The fields so far.
#[derive(Debug, Default)]
pub struct Fields {
    /// Whole ones.
    pub done: Vec<Field>,
    current: Field,
    /// There is a current field, if only an empty one.
    open: bool,
    /// The last field was ended by blanks: a delimiter that follows belongs to them.
    after_blank: bool,
}

impl Fields {
    /// Adds text that is not split.
    pub fn text(&mut self, text: &str, quoted: bool) {
        self.open = true;
        self.after_blank = false;
        self.current.push(text, quoted);
    }

    /// Adds the result of an unquoted expansion.
    pub fn split(&mut self, text: &str, ifs: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let plain = rest.find(|c| ifs.contains(c)).unwrap_or(rest.len());
            if plain > 0 {
                self.text(&rest[..plain], false);
                rest = &rest[plain..];
                continue;
            }
            let Some(c) = rest.chars().next() else { return };
            rest = &rest[c.len_utf8()..];
            if matches!(c, ' ' | '\t' | '\n') {
                if self.open {
                    self.cut();
                    self.after_blank = true;
                }
            } else if !std::mem::take(&mut self.after_blank) {
                self.open = true;
                self.cut();
            }
        }
    }

    /// Ends the current field, if there is one.
    pub fn cut(&mut self) {
        if std::mem::take(&mut self.open) {
            self.done.push(std::mem::take(&mut self.current));
        }
        self.after_blank = false;
    }

    /// Ends the current field, even if it is empty.
    pub fn cut_always(&mut self) {
        self.open = true;
        self.cut();
    }

    /// All fields.
    pub fn finish(mut self) -> Vec<Field> {
        self.cut();
        self.done
    }

    /// All as one, for where nothing is split.
    pub fn joined(self) -> Field {
        let mut fields = self.finish().into_iter();
        let mut out = fields.next().unwrap_or_default();
        for field in fields {
            out.push(" ", true);
            out.push(&field.text, true);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, ifs: &str) -> Vec<String> {
        let mut fields = Fields::default();
        fields.split(text, ifs);
        fields.finish().into_iter().map(|field| field.text).collect()
    }

    #[test]
    fn splitting() {
        assert_eq!(split("  a  b ", " \t\n"), ["a", "b"]);
        assert_eq!(split("a : b::c:", " :"), ["a", "b", "", "c"]);
        assert_eq!(split(" :a", " :"), ["", "a"]);
        assert_eq!(split("", " "), [""; 0]);
        assert_eq!(split("a b", ""), ["a b"]);
    }
}
