//! Brings a sample application from the page's own origin when it is chosen.

use crate::catalog::samples::{self, Sample};
use crate::view::project::{ContextFile, Project};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// Fetches a sample's project; none if it cannot be had.
pub async fn fetch(name: &str) -> Option<Project> {
    let text = text(&samples::file(name)).await.ok()?;
    samples::read(&text).ok().map(project)
}

async fn text(url: &str) -> Result<String, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response: Response = JsFuture::from(window.fetch_with_str(url)).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    text.as_string().filter(|_| response.ok()).ok_or(JsValue::NULL)
}

fn project(sample: Sample) -> Project {
    let mut project = Project::of_dockerfile(&sample.dockerfile);
    for (path, text) in sample.files {
        if path == ".dockerignore" {
            project.dockerignore = text.into();
        } else {
            project.context.insert(path, ContextFile { text: text.into(), ..ContextFile::default() });
        }
    }
    project
}
