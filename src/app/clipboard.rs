//! The clipboard. Browsers refuse it in frames and without HTTPS; callers then let the user copy by hand.

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Copies a text: whether that worked.
pub async fn copy(text: &str) -> bool {
    let navigator = gloo::utils::window().navigator();
    // Not there at all in an insecure context.
    let known = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard")).is_ok_and(|it| it.is_object());
    known && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
