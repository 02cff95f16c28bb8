//! What `FROM name` finds. (Helper `image`: take the place of this file.)
#![allow(missing_docs)]
use crate::diagnostic::DiagnosticKind;
use crate::image::Image;
use std::sync::Arc;
#[derive(Default)]
pub struct Catalog;
pub struct Resolved {
    pub image: Arc<Image>,
    pub note: Option<DiagnosticKind>,
}
pub struct Unknown {
    pub resolved: String,
    pub suggestion: String,
}
impl Catalog {
    pub fn resolve(&self, name: &str) -> Result<Resolved, Unknown> {
        Err(Unknown { resolved: name.to_owned(), suggestion: String::new() })
    }
}
