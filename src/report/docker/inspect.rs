//! `docker image inspect`: the JSON of an image, as Docker 28 with overlay2 prints it.
//!
//! Docker names the folders of layers at random; here they are named by the layers' chain IDs, so that what two images share
//! shows.

use crate::image::{Image, chain_ids, go_escaped};
use serde_json::{Map, Value, json};

/// Where Docker keeps the layers.
const OVERLAY2: &str = "/var/lib/docker/overlay2";

/// The time that Go calls zero.
const NEVER: &str = "0001-01-01T00:00:00Z";

/// Fields of the config that are shown even where they are empty.
const ALWAYS: [&str; 8] = ["Cmd", "Entrypoint", "Env", "Labels", "OnBuild", "User", "Volumes", "WorkingDir"];

/// Fields of an imported config that Docker no longer shows.
const GONE: [&str; 9] =
    ["AttachStderr", "AttachStdin", "AttachStdout", "Domainname", "Hostname", "Image", "OpenStdin", "StdinOnce", "Tty"];

/// The document for some images.
pub fn inspect(images: &[&Image]) -> String {
    let documents: Vec<Value> = images.iter().map(|image| document(image)).collect();
    let mut out = Vec::new();
    let format = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, format);
    if serde::Serialize::serialize(&documents, &mut serializer).is_err() {
        return String::new();
    }
    format!("{}\n", go_escaped(&String::from_utf8_lossy(&out)))
}

fn document(image: &Image) -> Value {
    let config = &image.config;
    let other = |name: &str| config.other.get(name).and_then(Value::as_str).unwrap_or_default();
    let last = config.history.last();
    // Docker shows the image's own comment, else that of its last row.
    let comment = match other("comment") {
        "" => last.map(|row| row.comment.as_str()).unwrap_or_default(),
        own => own,
    };
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    put("Id", image.id.map(|id| id.to_string()).unwrap_or_default().into());
    put("RepoTags", json!(image.names));
    put("RepoDigests", json!([]));
    put("Parent", "".into());
    put("Comment", comment.into());
    if let Some(created) = &config.created {
        put("Created", created.as_str().into());
    }
    put("DockerVersion", other("docker_version").into());
    put("Author", config.author.clone().unwrap_or_default().into());
    put("Architecture", config.architecture.as_str().into());
    if !other("variant").is_empty() {
        put("Variant", other("variant").into());
    }
    put("Os", config.os.as_str().into());
    put("Size", image.size().into());
    put("GraphDriver", json!({"Data": folders(image), "Name": "overlay2"}));
    let layers: Vec<String> = config.rootfs.diff_ids.iter().map(ToString::to_string).collect();
    let mut rootfs = Map::new();
    rootfs.insert("Type".to_owned(), "layers".into());
    if !layers.is_empty() {
        rootfs.insert("Layers".to_owned(), json!(layers));
    }
    put("RootFS", rootfs.into());
    put("Metadata", json!({"LastTagTime": NEVER}));
    put("Config", container(image));
    out.into()
}

/// The folders of the layers, and those of a container on top.
fn folders(image: &Image) -> Value {
    let chain = chain_ids(&image.config.rootfs.diff_ids);
    let Some((top, lower)) = chain.split_last() else { return Value::Null };
    let folder = |id: &crate::digest::Digest, name: &str| format!("{OVERLAY2}/{}/{name}", id.hex());
    let mut data = Map::new();
    if !lower.is_empty() {
        let lower: Vec<String> = lower.iter().rev().map(|id| folder(id, "diff")).collect();
        data.insert("LowerDir".to_owned(), lower.join(":").into());
    }
    for (field, name) in [("MergedDir", "merged"), ("UpperDir", "diff"), ("WorkDir", "work")] {
        data.insert(field.to_owned(), folder(top, name).into());
    }
    data.into()
}

/// The config, its fields sorted, as Docker 28 writes it: without what only containers have.
fn container(image: &Image) -> Value {
    let Ok(Value::Object(known)) = serde_json::to_value(&image.config.config) else { return Value::Null };
    let shown = known.into_iter().filter(|(name, _)| !GONE.contains(&name.as_str()));
    let mut out: Map<String, Value> = shown.collect();
    for name in ALWAYS {
        let empty = if matches!(name, "User" | "WorkingDir") { Value::from("") } else { Value::Null };
        out.entry(name.to_owned()).or_insert(empty);
    }
    let mut out = Value::from(out);
    out.sort_all_objects();
    out
}
