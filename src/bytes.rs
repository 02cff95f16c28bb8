//! Bytes that lie elsewhere, in memory or in a file, and are read when they are asked for: an archive of gigabytes costs
//! no memory. Whoever has such a place (the command line a file, the page a `File`) implements [`Source`].

use std::fmt;
use std::io::{self, BufRead, Read};
use std::sync::Arc;

/// How much a [`Reader`] reads at once, in bytes.
const BUFFER: usize = 64 << 10;

/// A place that holds bytes. What it holds does not change.
pub trait Source: Send + Sync {
    /// Reads from `offset` on into the buffer: the number of bytes read, 0 at the end.
    ///
    /// # Errors
    /// Those of the place: a file that is gone or has changed, data that do not unpack.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

/// A stretch of a [`Source`]; cheap to clone.
#[derive(Clone)]
pub struct Bytes {
    source: Arc<dyn Source>,
    start: u64,
    len: u64,
}

impl Bytes {
    /// The first `len` bytes of a source; it may hold fewer, and then ends early.
    pub fn new(source: Arc<dyn Source>, len: u64) -> Self {
        Self { source, start: 0, len }
    }

    /// The length in bytes. Of something that unpacks while it is read it is only a bound.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// No bytes.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The stretch of `len` bytes from `start` on, cut to the end.
    pub fn slice(&self, start: u64, len: u64) -> Self {
        let start = start.min(self.len);
        Self { source: self.source.clone(), start: self.start + start, len: len.min(self.len - start) }
    }

    /// Is it the same stretch of the same place?
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.source, &other.source) && (self.start, self.len) == (other.start, other.len)
    }

    /// Reads from `offset` on: the number of bytes, 0 at the end.
    ///
    /// # Errors
    /// Those of the source.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.len.saturating_sub(offset).min(buffer.len() as u64) as usize;
        if left == 0 { Ok(0) } else { self.source.read_at(self.start + offset, &mut buffer[..left]) }
    }

    /// All bytes.
    ///
    /// # Errors
    /// Those of the source; `UnexpectedEof` if it holds fewer.
    pub fn to_vec(&self) -> io::Result<Vec<u8>> {
        let mut out = vec![0; self.len as usize];
        self.reader().read_exact(&mut out)?;
        Ok(out)
    }

    /// The first bytes, at most `len`.
    ///
    /// # Errors
    /// Those of the source.
    pub fn head(&self, len: usize) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        self.slice(0, len as u64).reader().read_to_end(&mut out)?;
        Ok(out)
    }

    /// Reads them from the start.
    pub fn reader(&self) -> Reader {
        Reader { bytes: self.clone(), at: 0, buffer: Vec::new(), used: 0 }
    }
}

impl From<Arc<Vec<u8>>> for Bytes {
    fn from(bytes: Arc<Vec<u8>>) -> Self {
        let len = bytes.len() as u64;
        Self::new(Arc::new(Memory(bytes)), len)
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Arc::new(bytes).into()
    }
}

impl PartialEq for Bytes {
    /// The same stretch of the same place; what two places hold is not compared.
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
    }
}

impl Eq for Bytes {}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({} from {})", self.len, self.start)
    }
}

struct Memory(Arc<Vec<u8>>);

impl Source for Memory {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(self.0.len());
        let n = buffer.len().min(self.0.len() - from);
        buffer[..n].copy_from_slice(&self.0[from..from + n]);
        Ok(n)
    }
}

/// Reads [`Bytes`] in order.
pub struct Reader {
    bytes: Bytes,
    /// Where the next bytes after the buffered ones lie.
    at: u64,
    buffer: Vec<u8>,
    used: usize,
}

impl Reader {
    /// Passes over bytes without reading them, as far as there are any.
    pub fn skip(&mut self, len: u64) {
        let buffered = (self.buffer.len() - self.used) as u64;
        if len <= buffered {
            self.used += len as usize;
        } else {
            self.at = self.at.saturating_add(len - buffered);
            self.buffer.clear();
            self.used = 0;
        }
    }
}

impl BufRead for Reader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.used == self.buffer.len() {
            self.used = 0;
            self.buffer.resize(BUFFER, 0);
            let read = self.bytes.read_at(self.at, &mut self.buffer);
            self.buffer.truncate(*read.as_ref().unwrap_or(&0));
            self.at += read? as u64;
        }
        Ok(&self.buffer[self.used..])
    }

    fn consume(&mut self, n: usize) {
        self.used = (self.used + n).min(self.buffer.len());
    }
}

impl Read for Reader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // A read as large as the buffer needs none.
        if self.used == self.buffer.len() && out.len() >= BUFFER {
            let n = self.bytes.read_at(self.at, out)?;
            self.at += n as u64;
            return Ok(n);
        }
        let buffered = self.fill_buf()?;
        let n = buffered.len().min(out.len());
        out[..n].copy_from_slice(&buffered[..n]);
        self.consume(n);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(len: usize) -> Bytes {
        (0..len).map(|i| (i % 251) as u8).collect::<Vec<u8>>().into()
    }

    #[test]
    fn stretches_of_stretches_read_the_right_bytes() {
        let all = numbers(200_000);
        let inner = all.slice(100, 150_000).slice(70_000, 1_000_000);
        assert_eq!(inner.len(), 80_000);
        assert_eq!(inner.to_vec().unwrap(), all.to_vec().unwrap()[70_100..150_100]);
        assert_eq!(inner.head(3).unwrap(), all.to_vec().unwrap()[70_100..70_103]);
        assert!(all.slice(1_000_000, 5).is_empty());
    }

    #[test]
    fn passing_over_bytes_and_reading_go_together() {
        let all = numbers(200_000);
        let mut reader = all.reader();
        let mut three = [0; 3];
        reader.read_exact(&mut three).unwrap();
        reader.skip(10);
        reader.read_exact(&mut three).unwrap();
        assert_eq!(three, [13, 14, 15]);
        reader.skip(150_000);
        reader.read_exact(&mut three).unwrap();
        assert_eq!(three[0], (150_016 % 251) as u8);
        reader.skip(1_000_000);
        assert_eq!(reader.read(&mut three).unwrap(), 0);
    }

    #[test]
    fn a_place_that_holds_less_ends_early() {
        let short = Bytes::new(Arc::new(Memory(Arc::new(vec![1, 2]))), 5);
        assert_eq!(short.to_vec().unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(short.head(10).unwrap(), [1, 2]);
    }
}
