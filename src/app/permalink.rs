//! Links to what is on the page: a project packed into the fragment of an address, which browsers never send, and unpacked
//! from it. The packing is the browser's own `CompressionStream` (raw deflate): it weighs nothing. The text inside is
//! `view::link`'s. Lacks any storage: the address is all there is.

use crate::view::link::{self, Fragment, LIMIT};
use crate::view::project::Project;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStreamDefaultReader, ReadableWritablePair};

#[wasm_bindgen]
extern "C" {
    type CompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;

    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// What the address of the page holds.
pub fn here() -> Fragment {
    let hash = gloo::utils::window().location().hash().unwrap_or_default();
    link::read(&hash)
}

/// The page's own address without query and fragment: it may stand under any path, and beside an index.html.
fn page() -> String {
    let location = gloo::utils::window().location();
    format!("{}{}", location.origin().unwrap_or_default(), location.pathname().unwrap_or_default())
}

/// The address of a file that lies beside the page.
pub fn beside(name: &str) -> String {
    let page = page();
    let folder = page.rsplit_once('/').map_or(page.as_str(), |(folder, _)| folder);
    format!("{folder}/{name}")
}

/// A link to a project, unpacked: longer, but there at once.
pub fn plain(project: &Project) -> String {
    format!("{}#{}", page(), link::write(project))
}

/// A link to a project, packed where that makes it shorter.
pub async fn packed(project: &Project) -> String {
    let text = link::write(project);
    let packed = match CompressionStream::new("deflate-raw") {
        Ok(stream) => through(text.as_bytes(), stream.unchecked_ref(), usize::MAX).await,
        Err(_) => None,
    };
    match packed.map(|bytes| format!("z={}", base64(&bytes))) {
        Some(packed) if packed.len() < text.len() => format!("{}#{packed}", page()),
        _ => format!("{}#{text}", page()),
    }
}

/// The same for an embedded page.
pub async fn embedded(project: &Project) -> String {
    packed(project).await.replacen('#', "?embed#", 1)
}

/// The project of a packed text; none where it is cut or otherwise broken, or unpacks to more than [`LIMIT`].
pub async fn unpack(packed: &str) -> Option<Project> {
    let bytes = unbase64(packed)?;
    let stream = DecompressionStream::new("deflate-raw").ok()?;
    let text = through(&bytes, stream.unchecked_ref(), LIMIT).await?;
    link::parse(&String::from_utf8(text).ok()?)
}

/// Sends bytes through a stream of the browser's; none where it refuses them, or at most `limit` bytes do not hold them.
async fn through(bytes: &[u8], stream: &ReadableWritablePair, limit: usize) -> Option<Vec<u8>> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let source = Blob::new_with_u8_array_sequence(&parts).ok()?.stream();
    let reader: ReadableStreamDefaultReader = source.pipe_through(stream).get_reader().unchecked_into();
    let mut out = Vec::new();
    loop {
        let read = JsFuture::from(reader.read()).await.ok()?;
        let field = |name: &str| js_sys::Reflect::get(&read, &JsValue::from_str(name)).ok();
        if field("done")?.is_truthy() {
            return Some(out);
        }
        out.extend(field("value")?.dyn_into::<js_sys::Uint8Array>().ok()?.to_vec());
        if out.len() > limit {
            // What is left is not wanted; that its stream ends is not worth waiting for.
            let _ = reader.cancel();
            return None;
        }
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 for addresses (RFC 4648, section 5), without padding.
fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + 3);
    for chunk in bytes.chunks(3) {
        let of = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let word = of(0) << 16 | of(1) << 8 | of(2);
        for i in 0..=chunk.len() {
            let digit = (word >> (18 - 6 * i) & 63) as usize;
            out.extend(DIGITS.get(digit).map(|digit| char::from(*digit)));
        }
    }
    out
}

fn unbase64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut word, mut bits) = (0_u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        word = word << 6 | DIGITS.iter().position(|digit| *digit == byte)? as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
            word &= (1 << bits) - 1;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        // RFC 4648, section 10, and the two digits that differ in addresses.
        let cases: [(&[u8], &str); 8] = [
            (b"", ""),
            (b"f", "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg"),
            (b"fooba", "Zm9vYmE"),
            (b"foobar", "Zm9vYmFy"),
            (b"\xfb\xff", "-_8"),
        ];
        for (bytes, text) in cases {
            assert_eq!(base64(bytes), text);
            assert_eq!(unbase64(text).as_deref(), Some(bytes));
        }
        assert_eq!(unbase64("a+b"), None);
    }
}
