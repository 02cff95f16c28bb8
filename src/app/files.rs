//! Files of the user as the engine reads them in the worker, and archives as the page hands them to the user. A file stays
//! on its disk: it is read where it is needed, never as a whole.

use crate::bytes::{Bytes, Source};
use js_sys::{Array, Uint8Array};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, FileReaderSync, Url, XmlHttpRequest, XmlHttpRequestResponseType};

/// How much is read at once, in bytes: many small files lie side by side.
const BLOCK: u64 = 1 << 20;

thread_local! {
    /// The opened files: JavaScript's objects may not leave their thread, numbers may.
    static FILES: RefCell<BTreeMap<u32, Blob>> = const { RefCell::new(BTreeMap::new()) };
}

struct JsFile {
    id: u32,
    /// The block that was read last, and where it begins.
    block: Mutex<(u64, Vec<u8>)>,
}

/// The file of an object URL.
///
/// # Errors
/// What the browser says, if the file cannot be had.
pub fn of_url(url: &str, size: u64) -> Result<Bytes, String> {
    let blob = fetch(url).map_err(|error| words(&error))?;
    let id = FILES.with_borrow_mut(|files| {
        let id = files.last_key_value().map_or(0, |(id, _)| id + 1);
        files.insert(id, blob);
        id
    });
    Ok(Bytes::new(Arc::new(JsFile { id, block: Mutex::new((0, Vec::new())) }), size))
}

/// Only its place is fetched, not its bytes: the answer is the same file.
fn fetch(url: &str) -> Result<Blob, JsValue> {
    let request = XmlHttpRequest::new()?;
    request.open_with_async("GET", url, false)?;
    request.set_response_type(XmlHttpRequestResponseType::Blob);
    request.send()?;
    request.response()?.dyn_into()
}

impl Source for JsFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut block = self.block.lock().unwrap_or_else(PoisonError::into_inner);
        let start = offset / BLOCK * BLOCK;
        if block.1.is_empty() || block.0 != start {
            *block = (start, self.read(start)?);
        }
        let from = (offset - start) as usize;
        let n = block.1.len().saturating_sub(from).min(buffer.len());
        buffer[..n].copy_from_slice(&block.1[from..from + n]);
        Ok(n)
    }
}

impl JsFile {
    fn read(&self, start: u64) -> io::Result<Vec<u8>> {
        let failed = |error: JsValue| io::Error::other(words(&error));
        let blob = FILES.with_borrow(|files| files.get(&self.id).cloned()).ok_or(io::ErrorKind::NotFound)?;
        let slice = blob.slice_with_f64_and_f64(start as f64, (start + BLOCK) as f64).map_err(failed)?;
        let reader = FileReaderSync::new().map_err(failed)?;
        let bytes = reader.read_as_array_buffer(&slice).map_err(failed)?;
        Ok(Uint8Array::new(&bytes).to_vec())
    }
}

impl Drop for JsFile {
    fn drop(&mut self) {
        FILES.with_borrow_mut(|files| files.remove(&self.id));
    }
}

/// An archive in the making: its pieces are the browser's, which may keep them on disk.
#[derive(Default)]
pub struct Made {
    parts: Array,
}

impl Made {
    /// Takes pieces in.
    pub fn add(&mut self, pieces: Vec<Vec<u8>>) {
        for piece in pieces {
            let part = Array::of1(&Uint8Array::from(piece.as_slice()));
            if let Ok(blob) = Blob::new_with_u8_array_sequence(&part) {
                self.parts.push(&blob);
            }
        }
    }

    /// An object URL of the whole; empty if the browser makes none.
    pub fn finish(&mut self) -> String {
        let parts = std::mem::take(&mut self.parts);
        let blob = Blob::new_with_blob_sequence(&parts);
        blob.and_then(|blob| Url::create_object_url_with_blob(&blob)).unwrap_or_default()
    }
}

fn words(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => js_sys::Reflect::get(error, &"message".into())
            .ok()
            .and_then(|message| message.as_string())
            .unwrap_or_else(|| format!("{error:?}")),
    }
}
