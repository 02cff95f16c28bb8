//! Files that the user drops in or chooses: read whole, as text where they are text.

use crate::view::project::ContextFile;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileList};

/// The files with their paths in the context, and the names of those that cannot be read (a folder that was dropped, a
/// file over `limit` bytes).
pub async fn read(list: FileList, limit: u64) -> (Vec<(String, ContextFile)>, Vec<String>) {
    let (mut files, mut refused) = (Vec::new(), Vec::new());
    for index in 0..list.length() {
        let Some(file) = list.get(index) else { continue };
        let path = path(&file);
        match bytes(&file, limit).await {
            Some(bytes) => files.push((path, ContextFile::of_bytes(bytes))),
            None => refused.push(path),
        }
    }
    (files, refused)
}

/// The path from the chosen folder, where one was chosen; else the name.
fn path(file: &File) -> String {
    let relative = Reflect::get(file, &JsValue::from_str("webkitRelativePath")).ok();
    relative.and_then(|path| path.as_string()).filter(|path| !path.is_empty()).unwrap_or_else(|| file.name())
}

async fn bytes(file: &File, limit: u64) -> Option<Vec<u8>> {
    if file.size() > limit as f64 {
        return None;
    }
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(Uint8Array::new(buffer.unchecked_ref()).to_vec())
}
