//! Theme and language: read when the page opens, applied to the document, kept for the next visit.
//!
//! static/theme.js has applied them before the first paint; here they change. Storage may be refused (in a frame, for
//! instance): then the choice lasts as long as the page.

use super::i18n::I18n;
use crate::view::state::{Language, Pane, Settings, Theme};
use web_sys::Element;

/// The settings that the document has.
pub fn read() -> Settings {
    let root = gloo::utils::document_element();
    let theme = match root.get_attribute("data-theme").as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    };
    let language = match root.get_attribute("lang").as_deref() {
        Some("ko") => Language::Ko,
        _ => Language::En,
    };
    let large = root.get_attribute("data-size").as_deref() == Some("large");
    let keys_off = root.has_attribute("data-keys-off");
    Settings { theme, language, large, keys_off }
}

/// Gives the document these settings, and keeps what differs from before. False if the browser does not keep it.
pub fn apply(settings: Settings) -> bool {
    let mut kept = true;
    let before = read();
    let root = gloo::utils::document_element();
    if settings.theme != before.theme {
        let name = (settings.theme != Theme::System).then(|| settings.theme.name());
        set(&root, "data-theme", name);
        kept &= keep("layerlab.theme", name);
    }
    if settings.large != before.large {
        let size = settings.large.then_some("large");
        set(&root, "data-size", size);
        kept &= keep("layerlab.size", size);
    }
    if settings.keys_off != before.keys_off {
        let off = settings.keys_off.then_some("off");
        set(&root, "data-keys-off", off);
        kept &= keep("layerlab.keys", off);
    }
    if settings.language != before.language {
        set(&root, "lang", Some(settings.language.tag()));
        kept &= keep("layerlab.lang", Some(settings.language.tag()));
    }
    gloo::utils::document().set_title(&I18n::new(settings.language).t("page-title"));
    kept
}

/// The pane that the page's address asks for.
pub fn pane() -> Pane {
    let asked = gloo::utils::document_element().get_attribute("data-pane");
    Pane::ALL.into_iter().find(|pane| asked.as_deref() == Some(pane.name())).unwrap_or_default()
}

/// Is the page a frame in another one?
pub fn is_embedded() -> bool {
    gloo::utils::document_element().has_attribute("data-embed")
}

/// Takes the first view of index.html away: the page itself has something to show.
pub fn show_page() {
    set(&gloo::utils::document_element(), "data-ready", Some(""));
}

/// Tells the style sheets which pane a narrow page shows.
pub fn show_pane(name: &str) {
    set(&gloo::utils::document_element(), "data-pane", Some(name));
}

/// The names are ours, so the document cannot refuse them.
fn set(root: &Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// Keeps a choice, or forgets it; false if the browser refuses.
fn keep(name: &str, value: Option<&str>) -> bool {
    let Ok(Some(storage)) = gloo::utils::window().local_storage() else { return false };
    let done = match value {
        Some(value) => storage.set_item(name, value),
        None => storage.remove_item(name),
    };
    done.is_ok()
}
