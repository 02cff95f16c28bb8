//! Placeholders: small files for what COPY, ADD and bind mounts name and the build context lacks, so that a Dockerfile that
//! came without its context builds all the same. Chosen by name; what they hold is plain enough for the steps that read
//! it (a manifest without dependencies, a build script that makes what later lines copy).
//!
//! It lacks any knowledge of the real files: a step that used a placeholder is *modelled*, and says so.

use super::plan::Plan;
use super::sources;
use super::step::Op;
use super::step::copy::{CopyOp, Origin};
use crate::dockerfile::stages;
use crate::glob::{self, has_wildcards};
use crate::path::AbsPath;
use crate::shell::{Note, NoteKind};
use crate::vfs::{Changeset, Content, EPOCH, Entry, EntryKind, Meta, Node, Snapshot, Time};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A file that stands for one that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placeholder {
    /// Its path in the context, without a leading slash.
    pub path: String,
    /// What it holds.
    pub text: String,
    /// Its mode is 0755, else 0644.
    pub executable: bool,
}

/// What files of a name hold: the first pattern that the last component matches counts. `{name}` is the application's
/// name, `{build}` a script that makes what later lines copy.
const KNOWN: &[(&str, &str)] = &[
    ("package.json", PACKAGE_JSON),
    ("package-lock.json", PACKAGE_LOCK),
    ("npm-shrinkwrap.json", PACKAGE_LOCK),
    ("yarn.lock", "# yarn lockfile v1\n\n\n"),
    (
        "pnpm-lock.yaml",
        "lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n  excludeLinksFromLockfile: false\n\nimporters:\n\n  .: {}\n",
    ),
    ("pnpm-workspace.yaml", "packages:\n  - .\n"),
    (
        "tsconfig*.json",
        "{ \"compilerOptions\": { \"outDir\": \"dist\", \"rootDir\": \"src\" }, \"include\": [\"src\"] }\n",
    ),
    ("*requirements*.txt", "# placeholder: no requirements\n"),
    ("requirements*.in", "# placeholder: no requirements\n"),
    ("constraints*.txt", "# placeholder: no constraints\n"),
    (
        "pyproject.toml",
        "[project]\nname = \"{name}\"\nversion = \"0.1.0\"\ndependencies = []\n\n[tool.poetry]\nname = \"{name}\"\nversion = \"0.1.0\"\n",
    ),
    ("setup.py", "from setuptools import setup\n\nsetup(name=\"{name}\", version=\"0.1.0\")\n"),
    ("setup.cfg", "[metadata]\nname = {name}\nversion = 0.1.0\n"),
    ("Pipfile", "[packages]\n\n[dev-packages]\n"),
    ("Pipfile.lock", "{\"_meta\": {\"sources\": []}, \"default\": {}, \"develop\": {}}\n"),
    ("poetry.lock", "package = []\n\n[metadata]\nlock-version = \"2.0\"\npython-versions = \"*\"\n"),
    ("uv.lock", "version = 1\nrequires-python = \">=3.11\"\n"),
    ("manage.py", "#!/usr/bin/env python\nprint(\"placeholder\")\n"),
    ("go.mod", "module example.com/{name}\n\ngo 1.24\n"),
    ("go.sum", ""),
    ("go.work", "go 1.24\n\nuse .\n"),
    ("go.work.sum", ""),
    ("Cargo.toml", "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\n"),
    ("Cargo.lock", "version = 4\n\n[[package]]\nname = \"{name}\"\nversion = \"0.1.0\"\n"),
    ("pom.xml", POM),
    ("build.gradle", "plugins { id 'java' }\n\nversion = '0.0.1-SNAPSHOT'\n"),
    ("build.gradle.kts", "plugins { java }\n\nversion = \"0.0.1-SNAPSHOT\"\n"),
    ("settings.gradle", "rootProject.name = '{name}'\n"),
    ("settings.gradle.kts", "rootProject.name = \"{name}\"\n"),
    ("Gemfile", "source \"https://rubygems.org\"\n"),
    ("Gemfile.lock", "GEM\n  specs:\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n"),
    ("composer.json", "{\"name\": \"example/{name}\", \"require\": {}}\n"),
    ("composer.lock", "{\"packages\": [], \"packages-dev\": []}\n"),
    (
        "*.csproj",
        "<Project Sdk=\"Microsoft.NET.Sdk\">\n  <PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>\n</Project>\n",
    ),
    (
        "mix.exs",
        "defmodule App.MixProject do\n  use Mix.Project\n\n  def project, do: [app: :{name}, version: \"0.1.0\", deps: []]\nend\n",
    ),
    ("Makefile", "all:\n\t@echo placeholder\n\n%:\n\t@echo placeholder\n"),
    ("CMakeLists.txt", "cmake_minimum_required(VERSION 3.10)\nproject({name} C)\nadd_executable({name} main.c)\n"),
    ("*.html", "<!doctype html>\n<title>placeholder</title>\n"),
    ("nginx*.conf", "# placeholder\n"),
    ("*.json", "{}\n"),
    ("*.go", "package main\n\nfunc main() {}\n"),
    ("*.rs", "fn main() {}\n"),
    ("*.c", "int main(void) { return 0; }\n"),
    ("*.cpp", "int main() { return 0; }\n"),
    ("*.java", "public class Main { public static void main(String[] args) {} }\n"),
    ("*.py", "# placeholder\n"),
    ("*.sh", "#!/bin/sh\nexec \"$@\"\n"),
    ("*entrypoint*", "#!/bin/sh\nexec \"$@\"\n"),
    ("gradlew", "#!/bin/sh\nexec gradle \"$@\"\n"),
    ("mvnw", "#!/bin/sh\nexec mvn \"$@\"\n"),
    ("configure", "#!/bin/sh\necho placeholder\n"),
];

const PACKAGE_JSON: &str = r#"{
  "name": "{name}",
  "version": "1.0.0",
  "main": "index.js",
  "scripts": {
    "start": "node index.js",
    "build": "{build}",
    "test": "echo placeholder",
    "lint": "echo placeholder"
  }
}
"#;

const PACKAGE_LOCK: &str = r#"{
  "name": "{name}",
  "version": "1.0.0",
  "lockfileVersion": 3,
  "requires": true,
  "packages": {
    "": {
      "name": "{name}",
      "version": "1.0.0"
    }
  }
}
"#;

const POM: &str = r#"<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId>
  <artifactId>{name}</artifactId>
  <version>0.0.1-SNAPSHOT</version>
</project>
"#;

/// Files without a dot in their name.
const DOTLESS: &[&str] = &[
    "Makefile",
    "Gemfile",
    "Pipfile",
    "Procfile",
    "Rakefile",
    "Caddyfile",
    "Dockerfile",
    "LICENSE",
    "LICENCE",
    "README",
    "VERSION",
    "CHANGELOG",
    "gradlew",
    "mvnw",
    "configure",
    "artisan",
    "crontab",
    "Brewfile",
    "Jenkinsfile",
    "Vagrantfile",
];

/// Folders that are sources, though a build may read them from a stage: they come with the context.
const SOURCE_FOLDERS: &[&str] =
    &["public", "prisma", "static", "assets", "templates", "locales", "config", "migrations", "scripts", "views"];

/// Folders that a build makes.
const OUTPUT_FOLDERS: &[&str] =
    &["dist", "build", "out", ".next", ".output", ".nuxt", "lib", "www", "_site", "storybook-static"];

/// A language: the word of a RUN by which it is known, the files that its tools want, the main file.
const LANGUAGES: &[(&[&str], &[&str], &[&str])] = &[
    (&["pnpm"], &["package.json", "pnpm-lock.yaml"], &["index.js", "src/index.js"]),
    (&["yarn"], &["package.json", "yarn.lock"], &["index.js", "src/index.js"]),
    (&["npm", "npx", "node", "tsc", "bun"], &["package.json", "package-lock.json"], &["index.js", "src/index.js"]),
    (&["cargo"], &["Cargo.toml", "Cargo.lock"], &["src/main.rs"]),
    (&["go"], &["go.mod", "go.sum"], &["main.go"]),
    (&["mvn", "./mvnw"], &["pom.xml"], &["src/main/java/Main.java"]),
    (&["gradle", "./gradlew"], &["build.gradle", "settings.gradle", "gradlew"], &["src/main/java/Main.java"]),
    (&["bundle"], &["Gemfile", "Gemfile.lock"], &["app.rb"]),
    (&["composer"], &["composer.json", "composer.lock"], &["index.php"]),
    (&["dotnet"], &["app.csproj"], &["Program.cs"]),
    (&["mix"], &["mix.exs"], &["lib/app.ex"]),
    (&["uv"], &["pyproject.toml", "uv.lock"], &["main.py"]),
    (&["poetry"], &["pyproject.toml", "poetry.lock"], &["main.py"]),
    (&["pipenv"], &["Pipfile", "Pipfile.lock"], &["main.py"]),
    (&["pip", "pip3", "python", "python3"], &["requirements.txt"], &["main.py"]),
    (&["cmake"], &["CMakeLists.txt"], &["main.c"]),
    (&["make"], &["Makefile"], &["main.c"]),
    (&["gcc", "g++", "cc"], &[], &["main.c"]),
    (&["javac", "java"], &[], &["Main.java"]),
];

/// What the plan's steps want of the context and it lacks. `whole` contexts (`COPY . .`) are guessed at only where the
/// context has no file of its own.
pub(super) fn lacking(plan: &Plan, context: &Snapshot) -> Vec<Placeholder> {
    let mut wanted = Wanted { name: application_name(plan), build: build_script(plan), files: BTreeMap::new() };
    let empty = !context.walk().any(|(path, _, inode)| {
        matches!(inode.node, Node::File(_))
            && !path.as_str().starts_with("/Dockerfile")
            && path.as_str() != "/.dockerignore"
    });
    for (index, stage) in plan.stages.iter().enumerate() {
        for step in &stage.steps {
            match &step.op {
                Op::Copy(copy) if copy.origin == Origin::Context => {
                    for path in &copy.paths {
                        wanted.source(context, path, copy, plan, index, empty);
                    }
                }
                Op::Run(run) => {
                    for (mount, origin) in run.mounts.iter().zip(&run.origins) {
                        if *origin == Some(Origin::Context) && sources::find(context, &mount.source).is_err() {
                            wanted.named(&AbsPath::new(&mount.source), "");
                        }
                    }
                }
                _ => {}
            }
        }
    }
    wanted.files.into_values().collect()
}

/// What a COPY from a stage wants and the stage lacks: it may be missing only because something was not simulated.
pub(super) fn lacking_in_stage(copy: &CopyOp, files: &Snapshot) -> Vec<Placeholder> {
    let mut wanted = Wanted { name: "app".to_owned(), build: String::new(), files: BTreeMap::new() };
    for path in copy.paths.iter().filter(|path| !AbsPath::new(path).is_root()) {
        if !has_wildcards(path) && sources::find(files, path).is_err() {
            wanted.named(&AbsPath::new(path), &copy.destination);
        }
    }
    wanted.files.into_values().collect()
}

/// What is to be said of an instruction that uses placeholders.
pub(super) fn note(instruction: &str, paths: &[String]) -> Option<Note> {
    let shown = paths.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if paths.len() > 3 { format!(" and {} more", paths.len() - 3) } else { String::new() };
    let message = format!("{instruction}: {shown}{more}");
    (!paths.is_empty()).then_some(Note { kind: NoteKind::Placeholder, message, position: 0 })
}

/// A filesystem with these files in it.
pub(super) fn with(files: &Snapshot, placeholders: &[Placeholder]) -> Snapshot {
    if placeholders.is_empty() {
        return files.clone();
    }
    let time = Time { seconds: EPOCH, nanos: 0 };
    let mut entries: Vec<Entry> = placeholders
        .iter()
        .map(|file| Entry {
            path: AbsPath::new(&file.path),
            kind: EntryKind::File(Content::from(file.text.as_str())),
            meta: Meta { mode: if file.executable { 0o755 } else { 0o644 }, uid: 0, gid: 0, mtime: time },
        })
        .collect();
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    files.apply(&Changeset { entries })
}

/// What is collected.
struct Wanted {
    name: String,
    build: String,
    files: BTreeMap<String, Placeholder>,
}

impl Wanted {
    /// One source of a COPY or ADD.
    fn source(&mut self, context: &Snapshot, path: &str, copy: &CopyOp, plan: &Plan, stage: usize, empty: bool) {
        let absolute = AbsPath::new(path);
        if absolute.is_root() {
            if empty {
                self.whole(plan, stage);
            }
        } else if has_wildcards(path) {
            let found = sources::find(context, path).is_ok_and(|found| !found.is_empty());
            if !found {
                self.pattern(absolute.as_str());
            }
        } else if sources::find(context, path).is_err() {
            self.named(&absolute, &copy.destination);
        }
    }

    /// A file or folder of this path.
    fn named(&mut self, path: &AbsPath, destination: &str) {
        let Some(base) = path.components().last() else { return };
        let text = path.as_str().trim_start_matches('/');
        let lands_as_program = destination.ends_with(&format!("/{base}")) && destination.contains("/bin/");
        let known =
            KNOWN.iter().any(|(pattern, _)| !pattern.starts_with("*.") && glob::matches(pattern, base) == Ok(true));
        let is_file =
            known || DOTLESS.contains(&base) || lands_as_program || base.trim_start_matches('.').contains('.');
        let is_hidden_file = base.starts_with('.') && base != ".next" && base != ".github" && base != ".git";
        if is_file || is_hidden_file {
            self.file(text, lands_as_program);
            return;
        }
        for name in ["placeholder-1.txt", "placeholder-2.txt"] {
            self.file(&format!("{text}/{name}"), false);
        }
    }

    /// A pattern that matches nothing: what people mean by it.
    fn pattern(&mut self, pattern: &str) {
        let pattern = pattern.trim_start_matches('/');
        let (dir, base) = pattern.rsplit_once('/').map_or(("", pattern), |(dir, base)| (dir, base));
        if has_wildcards(dir) {
            return;
        }
        let fits = |name: &&&str| glob::matches(base, name) == Ok(true);
        let lists =
            ["package.json", "package-lock.json", "requirements.txt", "go.mod", "go.sum", "app.csproj", "pom.xml"];
        let mut names: Vec<String> = if base == "*" || base == "**" {
            vec!["placeholder-1.txt".to_owned()]
        } else {
            lists.iter().filter(fits).map(|name| (*name).to_owned()).collect()
        };
        if names.is_empty() {
            let plain = base.replace(['?', '*'], "");
            let plain = if plain.starts_with('.') && base.starts_with('*') { format!("app{plain}") } else { plain };
            if !plain.is_empty() && !has_wildcards(&plain) && glob::matches(base, &plain) == Ok(true) {
                names.push(plain);
            }
        }
        for name in names {
            self.file(&if dir.is_empty() { name } else { format!("{dir}/{name}") }, false);
        }
    }

    /// An application, as far as the Dockerfile tells which.
    fn whole(&mut self, plan: &Plan, stage: usize) {
        let words = words(plan);
        let has = |word: &&&str| words.iter().any(|known| known == *word);
        let language = LANGUAGES.iter().find(|(tools, _, _)| tools.iter().any(|tool| has(&tool)));
        let (manifests, sources): (&[&str], &[&str]) =
            language.map_or((&[], &[]), |(_, manifests, sources)| (manifests, sources));
        for name in manifests.iter().chain(sources) {
            self.file(name, false);
        }
        // Scripts and lists that the stage's commands name.
        let listed = |word: &&String| {
            let name = word.trim_start_matches("./");
            let file = [".sh", ".py", ".js", ".mjs", ".ts", ".txt", ".toml", ".rb", ".php", ".jar"]
                .iter()
                .any(|end| name.ends_with(end));
            file && !name.starts_with(['/', '-', '$', '.']) && !name.contains(['*', '=', ':', '$', '(', '"', '\''])
        };
        let made = ["dist/", "build/", "target/", "node_modules/", ".next/", "out/", "bin/"];
        for word in words.iter().filter(listed) {
            let name = word.trim_start_matches("./");
            if !made.iter().any(|dir| name.starts_with(dir)) {
                self.file(name, false);
            }
        }
        for path in from_paths(plan, Some(stage)) {
            if let Some(folder) = path.rsplit('/').next().filter(|name| SOURCE_FOLDERS.contains(name)) {
                self.named(&AbsPath::new(folder), "");
            }
        }
        if self.files.is_empty() {
            self.file("index.html", false);
            self.file("placeholder.txt", false);
        }
    }

    fn file(&mut self, path: &str, program: bool) {
        let base = path.rsplit('/').next().unwrap_or(path);
        let known = KNOWN.iter().find(|(pattern, _)| glob::matches(pattern, base) == Ok(true));
        let text = match known {
            Some((_, text)) => text.replace("{name}", &self.name).replace("{build}", &self.build),
            None if program => "#!/bin/sh\nexec \"$@\"\n".to_owned(),
            None => format!("placeholder for {path}\n"),
        };
        let executable = text.starts_with("#!");
        self.files.entry(path.to_owned()).or_insert_with(|| Placeholder { path: path.to_owned(), text, executable });
    }
}

/// The words of all commands: RUN, CMD and ENTRYPOINT of the stages that are built.
fn words(plan: &Plan) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut add = |text: &str| {
        words.extend(
            text.split(|c: char| c.is_whitespace() || ";&|()".contains(c)).filter(|w| !w.is_empty()).map(str::to_owned),
        );
    };
    for stage in &plan.stages {
        for step in &stage.steps {
            if let Op::Run(run) = &step.op {
                run.arguments.iter().for_each(|argument| add(argument));
            }
        }
        if let Some(end) = &stage.end {
            end.config.cmd.iter().chain(&end.config.entrypoint).for_each(|argument| add(argument));
        }
    }
    words
}

/// The paths that COPY takes from stages, or from one.
fn from_paths(plan: &Plan, of: Option<usize>) -> Vec<String> {
    let steps = plan.stages.iter().flat_map(|stage| &stage.steps);
    let copies = steps.filter_map(|step| match &step.op {
        Op::Copy(copy) => Some(copy),
        _ => None,
    });
    let from_stage = |copy: &&std::sync::Arc<CopyOp>| match &copy.origin {
        Origin::From(stages::Source::Stage(index)) => of.is_none_or(|stage| stage == *index),
        _ => false,
    };
    let paths = copies.filter(from_stage).flat_map(|copy| copy.paths.clone());
    paths.map(|path| path.trim_end_matches('/').to_owned()).collect()
}

/// The application's name: that of the binary or archive that later lines copy, else `app`.
fn application_name(plan: &Plan) -> String {
    let named = from_paths(plan, None).into_iter().find_map(|path| {
        let (_, after) = path.split_once("/target/").or_else(|| path.split_once("/build/libs/"))?;
        let base = after.rsplit('/').next()?;
        let name = match base.strip_suffix(".jar") {
            Some(jar) => jar.split("-0").next().unwrap_or(jar),
            None => base,
        };
        (!name.is_empty() && !has_wildcards(name) && name != "release" && !name.contains('.')).then(|| name.to_owned())
    });
    named.unwrap_or_else(|| "app".to_owned())
}

/// A shell script that makes what later lines copy.
fn build_script(plan: &Plan) -> String {
    let mut made: BTreeSet<String> = BTreeSet::new();
    for path in from_paths(plan, None) {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let Some(at) = parts.iter().position(|part| OUTPUT_FOLDERS.contains(part)) else { continue };
        let last = parts.len() - 1;
        let is_file = last > at && parts[last].trim_start_matches('.').contains('.');
        let dir = parts[at..if is_file { last } else { last + 1 }].join("/");
        let file = if is_file { parts[last] } else { "index.html" };
        if !has_wildcards(&dir) && !has_wildcards(file) {
            made.insert(format!("mkdir -p {dir} && echo placeholder > {dir}/{file}"));
        }
    }
    if made.is_empty() {
        made.insert("mkdir -p dist && echo placeholder > dist/index.js".to_owned());
    }
    made.into_iter().collect::<Vec<_>>().join(" && ")
}
