//! The page's WebAssembly module. Natively it is an empty program, so that everything compiles without a browser.

fn main() {
    #[cfg(target_arch = "wasm32")]
    layerlab::app::start();
}
