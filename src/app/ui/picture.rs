//! The stack as a picture to download: SVG, and PNG that the browser paints from it at twice its size.

use super::parts::icon;
use super::stages::stage_name;
use crate::app::i18n::{I18n, use_i18n};
use crate::view::drawing::{Drawing, Words, draw};
use crate::view::ledger::LedgerView;
use crate::view::picture::Scene;
use gloo::events::EventListener;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, HtmlImageElement, Url,
};
use yew::prelude::*;

/// Pixels of a PNG for each of the SVG's.
const SHARPNESS: u32 = 2;

/// Properties of [`Downloads`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct DownloadsProps {
    /// What is drawn.
    pub scene: Option<Rc<Scene>>,
    /// The ledger above it.
    pub ledger: Option<Rc<LedgerView>>,
}

/// The two buttons.
#[component]
pub fn Downloads(props: &DownloadsProps) -> Html {
    let i18n = use_i18n();
    let Some(scene) = props.scene.clone() else { return html! { <p>{ i18n.t("empty-head") }</p> } };
    let drawing = {
        let (i18n, ledger) = (i18n.clone(), props.ledger.clone());
        move || draw(&scene.stack, ledger.as_deref(), &words(&i18n, &scene, ledger.as_deref()))
    };
    let svg = {
        let drawing = drawing.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(blob) = blob(&drawing().svg) {
                save(&blob, "layers.svg");
            }
        })
    };
    let png = Callback::from(move |_: MouseEvent| paint(&drawing()));
    html! {
        <p class="downloads">
            <button type="button" class="button small" onclick={svg}>{ icon("down") }{ "SVG" }</button>
            <button type="button" class="button small" onclick={png}>{ icon("down") }{ "PNG" }</button>
        </p>
    }
}

fn words(i18n: &I18n, scene: &Scene, ledger: Option<&LedgerView>) -> Words {
    let layers = match ledger {
        Some(LedgerView::Image(image)) => image.layers,
        _ => 0,
    };
    Words {
        title: i18n.t("layers-newest-on-top"),
        size: i18n.f("ledger-size", &[("layers", i18n.f("layers-count", &[("n", layers.into())]).into())]),
        metadata: i18n.t("metadata-0b"),
        whiteout: i18n.t("whiteout"),
        failed: i18n.t("not-run"),
        live: i18n.t("live"),
        wasted: i18n.t("wasted"),
        scratch: i18n.t("scratch-ground"),
        stages: scene.stack.stages.iter().map(|stage| stage_name(i18n, stage)).collect(),
        entries: Rc::new({
            let i18n = i18n.clone();
            move |n| i18n.f("entries", &[("n", n.into())])
        }),
    }
}

fn blob(svg: &str) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type("image/svg+xml");
    Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&svg.into()), &options).ok()
}

/// Hands a file to the user. Where the browser makes no address for it, nothing happens.
fn save(blob: &Blob, name: &str) {
    let Ok(address) = Url::create_object_url_with_blob(blob) else { return };
    let link =
        gloo::utils::document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    // The browser has taken it by then.
    gloo::timers::callback::Timeout::new(10_000, move || {
        let _ = Url::revoke_object_url(&address);
    })
    .forget();
}

/// Paints a drawing and saves it. An image from a `data:` address, which the Content-Security-Policy lets through.
fn paint(drawing: &Drawing) {
    let Ok(image) = HtmlImageElement::new() else { return };
    let (width, height) = (drawing.width * SHARPNESS, drawing.height * SHARPNESS);
    image.set_src(&format!("data:image/svg+xml,{}", String::from(js_sys::encode_uri_component(&drawing.svg))));
    let painted = image.clone();
    EventListener::once(&image, "load", move |_| {
        let canvas = gloo::utils::document().create_element("canvas").ok();
        let Some(canvas) = canvas.and_then(|canvas| canvas.dyn_into::<HtmlCanvasElement>().ok()) else { return };
        canvas.set_width(width);
        canvas.set_height(height);
        let context = canvas.get_context("2d").ok().flatten();
        let Some(context) = context.and_then(|it| it.dyn_into::<CanvasRenderingContext2d>().ok()) else { return };
        let (width, height) = (f64::from(width), f64::from(height));
        if context.draw_image_with_html_image_element_and_dw_and_dh(&painted, 0.0, 0.0, width, height).is_err() {
            return;
        }
        let saved = Closure::once_into_js(|blob: Option<Blob>| {
            if let Some(blob) = blob {
                save(&blob, "layers.png");
            }
        });
        // A canvas that only we painted on is never refused.
        let _ = canvas.to_blob(saved.unchecked_ref());
    })
    .forget();
}
