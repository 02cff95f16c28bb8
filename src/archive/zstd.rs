//! zstd, frame after frame: a file may hold several, and frames to be skipped between them (RFC 8878, section 3.1), as
//! seekable layers have. The decoder of one frame is a library's.

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, BufRead, Read};

/// Do the bytes start with a frame, or with one to be skipped?
pub(super) fn starts(bytes: &[u8]) -> bool {
    let Some(magic) = bytes.first_chunk::<4>() else { return false };
    let magic = u32::from_le_bytes(*magic);
    magic == 0xfd2f_b528 || magic & 0xffff_fff0 == 0x184d_2a50
}

/// A reader of all frames. Windows over 128 MiB (the decoder's default, and `zstd -d`'s) are refused.
pub(super) struct Frames<'a> {
    packed: Box<dyn BufRead + Send + 'a>,
    decoder: FrameDecoder,
    open: bool,
}

impl<'a> Frames<'a> {
    pub(super) fn new(packed: Box<dyn BufRead + Send + 'a>) -> Self {
        Self { packed, decoder: FrameDecoder::new(), open: false }
    }

    /// Begins the next frame, past those to be skipped; false at the end.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.packed.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.packed) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let length = u64::from(length);
                    if io::copy(&mut self.packed.by_ref().take(length), &mut io::sink())? < length {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(self.failed(error)),
            }
        }
        Ok(false)
    }

    /// What the decoder could not do: where all bytes are read, more were wanted.
    fn failed(&mut self, error: FrameDecoderError) -> io::Error {
        match self.packed.fill_buf() {
            Ok([]) => io::ErrorKind::UnexpectedEof.into(),
            _ => io::Error::other(error),
        }
    }

    /// The frame is read; its checksum is right, if it has one.
    fn end(&mut self) -> io::Result<()> {
        self.open = false;
        match self.decoder.get_checksum_from_data() {
            Some(sum) if Some(sum) != self.decoder.get_calculated_checksum() => Err(io::Error::other("wrong checksum")),
            _ => Ok(()),
        }
    }
}

impl Read for Frames<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !buffer.is_empty() {
            if !self.open {
                self.open = self.begin()?;
                if !self.open {
                    break;
                }
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                if let Err(error) = self.decoder.decode_blocks(&mut self.packed, one) {
                    return Err(self.failed(error));
                }
            }
            match self.decoder.read(buffer)? {
                0 => self.end()?,
                got => return Ok(got),
            }
        }
        Ok(0)
    }
}
