//! PAX records: `LENGTH KEY=VALUE\n` (pax(1), "pax Extended Header"), as far as our filesystem keeps what they say.
//!
//! Extended attributes and access times are read over: the filesystem has none.

use super::error::ArchiveErrorKind as Kind;
use crate::vfs::Time;

/// The most bytes of records before one member: 1 MiB, as in Go's reader.
pub(super) const MAX_RECORDS: u64 = 1 << 20;

/// What the records say.
#[derive(Debug, Clone, Default)]
pub(super) struct Records {
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) uid: Option<u32>,
    pub(super) gid: Option<u32>,
    pub(super) mtime: Option<Time>,
    pub(super) user: Option<String>,
    pub(super) group: Option<String>,
    /// The member is stored sparsely.
    pub(super) sparse: bool,
}

impl Records {
    /// Adds the records of one header; an empty value takes a record back.
    pub(super) fn read(&mut self, mut data: &[u8]) -> Result<(), Kind> {
        while !data.is_empty() {
            let space = data.iter().position(|byte| *byte == b' ').ok_or(Kind::BadPax("no length"))?;
            let length: usize = std::str::from_utf8(&data[..space])
                .ok()
                .and_then(|digits| digits.parse().ok())
                .ok_or(Kind::BadPax("its length is not a number"))?;
            if length <= space + 1 || length > data.len() {
                return Err(Kind::BadPax("its length lies"));
            }
            let (record, rest) = data.split_at(length);
            let record = record[space + 1..].strip_suffix(b"\n").ok_or(Kind::BadPax("no line end"))?;
            let equals = record.iter().position(|byte| *byte == b'=').ok_or(Kind::BadPax("no \"=\""))?;
            self.set(&record[..equals], &record[equals + 1..])?;
            data = rest;
        }
        Ok(())
    }

    fn set(&mut self, key: &[u8], value: &[u8]) -> Result<(), Kind> {
        let text = || std::str::from_utf8(value).map_err(|_| Kind::NotUtf8);
        let given = !value.is_empty();
        match key {
            b"path" => self.path = given.then(|| value.to_vec()),
            b"linkpath" => self.link = given.then(|| value.to_vec()),
            b"size" => self.size = number(given, text()?, "size")?,
            b"uid" => self.uid = number(given, text()?, "owner")?,
            b"gid" => self.gid = number(given, text()?, "group")?,
            b"mtime" => self.mtime = if given { Some(time(text()?).ok_or(Kind::BadNumber("time"))?) } else { None },
            b"uname" => self.user = given.then(|| String::from_utf8_lossy(value).into_owned()),
            b"gname" => self.group = given.then(|| String::from_utf8_lossy(value).into_owned()),
            _ if key.starts_with(b"GNU.sparse.") => self.sparse = true,
            _ => {}
        }
        Ok(())
    }
}

fn number<T: std::str::FromStr>(given: bool, text: &str, what: &'static str) -> Result<Option<T>, Kind> {
    if given { text.parse().map(Some).map_err(|_| Kind::BadNumber(what)) } else { Ok(None) }
}

/// Seconds since 1970 with a fraction; digits after the ninth are cut.
fn time(text: &str) -> Option<Time> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let seconds: i64 = whole.parse().ok()?;
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    let nanos: u32 = digits.parse().ok()?;
    if whole.starts_with('-') && nanos > 0 {
        return Some(Time { seconds: seconds.checked_sub(1)?, nanos: 1_000_000_000 - nanos });
    }
    Some(Time { seconds, nanos })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_fractions_and_may_be_before_1970() {
        assert_eq!(time("1350244992.023960108"), Some(Time { seconds: 1_350_244_992, nanos: 23_960_108 }));
        assert_eq!(time("-1.5"), Some(Time { seconds: -2, nanos: 500_000_000 }));
        assert_eq!(time("12"), Some(Time { seconds: 12, nanos: 0 }));
        assert_eq!(time("1.x"), None);
    }

    #[test]
    fn records_that_lie_are_refused() {
        for (data, reason) in [
            (&b"12 path"[..], "its length lies"),
            (b"x path=a\n", "its length is not a number"),
            (b"9 path=a\n10 path=b\n9", "no length"),
            (b"9 path=ab", "no line end"),
            (b"8 pathab\n", "its length lies"),
            (b"9 pathab\n", "no \"=\""),
        ] {
            let kind = Records::default().read(data).unwrap_err();
            assert!(matches!(kind, Kind::BadPax(_)), "{data:?} {reason} {kind}");
        }
        let mut records = Records::default();
        records.read(b"9 path=a\n9 path=b\n7 uid=\n").unwrap();
        assert_eq!(records.path.as_deref(), Some(&b"b"[..]));
    }
}
