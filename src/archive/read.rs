//! Reads a tar member by member: ustar, old Unix tar, GNU long names, PAX. Nothing is believed: every length is checked
//! against what is there and every loop against a budget.
//!
//! Names are handed out as the archive has them: who unpacks decides what a leading `/` or a `..` means.

use super::compression;
use super::decoded::kind_of;
use super::error::{ArchiveError, ArchiveErrorKind as Kind};
use super::header::BLOCK;
use super::pax::{self, Records};
use crate::bytes::{self, Bytes};
use crate::digest::{Digest, Hasher};
use crate::vfs::{Content, MAX_ENTRIES, Meta, Time};
use std::io::{self, Read};

/// What an archive may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the uncompressed archive.
    pub stream: u64,
    /// Bytes kept in memory; runs of zeros are not.
    pub held: u64,
    /// Entries.
    pub entries: u64,
}

impl Default for Limits {
    /// 4 GiB unpacked, 1 GiB of it kept, 500,000 entries.
    fn default() -> Self {
        Self { stream: 4 << 30, held: 1 << 30, entries: MAX_ENTRIES }
    }
}

/// One member of a tar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Where its header begins, in bytes of the uncompressed tar.
    pub offset: u64,
    /// Where its data begin.
    pub data: u64,
    /// The length of its data in bytes.
    pub size: u64,
    /// Its name as the archive has it.
    pub name: String,
    /// What it is.
    pub kind: MemberKind,
    /// Mode, owner, time.
    pub meta: Meta,
    /// The owner's name, if it is stored.
    pub user: String,
    /// The group's name, if it is stored.
    pub group: String,
}

/// What a member of a tar is; links with their target as the archive has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberKind {
    /// A regular file: its data follow.
    File,
    /// A directory.
    Dir,
    /// Another name of an earlier file.
    Hardlink(String),
    /// A symbolic link.
    Symlink(String),
    /// A named pipe.
    Fifo,
    /// A character device.
    CharDevice {
        /// Major number.
        major: u32,
        /// Minor number.
        minor: u32,
    },
    /// A block device.
    BlockDevice {
        /// Major number.
        major: u32,
        /// Minor number.
        minor: u32,
    },
}

/// Reads a tar, compressed or plain.
pub struct TarReader<'a> {
    input: Input<'a>,
    compression: Option<&'static str>,
    limits: Limits,
    hasher: Option<Hasher>,
    /// Bytes read so far.
    at: u64,
    held: u64,
    entries: u64,
    /// Data and padding of the current member that are not read yet.
    data_left: u64,
    padding: u64,
    current: String,
    global: Records,
    /// A buffer for data that are passed over.
    chunk: Vec<u8>,
}

/// Where it reads from.
enum Input<'a> {
    Stream(Box<dyn Read + Send + 'a>),
    /// Plain bytes of this length: data that nobody asks for are passed over.
    Plain(bytes::Reader, u64),
}

impl<'a> TarReader<'a> {
    /// Starts to read some bytes.
    pub fn new(bytes: &'a [u8], limits: Limits) -> Self {
        let (reader, compression) = compression::reader(bytes);
        Self::over(Input::Stream(reader), compression, limits)
    }

    /// Starts to read stored bytes that are plain already (see [`super::unpacked`], which names their compression).
    pub fn of_plain(bytes: &Bytes, compression: Option<&'static str>, limits: Limits) -> Self {
        let input = match compression {
            None => Input::Plain(bytes.reader(), bytes.len()),
            Some(_) => Input::Stream(Box::new(bytes.reader())),
        };
        Self::over(input, compression, limits)
    }

    /// Starts to read what a decoder of this compression hands out.
    pub(super) fn stream(reader: Box<dyn Read + Send + 'a>, compression: &'static str, limits: Limits) -> Self {
        Self::over(Input::Stream(reader), Some(compression), limits)
    }

    /// How many bytes of the uncompressed archive were read.
    pub(super) fn position(&self) -> u64 {
        self.at
    }

    fn over(input: Input<'a>, compression: Option<&'static str>, limits: Limits) -> Self {
        Self {
            input,
            compression,
            limits,
            hasher: None,
            at: 0,
            held: 0,
            entries: 0,
            data_left: 0,
            padding: 0,
            current: String::new(),
            global: Records::default(),
            chunk: Vec::new(),
        }
    }

    /// Also digests the uncompressed bytes, for [`TarReader::finish`].
    pub fn with_digest(mut self) -> Self {
        self.hasher = Some(Hasher::default());
        self
    }

    /// The name of the compression, none if there is none.
    pub fn compression(&self) -> Option<&'static str> {
        self.compression
    }

    /// The next member; none at the end. Data of the one before that were not read are skipped.
    ///
    /// # Errors
    /// Whatever is wrong with the archive up to there.
    pub fn next_member(&mut self) -> Result<Option<Member>, ArchiveError> {
        while self.pass_over(u64::MAX)? > 0 {}
        let padding = std::mem::take(&mut self.padding);
        self.skip(padding)?;
        let mut records = self.global.clone();
        let (mut long_name, mut long_link) = (None, None);
        let start = self.at;
        loop {
            let offset = self.at;
            let mut block = [0; BLOCK];
            let got = self.read_up_to(&mut block)?;
            if got == 0 && offset == start || (got == BLOCK && block.iter().all(|byte| *byte == 0)) {
                return Ok(None);
            }
            if got < BLOCK {
                return Err(self.cut_off(offset, (BLOCK - got) as u64));
            }
            if !checksum_holds(&block) {
                let kind = if offset == 0 { Kind::NotTar } else { Kind::BadHeader };
                return Err(ArchiveError::at(offset, kind));
            }
            self.entries += 1;
            if self.entries > self.limits.entries {
                let limit = self.limits.entries;
                return Err(ArchiveError::at(offset, Kind::TooManyEntries { limit }));
            }
            let typeflag = block[156];
            if matches!(typeflag, b'x' | b'g' | b'L' | b'K') {
                let size = number(&block[124..136]).and_then(|size| u64::try_from(size).ok());
                let size = size.ok_or_else(|| ArchiveError::at(offset, Kind::BadNumber("size")))?;
                if size > pax::MAX_RECORDS {
                    return Err(ArchiveError::at(offset, Kind::BadPax("longer than 1 MiB")));
                }
                let data = self.read_vec(size)?;
                self.skip(pad(size))?;
                let bad = |kind| ArchiveError::at(offset, kind);
                match typeflag {
                    b'x' => records.read(&data).map_err(bad)?,
                    b'g' => {
                        self.global.read(&data).map_err(bad)?;
                        records.read(&data).map_err(bad)?;
                    }
                    b'L' => long_name = Some(until_nul(&data).to_vec()),
                    _ => long_link = Some(until_nul(&data).to_vec()),
                }
                continue;
            }
            let member = member(&block, start, self.at, &records, long_name, long_link)?;
            self.data_left = member.size;
            self.padding = pad(member.size);
            self.current.clone_from(&member.name);
            return Ok(Some(member));
        }
    }

    /// Passes over data of the current member, at most `limit` bytes and not many at once: how many, 0 once there are none.
    ///
    /// # Errors
    /// If the archive is cut off, or past a budget.
    pub fn pass_over(&mut self, limit: u64) -> Result<u64, ArchiveError> {
        const CHUNK: usize = 64 << 10;
        let unread = self.hasher.is_none();
        if let Input::Plain(reader, len) = &mut self.input
            && unread
        {
            let n = self.data_left.min(limit);
            if self.at.saturating_add(self.data_left) > *len {
                let (len, missing) = (*len, self.at + self.data_left - *len);
                return Err(self.cut_off(len, missing));
            }
            reader.skip(n);
            self.at += n;
            self.data_left -= n;
            return Ok(n);
        }
        let n = self.data_left.min(limit).min(CHUNK as u64) as usize;
        let mut chunk = std::mem::take(&mut self.chunk);
        chunk.resize(CHUNK, 0);
        let read = self.read_data(&mut chunk[..n]);
        self.chunk = chunk;
        read?;
        self.data_left -= n as u64;
        Ok(n as u64)
    }

    /// The data of the current member, as far as they are not read yet. Long runs of zeros cost no memory.
    ///
    /// # Errors
    /// If the archive is cut off, or past a budget.
    pub fn read_content(&mut self) -> Result<Content, ArchiveError> {
        const CHUNK: usize = 64 << 10;
        let mut content = Content::empty();
        let mut bytes = Vec::new();
        while self.data_left > 0 {
            let len = self.data_left.min(CHUNK as u64) as usize;
            let start = bytes.len();
            bytes.resize(start + len, 0);
            self.read_data(&mut bytes[start..])?;
            self.data_left -= len as u64;
            if len == CHUNK && bytes[start..].iter().all(|byte| *byte == 0) {
                bytes.truncate(start);
                if !bytes.is_empty() {
                    content.append(&Content::from(std::mem::take(&mut bytes)));
                }
                content.append(&Content::zeros(len as u64));
            } else {
                self.held += len as u64;
                if self.held > self.limits.held {
                    let limit = self.limits.held;
                    return Err(ArchiveError::of(&self.current, self.at, Kind::TooManyBytes { limit }));
                }
            }
        }
        if !bytes.is_empty() {
            bytes.shrink_to_fit();
            content.append(&Content::from(bytes));
        }
        Ok(content)
    }

    /// Reads to the end of the stream: the length of the uncompressed archive in bytes, and its digest if
    /// [`TarReader::with_digest`] asked for it.
    ///
    /// # Errors
    /// If the compressed data are damaged, or past a budget.
    pub fn finish(mut self) -> Result<(u64, Option<Digest>), ArchiveError> {
        let mut chunk = vec![0; 64 << 10];
        while self.read_up_to(&mut chunk)? > 0 {}
        Ok((self.at, self.hasher.map(Hasher::finish)))
    }

    /// Reads over at most 8 KiB.
    fn skip(&mut self, len: u64) -> Result<(), ArchiveError> {
        self.read_data(&mut [0; 8 << 10][..len as usize])
    }

    fn read_vec(&mut self, len: u64) -> Result<Vec<u8>, ArchiveError> {
        let mut out = vec![0; len as usize];
        self.read_data(&mut out)?;
        Ok(out)
    }

    /// Fills the buffer, or the archive is cut off.
    fn read_data(&mut self, buffer: &mut [u8]) -> Result<(), ArchiveError> {
        let got = self.read_up_to(buffer)?;
        if got == buffer.len() {
            return Ok(());
        }
        let missing = self.data_left.max(buffer.len() as u64) - got as u64;
        Err(self.cut_off(self.at, missing))
    }

    fn cut_off(&self, offset: u64, missing: u64) -> ArchiveError {
        let entry = (!self.current.is_empty()).then(|| self.current.clone());
        ArchiveError { kind: Kind::CutOff { missing }, entry, offset: Some(offset) }
    }

    /// Fills the buffer as far as there are bytes.
    fn read_up_to(&mut self, buffer: &mut [u8]) -> Result<usize, ArchiveError> {
        let mut got = 0;
        while got < buffer.len() {
            let read = match &mut self.input {
                Input::Stream(reader) => reader.read(&mut buffer[got..]),
                Input::Plain(reader, _) => reader.read(&mut buffer[got..]),
            };
            match read {
                Ok(0) => break,
                Ok(n) => got += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let compression = self.compression.unwrap_or("archive");
                    let kind = kind_of(&error).unwrap_or_else(|| compression::decoding(&error, compression));
                    let entry = (!self.current.is_empty()).then(|| self.current.clone());
                    return Err(ArchiveError { kind, entry, offset: Some(self.at + got as u64) });
                }
            }
        }
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&buffer[..got]);
        }
        self.at += got as u64;
        if self.at > self.limits.stream {
            let limit = self.limits.stream;
            return Err(ArchiveError::at(self.at, Kind::TooManyBytes { limit }));
        }
        Ok(got)
    }
}

/// Can these bytes be unpacked? As Docker asks it of a source of ADD: its first header is a tar's, once decompressed.
pub fn is_archive(bytes: &[u8]) -> bool {
    matches!(TarReader::new(bytes, Limits::default()).next_member(), Ok(Some(_)))
}

fn member(
    block: &[u8; BLOCK],
    offset: u64,
    data: u64,
    records: &Records,
    long_name: Option<Vec<u8>>,
    long_link: Option<Vec<u8>>,
) -> Result<Member, ArchiveError> {
    let unnamed = |kind| ArchiveError::at(offset, kind);
    let raw_name = match (&records.path, long_name) {
        (Some(path), _) => path.clone(),
        (None, Some(name)) => name,
        (None, None) => {
            let name = until_nul(&block[..100]);
            let prefix = until_nul(&block[345..500]);
            // GNU's own format (magic "ustar  ") has times where ustar has the prefix.
            if block[257..263] == *b"ustar\0" && !prefix.is_empty() {
                [prefix, b"/", name].concat()
            } else {
                name.to_vec()
            }
        }
    };
    let name = valid(raw_name).map_err(|(kind, lossy)| ArchiveError::of(&lossy, offset, kind))?;
    if name.is_empty() {
        return Err(unnamed(Kind::EmptyName));
    }
    let bad = |kind| ArchiveError::of(&name, offset, kind);
    if records.sparse {
        return Err(bad(Kind::UnsupportedType('S')));
    }
    let link = records.link.clone().or(long_link).unwrap_or_else(|| until_nul(&block[157..257]).to_vec());
    let link = valid(link).map_err(|(kind, _)| bad(kind))?;
    let field = |range: std::ops::Range<usize>, what| number(&block[range]).ok_or_else(|| bad(Kind::BadNumber(what)));
    let small = |value: i64, what| u32::try_from(value).map_err(|_| bad(Kind::BadNumber(what)));
    let device = || -> Result<(u32, u32), ArchiveError> {
        Ok((
            small(field(329..337, "device number")?, "device number")?,
            small(field(337..345, "device number")?, "device number")?,
        ))
    };
    let kind = match block[156] {
        0 if name.ends_with('/') => MemberKind::Dir,
        0 | b'0' | b'7' => MemberKind::File,
        b'1' => MemberKind::Hardlink(link),
        b'2' if link.is_empty() => return Err(bad(Kind::EmptyLink)),
        b'2' => MemberKind::Symlink(link),
        b'3' => device().map(|(major, minor)| MemberKind::CharDevice { major, minor })?,
        b'4' => device().map(|(major, minor)| MemberKind::BlockDevice { major, minor })?,
        b'5' => MemberKind::Dir,
        b'6' => MemberKind::Fifo,
        other => return Err(bad(Kind::UnsupportedType(other.into()))),
    };
    let size = match records.size {
        Some(size) => size,
        None => u64::try_from(field(124..136, "size")?).map_err(|_| bad(Kind::BadNumber("size")))?,
    };
    // Only files have data: what other kinds say of a size is not believed, as in Go's reader.
    let size = if kind == MemberKind::File { size } else { 0 };
    let owner = |record: Option<u32>, range, what| match record {
        Some(id) => Ok(id),
        None => small(field(range, what)?, what),
    };
    let mtime = match records.mtime {
        Some(time) => time,
        None => Time { seconds: field(136..148, "time")?, nanos: 0 },
    };
    let meta = Meta {
        mode: (field(100..108, "mode")? & 0o7777) as u16,
        uid: owner(records.uid, 108..116, "owner")?,
        gid: owner(records.gid, 116..124, "group")?,
        mtime,
    };
    let text = |record: &Option<String>, range: std::ops::Range<usize>| {
        record.clone().unwrap_or_else(|| String::from_utf8_lossy(until_nul(&block[range])).into_owned())
    };
    let (user, group) = (text(&records.user, 265..297), text(&records.group, 297..329));
    Ok(Member { offset, data, size, kind, meta, user, group, name })
}

/// A name as text: UTF-8 without NUL.
fn valid(bytes: Vec<u8>) -> Result<String, (Kind, String)> {
    match String::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => Err((Kind::NulInName, text)),
        Ok(text) => Ok(text),
        Err(error) => Err((Kind::NotUtf8, String::from_utf8_lossy(error.as_bytes()).into_owned())),
    }
}

fn until_nul(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

fn pad(size: u64) -> u64 {
    (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64
}

/// The sum of the header's bytes, unsigned, or signed as old tars counted.
fn checksum_holds(block: &[u8; BLOCK]) -> bool {
    let Some(stated) = number(&block[148..156]) else { return false };
    let bytes = || block.iter().enumerate().map(|(i, byte)| if (148..156).contains(&i) { b' ' } else { *byte });
    stated == bytes().map(i64::from).sum::<i64>() || stated == bytes().map(|byte| i64::from(byte as i8)).sum::<i64>()
}

/// Octal digits between blanks and NULs, or GNU's binary form.
fn number(field: &[u8]) -> Option<i64> {
    if field.first()? & 0x80 != 0 {
        let negative = field[0] & 0x40 != 0;
        let start: i128 = if negative { -1 } else { 0 };
        let value = field.iter().enumerate().fold(start, |value, (i, byte)| {
            let byte = if i == 0 && !negative { byte & 0x7f } else { *byte };
            (value << 8) | i128::from(byte)
        });
        return i64::try_from(value).ok();
    }
    let blank = |byte: &u8| *byte == b' ' || *byte == 0;
    let start = field.iter().position(|byte| !blank(byte)).unwrap_or(field.len());
    let digits = field[start..].split(blank).next().unwrap_or_default();
    digits.iter().try_fold(0i64, |value, digit| match digit {
        b'0'..=b'7' => value.checked_mul(8)?.checked_add(i64::from(digit - b'0')),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_octal_or_binary() {
        assert_eq!(number(b"0000644\0"), Some(0o644));
        assert_eq!(number(b"   644 \0"), Some(0o644));
        assert_eq!(number(b"\0\0\0\0\0\0\0\0"), Some(0));
        assert_eq!(number(b"00006z4\0"), None);
        assert_eq!(number(&[0x80, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]), Some(2 << 56));
        assert_eq!(number(&[0xff; 12]), Some(-1));
        assert_eq!(number(&[0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0]), None);
    }
}
