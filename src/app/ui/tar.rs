//! The Tar panel: the layer's archive, entry by entry.

use crate::app::i18n::I18n;
use crate::app::words;
use crate::view::changes::StoredWhat;
use crate::view::stack::DigestView;
use crate::view::tar::{TarEntry, TarView};
use yew::prelude::*;

/// The panel's content.
pub fn tar(i18n: &I18n, view: &TarView) -> Html {
    if !view.layer {
        return html! {
            <p class="because"><b>{ i18n.t("tar-none") }</b>{ " " }<span>{ i18n.t("tar-none-evidence") }</span></p>
        };
    }
    let diff_id = match &view.diff_id {
        DigestView::Known(digest) => html! { <code class="wrap">{ format!("sha256:{digest}") }</code> },
        DigestView::Pending => html! { { i18n.t("digest-pending") } },
        DigestView::NotComputed => html! { { i18n.t("digest-not-computed") } },
    };
    html! {
        <>
            <p class="because"><b>{ i18n.t("tar-head") }</b>{ " " }<span>{ i18n.t("tar-evidence") }</span></p>
            if view.entries.is_empty() {
                <p class="aside">{ i18n.t("tar-empty") }</p>
            } else {
                <table class="tar">
                    <caption class="vh">{ i18n.t("tar-caption") }</caption>
                    <thead>
                        <tr>
                            <th scope="col">{ i18n.t("name") }</th>
                            <th scope="col">{ i18n.t("what") }</th>
                            <th scope="col" class="num">{ i18n.t("mode") }</th>
                            <th scope="col" class="num">{ i18n.t("owner") }</th>
                        </tr>
                    </thead>
                    <tbody>{ for view.entries.iter().map(|one| entry(i18n, one)) }</tbody>
                </table>
                if view.more > 0 {
                    <p class="aside">{ i18n.f("and-more", &[("n", view.more.into())]) }</p>
                }
            }
            <h3 class="sect"><span>{ i18n.t("diff-id") }</span></h3>
            <p class="diff-id">{ diff_id }</p>
            <p class="aside">{ i18n.t("diff-id-note") }</p>
        </>
    }
}

fn entry(i18n: &I18n, entry: &TarEntry) -> Html {
    let hides = matches!(entry.what, StoredWhat::Whiteout | StoredWhat::Opaque);
    html! {
        <tr>
            <td>
                <code class="wrap">
                    { &entry.dir }
                    if hides {
                        <b class="bad">{ &entry.name }</b>
                    } else {
                        { &entry.name }
                    }
                </code>
            </td>
            <td>{ words::stored(i18n, &entry.what) }</td>
            <td class="num"><code>{ entry.mode.map(|mode| format!("{mode:04o}")) }</code></td>
            <td class="num"><code>{ format!("{}:{}", entry.owner.0, entry.owner.1) }</code></td>
        </tr>
    }
}
