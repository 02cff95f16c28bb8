//! `docker images`, and the images of `docker system df -v`.

use super::table::table;
use super::time;
use crate::digest::Digest;
use crate::dockerfile::reference::Reference;
use crate::image::{Image, chain_ids, go_escaped};
use crate::units::{human, human4};
use serde::Serialize;
use std::collections::BTreeMap;

/// The options of `docker images`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImagesOptions {
    /// With the column DIGEST.
    pub digests: bool,
    /// IDs as a whole.
    pub no_trunc: bool,
}

/// One line: an image under one of its names.
struct Row<'a> {
    image: &'a Image,
    repository: String,
    tag: String,
}

/// The table: a line for each name of each image, newest image first. `now` is in seconds since 1970.
pub fn images(images: &[&Image], options: ImagesOptions, now: i64) -> String {
    let mut head = vec!["REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"];
    if options.digests {
        head.insert(2, "DIGEST");
    }
    let rows: Vec<Vec<String>> = rows(images)
        .iter()
        .map(|row| {
            let mut cells = vec![
                row.repository.clone(),
                row.tag.clone(),
                id(row.image, options.no_trunc),
                since(row.image, now),
                human(row.image.size()),
            ];
            if options.digests {
                cells.insert(2, NONE.to_owned());
            }
            cells
        })
        .collect();
    table(&head, &rows)
}

/// A line of JSON for each row: `--format json`.
pub fn images_json(images: &[&Image], options: ImagesOptions, now: i64) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Line {
        containers: &'static str,
        created_at: String,
        created_since: String,
        digest: &'static str,
        #[serde(rename = "ID")]
        id: String,
        repository: String,
        shared_size: &'static str,
        size: String,
        tag: String,
        unique_size: &'static str,
        virtual_size: String,
    }
    let line = |row: &Row<'_>| {
        let size = row.image.size();
        let line = Line {
            containers: "0",
            created_at: created(row.image).map(time::go).unwrap_or_default(),
            created_since: since(row.image, now),
            digest: NONE,
            id: id(row.image, options.no_trunc),
            repository: row.repository.clone(),
            shared_size: "N/A",
            size: human(size),
            tag: row.tag.clone(),
            unique_size: "N/A",
            virtual_size: human4(size),
        };
        format!("{}\n", go_escaped(&serde_json::to_string(&line).unwrap_or_default()))
    };
    rows(images).iter().map(line).collect()
}

/// The IDs alone, one for each line: `--quiet`.
pub fn image_ids(images: &[&Image], options: ImagesOptions) -> String {
    rows(images).iter().map(|row| format!("{}\n", id(row.image, options.no_trunc))).collect()
}

/// `docker system df -v` of a daemon that has images and nothing else.
pub fn disk_usage(images: &[&Image], now: i64) -> String {
    let head = ["REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE", "SHARED SIZE", "UNIQUE SIZE", "CONTAINERS"];
    let shared = shared_sizes(images);
    let mut seen: Vec<Option<Digest>> = Vec::new();
    let mut lines = Vec::new();
    for row in rows(images) {
        // An image with several names has one line.
        if row.image.id.is_some() && seen.contains(&row.image.id) {
            continue;
        }
        seen.push(row.image.id);
        let (size, shared) = (row.image.size(), shared(row.image));
        lines.push(vec![
            row.repository,
            row.tag,
            id(row.image, false),
            since(row.image, now),
            human(size),
            human4(shared),
            human4(size - shared.min(size)),
            "0".to_owned(),
        ]);
    }
    let none: &[Vec<String>] = &[];
    format!(
        "Images space usage:\n\n{}\nContainers space usage:\n\n{}\nLocal Volumes space usage:\n\n{}\n\
         Build cache usage: 0B\n\n{}",
        table(&head, &lines),
        table(&["CONTAINER ID", "IMAGE", "COMMAND", "LOCAL VOLUMES", "SIZE", "CREATED", "STATUS", "NAMES"], none),
        table(&["VOLUME NAME", "LINKS", "SIZE"], none),
        table(&["CACHE ID", "CACHE TYPE", "SIZE", "CREATED", "LAST USED", "USAGE", "SHARED"], none),
    )
}

const NONE: &str = "<none>";

/// How many bytes of an image lie in layers that another one has, too: the same layer on the same layers.
fn shared_sizes(images: &[&Image]) -> impl Fn(&Image) -> u64 {
    let mut used: BTreeMap<Digest, usize> = BTreeMap::new();
    for image in images {
        for chain in chain_ids(&image.config.rootfs.diff_ids) {
            *used.entry(chain).or_default() += 1;
        }
    }
    move |image| {
        let chain = chain_ids(&image.config.rootfs.diff_ids);
        let layers = image.layers.iter().zip(chain);
        layers.filter(|(_, chain)| used.get(chain).is_some_and(|n| *n > 1)).map(|(layer, _)| layer.size).sum()
    }
}

fn rows<'a>(images: &[&'a Image]) -> Vec<Row<'a>> {
    let mut sorted: Vec<&Image> = images.to_vec();
    sorted.sort_by_key(|image| std::cmp::Reverse(created(image)));
    let mut rows = Vec::new();
    for image in sorted {
        let mut names: Vec<(String, String)> = image.names.iter().filter_map(|name| split(name)).collect();
        names.sort();
        if names.is_empty() {
            names.push((NONE.to_owned(), NONE.to_owned()));
        }
        rows.extend(names.into_iter().map(|(repository, tag)| Row { image, repository, tag }));
    }
    rows
}

/// Repository and tag of a name, as Docker shows them.
fn split(name: &str) -> Option<(String, String)> {
    let reference = Reference::parse(name).ok()?.with_default_tag();
    let (familiar, tag) = (reference.familiar(), reference.tag.clone()?);
    Some((familiar.strip_suffix(&format!(":{tag}"))?.to_owned(), tag))
}

fn id(image: &Image, no_trunc: bool) -> String {
    match image.id {
        None => NONE.to_owned(),
        Some(id) if no_trunc => id.to_string(),
        Some(id) => id.short(),
    }
}

fn created(image: &Image) -> Option<i64> {
    image.config.created.as_deref().and_then(time::seconds)
}

fn since(image: &Image, now: i64) -> String {
    created(image).map_or_else(|| "N/A".to_owned(), |created| time::ago(created, now))
}
