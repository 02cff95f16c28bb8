//! The build tools of web front ends (`vite`, `next`, `tsc`, …), which run from node_modules, and `node` itself.

use super::{Model, base};
use crate::packages::files::{Files, join};
use crate::packages::given::Given;
use crate::shell::commands::{Context, Exit, Running};

/// A tool: its name, the command by which it builds (empty: any), and what it leaves: path and size of the table.
type Outputs = &'static [(&'static str, &'static str)];

const SINGLE_PAGE: Outputs =
    &[("dist/index.html", "page"), ("dist/assets/index.js", "page bundle"), ("dist/assets/index.css", "style sheet")];

const TOOLS: &[(&str, &str, Outputs)] = &[
    ("vite", "build", SINGLE_PAGE),
    (
        "vue-cli-service",
        "build",
        &[("dist/index.html", "page"), ("dist/js/app.js", "page bundle"), ("dist/css/app.css", "style sheet")],
    ),
    (
        "react-scripts",
        "build",
        &[
            ("build/index.html", "page"),
            ("build/static/js/main.js", "page bundle"),
            ("build/static/css/main.css", "style sheet"),
            ("build/asset-manifest.json", "page"),
        ],
    ),
    ("astro", "build", SINGLE_PAGE),
    ("parcel", "build", &[("dist/index.html", "page"), ("dist/index.js", "page bundle")]),
    (
        "nuxt",
        "build",
        &[
            (".output/server/index.mjs", "server bundle"),
            (".output/public/index.html", "page"),
            (".output/nitro.json", "page"),
        ],
    ),
    ("nuxi", "build", &[(".output/server/index.mjs", "server bundle"), (".output/public/index.html", "page")]),
    ("nuxt", "generate", &[(".output/public/index.html", "page"), (".output/public/_nuxt/entry.js", "page bundle")]),
    ("gatsby", "build", &[("public/index.html", "page"), ("public/app.js", "page bundle")]),
    ("docusaurus", "build", &[("build/index.html", "page"), ("build/assets/js/main.js", "page bundle")]),
    ("vitepress", "build", &[(".vitepress/dist/index.html", "page"), (".vitepress/dist/assets/app.js", "page bundle")]),
    ("hexo", "generate", &[("public/index.html", "page")]),
    ("svelte-kit", "build", &[("build/index.js", "server bundle")]),
    ("remix", "build", &[("build/index.js", "server bundle"), ("public/build/entry.js", "page bundle")]),
    ("nest", "build", &[("dist/main.js", "page bundle")]),
    ("webpack", "", &[("dist/main.js", "page bundle")]),
    ("rollup", "", &[("dist/bundle.js", "page bundle")]),
    ("tsup", "", &[("dist/index.js", "page bundle")]),
    ("ncc", "build", &[("dist/index.js", "server bundle")]),
    (
        "prisma",
        "generate",
        &[
            ("node_modules/.prisma/client/index.js", "page bundle"),
            ("node_modules/.prisma/client/modelled-remainder", "generated client"),
        ],
    ),
];

/// `node`: a script is taken to change no file; one that is not there is an error.
pub(in crate::packages) fn node<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        let words = cx.plain_words();
        if cx.args.iter().any(|arg| arg == "-v" || arg == "--version") {
            let version = cx.env_or("NODE_VERSION", "18.20.4");
            cx.out(format!("v{version}\n"));
            return 0;
        }
        let inline = cx.args.iter().any(|arg| ["-e", "-p", "--eval", "--print", "-pe"].contains(&arg.as_str()));
        if let Some(script) = words.first().filter(|_| !inline)
            && !cx.exists(script)
            && !cx.exists(&format!("{script}.js"))
            && !cx.exists(&join(script, "index.js"))
        {
            let path = cx.process.path(script);
            cx.err(format!(
                "node:internal/modules/cjs/loader:1228\n  throw err;\n  ^\n\nError: Cannot find module '{path}'\n"
            ));
            return 1;
        }
        cx.changes_nothing()
    })
}

pub(in crate::packages) fn front_end<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move { run(cx) })
}

fn run(cx: &mut Context<'_>) -> Exit {
    let name = cx.name().to_owned();
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let given = Given::read(
        &args,
        &[
            "--outDir",
            "--out-dir",
            "-o",
            "--outfile",
            "--outdir",
            "-d",
            "-p",
            "--project",
            "-i",
            "--mode",
            "-c",
            "--config",
            "--configuration",
            "--base-href",
            "--output",
            "--dest",
            "--schema",
            "--prod",
        ],
    );
    match name.as_str() {
        "tsc" => return typescript(cx, &given),
        "next" if given.command == "build" => {
            let config = ["next.config.js", "next.config.mjs", "next.config.ts"]
                .iter()
                .find_map(|file| cx.text(file))
                .unwrap_or_default();
            cx.leave_text(".next/BUILD_ID", "modelled\n");
            cx.leave(".next/server/app/page.js", "page bundle", 0o666);
            cx.leave(".next/static/chunks/main.js", "page bundle", 0o666);
            cx.leave_remainder(".next/cache", "server bundle");
            if config.contains("standalone") {
                cx.leave(".next/standalone/server.js", "page", 0o666);
                cx.leave_remainder(".next/standalone/node_modules", "standalone server");
            }
            if config.contains("'export'") || config.contains("\"export\"") {
                cx.leave("out/index.html", "page", 0o666);
                cx.leave("out/_next/static/chunks/main.js", "page bundle", 0o666);
            }
        }
        "ng" if ["build", "b"].contains(&given.command.as_str()) => {
            let text = cx.text("angular.json").unwrap_or_default();
            let named = text
                .split("\"outputPath\"")
                .nth(1)
                .and_then(|rest| rest.split('"').nth(1))
                .unwrap_or("dist/app")
                .to_owned();
            let out = given.value("--output-path").map_or(named, str::to_owned);
            let below = if text.contains(":application") { join(&out, "browser") } else { out };
            cx.leave(&join(&below, "index.html"), "page", 0o666);
            cx.leave(&join(&below, "main.js"), "page bundle", 0o666);
            cx.leave(&join(&below, "styles.css"), "style sheet", 0o666);
        }
        "esbuild" | "swc" | "babel" | "sass" | "tailwindcss" | "lessc" => {
            let out = ["--outfile", "-o", "--output"].iter().find_map(|option| given.value(option)).map(str::to_owned);
            let dir = ["--outdir", "--out-dir", "-d"].iter().find_map(|option| given.value(option)).map(str::to_owned);
            match (out, dir) {
                (Some(out), _) => cx.leave(&out, "page bundle", 0o666),
                (None, Some(dir)) => cx.leave(&join(&dir, "index.js"), "page bundle", 0o666),
                (None, None) => return cx.changes_nothing(),
            }
        }
        _ => {
            let Some((_, _, outputs)) = TOOLS
                .iter()
                .find(|(tool, command, _)| *tool == name && (command.is_empty() || *command == given.command))
            else {
                return cx.changes_nothing();
            };
            let out = given.value("--outDir").or(given.value("--out-dir")).map(str::to_owned);
            for (path, size) in *outputs {
                let path = match (&out, path.split_once('/')) {
                    (Some(out), Some((_, rest))) if !path.starts_with("node_modules") => join(out, rest),
                    _ => (*path).to_owned(),
                };
                cx.leave(&path, size, 0o666);
            }
        }
    }
    cx.modelled_as("its usual files, with usual sizes");
    0
}

/// `tsc`: a JavaScript file for each TypeScript file below `rootDir`, in `outDir`.
fn typescript(cx: &mut Context<'_>, given: &Given) -> Exit {
    if given.has(&["--noEmit", "-v", "--version", "--init"]) {
        return cx.changes_nothing();
    }
    let file = given.value("-p").or(given.value("--project")).unwrap_or("tsconfig.json").to_owned();
    let file = if cx.is_dir(&file) { join(&file, "tsconfig.json") } else { file };
    let text = cx.text(&file).unwrap_or_default();
    if text.contains("\"noEmit\": true") {
        return cx.changes_nothing();
    }
    let setting = |key: &str| {
        text.split(&format!("\"{key}\""))
            .nth(1)
            .and_then(|rest| rest.split('"').nth(1))
            .map(|dir| dir.trim_start_matches("./").trim_end_matches('/').to_owned())
    };
    let out = given.value("--outDir").map(str::to_owned).or_else(|| setting("outDir"));
    let root = setting("rootDir")
        .filter(|dir| !dir.is_empty() && dir != ".")
        .or_else(|| cx.is_dir("src").then(|| "src".to_owned()))
        .unwrap_or_default();
    let sources = cx.files_below(if root.is_empty() { "." } else { &root });
    for (path, size) in sources {
        let stem = path.strip_suffix(".ts").or_else(|| path.strip_suffix(".tsx")).filter(|stem| !stem.ends_with(".d"));
        if let Some(stem) = stem.filter(|stem| !stem.contains("node_modules/")) {
            let folder = out.clone().unwrap_or_else(|| root.clone());
            // Compiled code is about as long as its source.
            super::put(cx, &join(&folder, &format!("{stem}.js")), crate::vfs::Content::unknown(size), 0o666);
        }
    }
    let name = base(&file).to_owned();
    cx.modelled_as(&format!("a JavaScript file for each source, as {name} says, of the source's size"));
    0
}
