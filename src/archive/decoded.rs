//! What compressed bytes unpack to, as a place that is read anywhere and unpacked no further than needed. Reading on where
//! the last read ended costs nothing more; going back starts from the beginning again, unless the piece is still kept.

use super::compression::{self, Decoder, decoding};
use super::error::{ArchiveError, ArchiveErrorKind};
use crate::bytes::{Bytes, Source};
use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// The length of a piece in bytes.
const PIECE: usize = 256 << 10;

/// How many unpacked bytes are kept at least; more for larger archives, but never more than they have themselves.
const KEPT: u64 = 16 << 20;

/// The unpacked bytes of some stored ones, and the name of the compression; the bytes themselves if they are plain.
///
/// # Errors
/// If they cannot be read.
pub fn unpacked(packed: &Bytes) -> Result<(Bytes, Option<&'static str>), ArchiveError> {
    let start = packed.head(8).map_err(|error| ArchiveError::at(0, decoding(&error, "archive")))?;
    let Some((name, decode)) = compression::decoder(&start) else { return Ok((packed.clone(), None)) };
    let state =
        Mutex::new(State { reader: None, at: 0, ended: false, pieces: BTreeMap::new(), order: VecDeque::new() });
    let source = Decoded { packed: packed.clone(), decode, name, state };
    Ok((Bytes::new(Arc::new(source), u64::MAX), Some(name)))
}

struct Decoded {
    packed: Bytes,
    decode: Decoder,
    name: &'static str,
    state: Mutex<State>,
}

struct State {
    reader: Option<Box<dyn Read + Send>>,
    /// The number of the piece that the reader comes to next.
    at: u64,
    /// The reader is at its end.
    ended: bool,
    pieces: BTreeMap<u64, Arc<Vec<u8>>>,
    /// Kept pieces, the oldest first.
    order: VecDeque<u64>,
}

impl Source for Decoded {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut done = 0;
        while done < buffer.len() {
            let at = offset + done as u64;
            let piece = self.piece(&mut state, at / PIECE as u64)?;
            let from = (at % PIECE as u64) as usize;
            let n = piece.len().saturating_sub(from).min(buffer.len() - done);
            if n == 0 {
                break;
            }
            buffer[done..done + n].copy_from_slice(&piece[from..from + n]);
            done += n;
        }
        Ok(done)
    }
}

impl Decoded {
    /// A piece; shorter than [`PIECE`] at the end, and empty past it.
    fn piece(&self, state: &mut State, number: u64) -> io::Result<Arc<Vec<u8>>> {
        if let Some(piece) = state.pieces.get(&number) {
            return Ok(piece.clone());
        }
        if state.reader.is_none() || number < state.at {
            state.reader = Some((self.decode)(Box::new(self.packed.reader())));
            (state.at, state.ended) = (0, false);
        }
        loop {
            let mut piece = Vec::with_capacity(PIECE);
            if let Some(reader) = state.reader.as_mut().filter(|_| !state.ended)
                && let Err(error) = reader.take(PIECE as u64).read_to_end(&mut piece)
            {
                state.reader = None;
                return Err(Failed::of(&error, self.name));
            }
            state.ended |= piece.len() < PIECE;
            let piece = Arc::new(piece);
            state.keep(state.at, piece.clone(), KEPT.max(self.packed.len()));
            state.at += 1;
            if state.at > number || state.ended {
                return Ok(if state.at > number { piece } else { Arc::default() });
            }
        }
    }
}

impl State {
    fn keep(&mut self, number: u64, piece: Arc<Vec<u8>>, limit: u64) {
        if self.pieces.insert(number, piece).is_none() {
            self.order.push_back(number);
        }
        while self.order.len() as u64 * PIECE as u64 > limit {
            if let Some(oldest) = self.order.pop_front() {
                self.pieces.remove(&oldest);
            }
        }
    }
}

/// The damage of compressed bytes on its way through [`io::Error`].
#[derive(Debug)]
struct Failed(ArchiveErrorKind);

impl Failed {
    fn of(error: &io::Error, name: &'static str) -> io::Error {
        // A layer in a compressed archive: the error of the inner one says it already.
        let kind = kind_of(error).unwrap_or_else(|| decoding(error, name));
        io::Error::new(error.kind(), Failed(kind))
    }
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Failed {}

/// What an error of reading says of the archive, if it came out of unpacking.
pub(super) fn kind_of(error: &io::Error) -> Option<ArchiveErrorKind> {
    error.get_ref()?.downcast_ref::<Failed>().map(|failed| failed.0.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::tests::gzip;

    #[test]
    fn any_place_of_the_unpacked_bytes_can_be_read() {
        let plain: Vec<u8> = (0u32..3 * PIECE as u32).map(|i| (i / 7) as u8).collect();
        let (bytes, name) = unpacked(&Bytes::from(gzip(&plain))).unwrap();
        assert_eq!(name, Some("gzip"));
        for (from, len) in [(0, 5), (PIECE - 3, 10), (2 * PIECE, 100), (7, PIECE * 2), (plain.len() - 4, 4)] {
            assert_eq!(bytes.slice(from as u64, len as u64).to_vec().unwrap(), plain[from..from + len]);
        }
        let mut all = Vec::new();
        bytes.reader().read_to_end(&mut all).unwrap();
        assert!(all == plain);
        assert_eq!(bytes.read_at(plain.len() as u64, &mut [0; 4]).unwrap(), 0);
        assert_eq!(bytes.read_at(plain.len() as u64 * 9, &mut [0; 4]).unwrap(), 0);
        assert_eq!(unpacked(&Bytes::from(b"plain".to_vec())).unwrap().1, None);
    }

    #[test]
    fn pieces_that_are_no_longer_kept_are_unpacked_again() {
        let plain = vec![7; KEPT as usize + 3 * PIECE];
        let (bytes, _) = unpacked(&Bytes::from(gzip(&plain))).unwrap();
        assert_eq!(bytes.slice(plain.len() as u64 - 2, 2).to_vec().unwrap(), [7, 7]);
        assert_eq!(bytes.slice(0, 2).to_vec().unwrap(), [7, 7]);
    }

    #[test]
    fn damage_is_named() {
        let packed = gzip(&vec![1; 100_000]);
        let (bytes, _) = unpacked(&Bytes::from(packed[..packed.len() - 20].to_vec())).unwrap();
        let error = bytes.head(100_000).unwrap_err();
        assert_eq!(kind_of(&error), Some(ArchiveErrorKind::CutOffCompressed { compression: "gzip" }));
    }
}
