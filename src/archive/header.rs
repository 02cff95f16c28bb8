//! The 512-byte header of a tar member, with PAX records where ustar's fields are too small (pax(1), "ustar Interchange
//! Format" and "pax Header Block").

/// The length of a block in bytes: a header has one, data is padded to whole ones.
pub(super) const BLOCK: usize = 512;

/// What is written as one header, or as two where PAX records are needed.
pub(super) struct Header<'a> {
    pub(super) name: &'a str,
    pub(super) link: &'a str,
    pub(super) typeflag: u8,
    pub(super) mode: u16,
    pub(super) uid: u32,
    pub(super) gid: u32,
    pub(super) size: u64,
    /// Seconds since 1970.
    pub(super) mtime: u64,
    pub(super) device: Option<(u32, u32)>,
    /// Names of owner and group, as far as they fit; empty for layers.
    pub(super) owner: [&'a str; 2],
}

impl Header<'_> {
    /// Appends the blocks of this header to `out`.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        let mut records = Vec::new();
        let (prefix, name) = match split(self.name) {
            Some(parts) => parts,
            None => {
                record(&mut records, "path", self.name);
                ("", self.name)
            }
        };
        if self.link.len() > 100 || !self.link.is_ascii() {
            record(&mut records, "linkpath", self.link);
        }
        for (key, value, digits) in [("size", self.size, 11), ("uid", self.uid.into(), 7), ("gid", self.gid.into(), 7)]
        {
            if !fits(value, digits) {
                record(&mut records, key, &value.to_string());
            }
        }
        if !records.is_empty() {
            let base = self.name.trim_end_matches('/').rsplit('/').next().unwrap_or("");
            let pax = Header {
                name: &format!("PaxHeaders.0/{}", ascii(base, 87)),
                link: "",
                typeflag: b'x',
                mode: 0o644,
                uid: 0,
                gid: 0,
                size: records.len() as u64,
                mtime: self.mtime,
                device: None,
                owner: ["", ""],
            };
            pax.block(pax.name, "", out);
            out.extend_from_slice(&records);
            out.resize(out.len().next_multiple_of(BLOCK), 0);
        }
        self.block(name, prefix, out);
    }

    fn block(&self, name: &str, prefix: &str, out: &mut Vec<u8>) {
        let mut block = [0; BLOCK];
        text(&mut block[..100], name);
        octal(&mut block[100..108], self.mode.into());
        octal(&mut block[108..116], self.uid.into());
        octal(&mut block[116..124], self.gid.into());
        octal(&mut block[124..136], self.size);
        octal(&mut block[136..148], self.mtime);
        block[148..156].fill(b' ');
        block[156] = self.typeflag;
        text(&mut block[157..257], self.link);
        block[257..265].copy_from_slice(b"ustar\x0000");
        text(&mut block[265..296], self.owner[0]);
        text(&mut block[297..328], self.owner[1]);
        if let Some((major, minor)) = self.device {
            octal_or_binary(&mut block[329..337], major);
            octal_or_binary(&mut block[337..345], minor);
        }
        text(&mut block[345..500], prefix);
        let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
        octal(&mut block[148..155], sum);
        out.extend_from_slice(&block);
    }
}

/// The prefix and name fields for a path; none if it does not fit them.
fn split(path: &str) -> Option<(&str, &str)> {
    if !path.is_ascii() {
        return None;
    }
    if path.len() <= 100 {
        return Some(("", path));
    }
    let cut = (path.len() - 101..path.len().min(156)).find(|at| path.as_bytes()[*at] == b'/')?;
    (cut > 0 && cut + 1 < path.len()).then(|| (&path[..cut], &path[cut + 1..]))
}

/// A record `LENGTH KEY=VALUE\n`, whose length counts its own digits.
fn record(out: &mut Vec<u8>, key: &str, value: &str) {
    let rest = key.len() + value.len() + 3;
    let mut length = rest + 1;
    while length != rest + length.to_string().len() {
        length = rest + length.to_string().len();
    }
    out.extend_from_slice(format!("{length} {key}={value}\n").as_bytes());
}

fn ascii(text: &str, most: usize) -> String {
    text.chars().filter(char::is_ascii).take(most).collect()
}

fn text(field: &mut [u8], text: &str) {
    let clean = if text.is_ascii() { text.to_owned() } else { ascii(text, field.len()) };
    let len = clean.len().min(field.len());
    field[..len].copy_from_slice(&clean.as_bytes()[..len]);
}

fn fits(value: u64, digits: u32) -> bool {
    value < 1 << (3 * digits)
}

/// Octal digits and a NUL; 0 where they do not fit (a PAX record has the value then).
fn octal(field: &mut [u8], value: u64) {
    let digits = field.len() - 1;
    let value = if fits(value, digits as u32) { value } else { 0 };
    field[..digits].copy_from_slice(format!("{value:0digits$o}").as_bytes());
}

/// GNU's binary form where octal does not fit: PAX has no records for device numbers.
fn octal_or_binary(field: &mut [u8], value: u32) {
    if fits(value.into(), 7) {
        octal(field, value.into());
    } else {
        field[0] = 0x80;
        field[4..8].copy_from_slice(&value.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_counts_its_own_digits() {
        let mut out = Vec::new();
        record(&mut out, "path", &"x".repeat(90));
        assert!(out.starts_with(b"99 path=x"));
        assert_eq!(out.len(), 99);
        out.clear();
        record(&mut out, "path", &"x".repeat(91));
        assert!(out.starts_with(b"101 path=x"));
        assert_eq!(out.len(), 101);
    }

    #[test]
    fn long_paths_are_split_where_a_slash_allows_it() {
        let dir = "d".repeat(60);
        let path = format!("{dir}/{dir}");
        assert_eq!(split(&path), Some((dir.as_str(), dir.as_str())));
        assert_eq!(split(&"x".repeat(101)), None);
        assert_eq!(split(&format!("{}/", "x".repeat(101))), None);
        assert_eq!(split("é"), None);
    }
}
