//! Byte offsets of the engine to the editor's UTF-16 offsets, and back. Only the border needs it.

/// Converts offsets of one text; asking in ascending order costs one pass over the text for all of them.
#[derive(Debug)]
pub struct Utf16<'a> {
    text: &'a str,
    ascii: bool,
    /// The last answer: bytes and code units up to the same place.
    last: (usize, usize),
}

impl<'a> Utf16<'a> {
    /// For offsets of `text`.
    pub fn new(text: &'a str) -> Self {
        Self { text, ascii: text.is_ascii(), last: (0, 0) }
    }

    /// The UTF-16 offset of a byte offset. An offset past the end is the end, one inside a character is its start.
    pub fn of_byte(&mut self, byte: usize) -> usize {
        let mut byte = byte.min(self.text.len());
        if self.ascii {
            return byte;
        }
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let (bytes, units) = if self.last.0 <= byte { self.last } else { (0, 0) };
        let units = units + self.text[bytes..byte].chars().map(char::len_utf16).sum::<usize>();
        self.last = (byte, units);
        units
    }

    /// The byte offset of a UTF-16 offset. An offset past the end is the end, one inside a character is its end.
    pub fn to_byte(&self, units: usize) -> usize {
        if self.ascii {
            return units.min(self.text.len());
        }
        let mut seen = 0;
        let before = self.text.char_indices().find(|(_, one)| {
            let here = seen;
            seen += one.len_utf16();
            here >= units
        });
        before.map_or(self.text.len(), |(byte, _)| byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_code_units() {
        // One byte, two, three, four of UTF-8; one unit but for the last, which has two.
        let text = "aé한🐳b";
        let mut of = Utf16::new(text);
        let expected = [(0, 0), (1, 1), (2, 1), (3, 2), (6, 3), (8, 3), (10, 5), (11, 6), (99, 6)];
        for (byte, units) in expected {
            assert_eq!(of.of_byte(byte), units, "ascending {byte}");
        }
        for (byte, units) in expected.into_iter().rev() {
            assert_eq!(of.of_byte(byte), units, "descending {byte}");
        }
        for (units, byte) in [(0, 0), (1, 1), (2, 3), (3, 6), (4, 10), (5, 10), (6, 11), (99, 11)] {
            assert_eq!(of.to_byte(units), byte, "units {units}");
        }
        let units: Vec<u16> = text.encode_utf16().collect();
        assert_eq!(String::from_utf16_lossy(&units[..of.of_byte(6)]), "aé한");
    }
}
