//! Gives the page's WebAssembly a stack of 4 MiB instead of 1: the shell interprets programs that nest 128 deep, and its parser
//! recurses.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        println!("cargo::rustc-link-arg-bins=-zstack-size=4194304");
    }
}
