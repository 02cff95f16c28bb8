//! How a message becomes a JavaScript value: postcard bytes in a `Uint8Array`. In place of gloo-worker's own codec, whose
//! format is no longer maintained.
//!
//! The bytes do not describe themselves: a type that is sent may not use serde's `untagged`, `flatten` or
//! `skip_serializing_if`. `protocol`'s tests send one of each message to and fro.

use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsValue, UnwrapThrowExt};

/// The codec of the page and the worker. Both come from one build, so a message that cannot be read is a bug of ours,
/// and ends the worker, which the page then starts again.
#[derive(Debug)]
pub struct Postcard;

impl gloo_worker::Codec for Postcard {
    fn encode<I: Serialize>(input: I) -> JsValue {
        let bytes = postcard::to_allocvec(&input).expect_throw("a message cannot be written");
        Uint8Array::from(bytes.as_slice()).into()
    }

    fn decode<O: for<'de> Deserialize<'de>>(input: JsValue) -> O {
        let bytes = Uint8Array::from(input).to_vec();
        postcard::from_bytes(&bytes).expect_throw("a message cannot be read")
    }
}
