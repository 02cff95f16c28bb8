//! `mvn`, `gradle` (and their wrappers) and `java`: archives under target or build/libs, the repositories they fetch from.

use super::{Model, base, home};
use crate::packages::files::{Files, join};
use crate::packages::given::Given;
use crate::shell::commands::{Context, Exit, Running};

pub(in crate::packages) fn maven<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move { run_maven(cx) })
}

pub(in crate::packages) fn gradle<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move { run_gradle(cx) })
}

pub(in crate::packages) fn java<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        // Spring Boot's archives unpack themselves into layers.
        let words = cx.args.join(" ");
        let extracts = words.contains("jarmode=layertools") || words.contains("jarmode=tools");
        if extracts && words.contains(" extract") {
            let to =
                words.split("--destination ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or(".").to_owned();
            for layer in ["dependencies", "spring-boot-loader", "snapshot-dependencies", "application"] {
                let dir = join(&to, layer);
                if cx.make_dirs(&dir).is_err() {
                    return 1;
                }
            }
            cx.leave_remainder(&join(&to, "dependencies"), "java archive");
            cx.leave_remainder(&join(&to, "application"), "java plain archive");
            cx.modelled_as("extract: the four folders of a layered archive");
            return 0;
        }
        cx.changes_nothing()
    })
}

/// The text between two tags, outside of `<parent>` and `<dependencies>`.
fn tag(text: &str, name: &str) -> Option<String> {
    let mut own = text.to_owned();
    for block in ["parent", "dependencies", "dependencyManagement", "profiles"] {
        while let (Some(start), Some(end)) = (own.find(&format!("<{block}>")), own.find(&format!("</{block}>"))) {
            if start > end {
                break;
            }
            own.replace_range(start..end + block.len() + 3, "");
        }
    }
    let (_, rest) = own.split_once(&format!("<{name}>"))?;
    Some(rest.split_once('<')?.0.trim().to_owned())
}

fn run_maven(cx: &mut Context<'_>) -> Exit {
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let given = Given::read(&args, &["-f", "--file", "-pl", "-P", "-s", "--settings", "-T", "-gs"]);
    let goals = given.words().join(" ");
    let dir = given
        .value("-f")
        .or(given.value("--file"))
        .and_then(|file| file.rsplit_once('/'))
        .map_or(".", |(dir, _)| dir)
        .to_owned();
    let pom = join(&dir, "pom.xml");
    if goals.is_empty() {
        return cx.changes_nothing();
    }
    if !cx.exists(&pom) && !goals.contains("archetype") {
        let cwd = cx.process.cwd.clone();
        cx.out(format!("[ERROR] The goal you specified requires a project to execute but there is no POM in this directory ({cwd}). Please verify you invoked Maven from the correct directory. -> [Help 1]\n"));
        return 1;
    }
    let repository = args.iter().find_map(|arg| arg.strip_prefix("-Dmaven.repo.local=")).map(str::to_owned);
    let repository = repository.unwrap_or_else(|| join(&home(cx), ".m2/repository"));
    cx.leave_remainder(&repository, "maven repository");
    if goals.split(' ').any(|goal| goal == "clean") {
        cx.remove_all(&join(&dir, "target"));
    }
    let builds = goals.split(' ').any(|goal| ["package", "install", "verify", "deploy"].contains(&goal));
    let text = cx.text(&pom).unwrap_or_default();
    if builds && tag(&text, "packaging").as_deref() != Some("pom") {
        let (id, version) = (
            tag(&text, "artifactId").unwrap_or_else(|| "app".to_owned()),
            tag(&text, "version").unwrap_or_else(|| "1.0".to_owned()),
        );
        let final_name = tag(&text, "finalName")
            .map(|name| name.replace("${project.artifactId}", &id).replace("${project.version}", &version));
        let kind = tag(&text, "packaging").unwrap_or_else(|| "jar".to_owned());
        let name = final_name.unwrap_or_else(|| format!("{id}-{version}"));
        let boot = text.contains("spring-boot-maven-plugin") || text.contains("maven-shade-plugin") || kind == "war";
        let size = if boot { "java archive" } else { "java plain archive" };
        cx.leave(&join(&dir, &format!("target/{name}.{kind}")), size, 0o666);
        if text.contains("spring-boot-maven-plugin") {
            cx.leave(&join(&dir, &format!("target/{name}.{kind}.original")), "java plain archive", 0o666);
        }
        cx.leave_remainder(&join(&dir, "target/classes"), "java plain archive");
    } else if builds || goals.split(' ').any(|goal| goal == "compile") {
        cx.leave_remainder(&join(&dir, "target/classes"), "java plain archive");
    }
    // A build of several modules leaves an archive in each.
    for module in
        text.split("<module>").skip(1).filter_map(|rest| rest.split('<').next()).map(str::to_owned).collect::<Vec<_>>()
    {
        let inner = cx.text(&join(&dir, &format!("{module}/pom.xml"))).unwrap_or_default();
        if builds && let Some(id) = tag(&inner, "artifactId") {
            let version = tag(&inner, "version").or_else(|| tag(&text, "version")).unwrap_or_else(|| "1.0".to_owned());
            cx.leave(&join(&dir, &format!("{module}/target/{id}-{version}.jar")), "java archive", 0o666);
        }
    }
    cx.modelled_as("archives and the local repository, of usual sizes");
    0
}

fn run_gradle(cx: &mut Context<'_>) -> Exit {
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let given = Given::read(&args, &["-x", "-p", "-b", "-c", "--project-dir", "-g"]);
    let tasks: Vec<&str> = given.words().into_iter().map(|task| task.rsplit(':').next().unwrap_or(task)).collect();
    let cache =
        given.value("-g").map_or_else(|| cx.env_or("GRADLE_USER_HOME", &join(&home(cx), ".gradle")), str::to_owned);
    cx.leave_remainder(&cache, "gradle home");
    let has = |wanted: &[&str]| tasks.iter().any(|task| wanted.contains(task));
    if has(&["clean"]) {
        cx.remove_all("build");
    }
    if has(&["build", "assemble", "jar", "bootJar", "shadowJar", "bootWar", "war", "buildFatJar"]) {
        let settings =
            ["settings.gradle", "settings.gradle.kts"].iter().find_map(|file| cx.text(file)).unwrap_or_default();
        let script = ["build.gradle", "build.gradle.kts"].iter().find_map(|file| cx.text(file)).unwrap_or_default();
        let quoted = |text: &str, key: &str| {
            let line = text.lines().find(|line| line.trim_start().starts_with(key) && line.contains(['\'', '"']))?;
            line.split(['\'', '"']).nth(1).map(str::to_owned)
        };
        let folder = base(&cx.process.cwd).to_owned();
        let name = quoted(&settings, "rootProject.name").unwrap_or(folder);
        let version = quoted(&script, "version").map(|version| format!("-{version}")).unwrap_or_default();
        let kind = if has(&["war", "bootWar"]) { "war" } else { "jar" };
        let boot =
            script.contains("org.springframework.boot") || has(&["bootJar", "bootWar", "shadowJar", "buildFatJar"]);
        let tail = if has(&["shadowJar", "buildFatJar"]) { "-all" } else { "" };
        let size = if boot { "java archive" } else { "java plain archive" };
        cx.leave(&format!("build/libs/{name}{version}{tail}.{kind}"), size, 0o666);
        if boot && has(&["build", "assemble"]) {
            cx.leave(&format!("build/libs/{name}{version}-plain.{kind}"), "java plain archive", 0o666);
        }
        cx.leave_remainder("build/classes", "java plain archive");
    }
    if has(&["installDist"]) {
        let folder = base(&cx.process.cwd).to_owned();
        cx.leave(&format!("build/install/{folder}/bin/{folder}"), "java class", 0o777);
        cx.leave_remainder(&format!("build/install/{folder}/lib"), "java archive");
    }
    cx.modelled_as("archives and Gradle's home, of usual sizes");
    0
}
