//! What the `docker` command prints of images, byte for byte where that is deterministic: recorded in tests/cases/texts.

mod history;
mod images;
mod inspect;
mod table;
mod time;
mod tree;

pub use history::{HistoryOptions, history, history_ids, history_json};
pub use images::{ImagesOptions, disk_usage, image_ids, images, images_json};
pub use inspect::inspect;
pub use tree::tree;
