//! PHP: `docker-php-ext-*` and `pecl` as the official images have them, `composer`, `php` itself, and Apache's `a2*`.

use super::{Model, home};
use crate::packages::files::{Files, join};
use crate::packages::given::Given;
use crate::shell::commands::{Context, Exit, Running};
use serde_json::Value;

/// The folder of extensions, named after PHP's API of each version.
const API: &[(&str, &str)] = &[
    ("7.4", "20190902"),
    ("8.0", "20200930"),
    ("8.1", "20210902"),
    ("8.2", "20220829"),
    ("8.3", "20230831"),
    ("8.4", "20240924"),
    ("8.5", "20250925"),
];

pub(in crate::packages) fn extension<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move { run_extension(cx) })
}

fn run_extension(cx: &mut Context<'_>) -> Exit {
    let name = cx.name().to_owned();
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let given = Given::read(&args, &["-j", "--ini-name"]);
    let mut words: Vec<String> =
        given.words().into_iter().filter(|word| word.parse::<u32>().is_err()).map(str::to_owned).collect();
    if name == "pecl" {
        if words.first().is_none_or(|word| word != "install") {
            return cx.changes_nothing();
        }
        words.remove(0);
    }
    if name == "docker-php-ext-configure" {
        cx.modelled_as("the configured source is taken to be gone again with docker-php-source delete");
        return 0;
    }
    let version = cx.env_or("PHP_VERSION", "8.3.0");
    let series = version.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
    let api = API.iter().find(|(known, _)| *known == series).map_or("20230831", |(_, api)| api);
    for word in &words {
        let extension = word
            .split(['-', '@'])
            .next()
            .unwrap_or(word)
            .rsplit('/')
            .next()
            .unwrap_or(word)
            .trim_end_matches(".so")
            .to_owned();
        if name != "docker-php-ext-enable" {
            let path = format!("/usr/local/lib/php/extensions/no-debug-non-zts-{api}/{extension}.so");
            cx.leave(&path, "php extension", 0o777);
        }
        if name != "pecl" {
            let key = if ["opcache", "xdebug"].contains(&extension.as_str()) { "zend_extension" } else { "extension" };
            cx.leave_text(
                &format!("/usr/local/etc/php/conf.d/docker-php-ext-{extension}.ini"),
                &format!("{key}={extension}\n"),
            );
        }
    }
    cx.modelled_as("extensions of a usual size");
    0
}

pub(in crate::packages) fn php<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        let words = cx.plain_words();
        if cx.args.join(" ").contains("composer-setup") || cx.args.join(" ").contains("getcomposer") {
            let of = |name: &str| cx.args.iter().find_map(|arg| arg.strip_prefix(name).map(str::to_owned));
            let (dir, file) = (of("--install-dir="), of("--filename="));
            if dir.is_some() || words.iter().any(|word| word.ends_with("composer-setup.php")) {
                let path =
                    join(&dir.unwrap_or_else(|| ".".to_owned()), &file.unwrap_or_else(|| "composer.phar".to_owned()));
                cx.leave(&path, "composer", 0o777);
                cx.modelled_as("composer's installer: composer.phar, of a usual size");
                return 0;
            }
        }
        if let Some(script) = words.first().filter(|word| word.ends_with(".php") || *word == "artisan")
            && !cx.exists(script)
        {
            cx.out(format!("Could not open input file: {script}\n"));
            return 1;
        }
        cx.changes_nothing()
    })
}

pub(in crate::packages) fn composer<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move { run_composer(cx) })
}

fn run_composer(cx: &mut Context<'_>) -> Exit {
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let given = Given::read(&args, &["-d", "--working-dir", "-m"]);
    let root = given.value("-d").or(given.value("--working-dir")).unwrap_or(".").to_owned();
    match given.command.as_str() {
        "install" | "i" | "update" | "u" => {
            let Some(manifest) = cx.text(&join(&root, "composer.json")) else {
                let cwd = cx.process.path(&root);
                cx.err(format!("Composer could not find a composer.json file in {cwd}\n"));
                return 1;
            };
            let lock = cx.text(&join(&root, "composer.lock"));
            let names = match &lock {
                Some(lock) => locked(lock, given.has(&["--no-dev"])),
                None => required(&manifest, given.has(&["--no-dev"])),
            };
            for name in &names {
                cx.leave_remainder(&join(&root, &format!("vendor/{name}")), "composer package");
            }
            autoloader(cx, &root);
            if lock.is_none() {
                cx.leave_text(&join(&root, "composer.lock"), "{\"packages\": [], \"packages-dev\": []}\n");
            }
            cx.modelled_as(&format!("{} packages of a usual size, and the autoloader", names.len()));
        }
        "require" | "req" => {
            for name in given.operands.iter().filter(|name| name.contains('/')) {
                let name = name.split(':').next().unwrap_or(name);
                cx.leave_remainder(&join(&root, &format!("vendor/{name}")), "composer package");
            }
            autoloader(cx, &root);
            cx.modelled_as("packages of a usual size, and the autoloader");
        }
        "global" => {
            let dir = cx.env_or("COMPOSER_HOME", &join(&home(cx), ".composer"));
            for name in given.operands.iter().filter(|name| name.contains('/')) {
                let name = name.split(':').next().unwrap_or(name).to_owned();
                cx.leave_remainder(&format!("{dir}/vendor/{name}"), "composer package");
            }
            cx.modelled_as("packages of a usual size in composer's home");
        }
        "create-project" => {
            let to = given.operands.get(1).cloned().unwrap_or_else(|| ".".to_owned());
            cx.leave_text(&join(&to, "composer.json"), "{}\n");
            cx.leave_remainder(&to, "composer package");
            autoloader(cx, &to);
            cx.modelled_as("a project of a usual size");
        }
        "dump-autoload" | "dumpautoload" | "dump" => {
            autoloader(cx, &root);
            cx.modelled_as("the autoloader, of a usual size");
        }
        _ => return cx.changes_nothing(),
    }
    0
}

fn autoloader(cx: &mut Context<'_>, root: &str) {
    cx.leave_text(&join(root, "vendor/autoload.php"), "<?php\nrequire_once __DIR__ . '/composer/autoload_real.php';\n");
    cx.leave_remainder(&join(root, "vendor/composer"), "composer autoloader");
}

fn locked(text: &str, without_dev: bool) -> Vec<String> {
    let lock: Value = serde_json::from_str(text).unwrap_or_default();
    let keys: &[&str] = if without_dev { &["packages"] } else { &["packages", "packages-dev"] };
    let lists = keys.iter().filter_map(|key| lock.get(key)?.as_array());
    lists.flatten().filter_map(|package| Some(package.get("name")?.as_str()?.to_owned())).collect()
}

/// What composer.json requires, without PHP itself and its extensions.
fn required(text: &str, without_dev: bool) -> Vec<String> {
    let manifest: Value = serde_json::from_str(text).unwrap_or_default();
    let keys: &[&str] = if without_dev { &["require"] } else { &["require", "require-dev"] };
    let objects = keys.iter().filter_map(|key| manifest.get(key)?.as_object());
    objects.flat_map(|object| object.keys().cloned()).filter(|name| name.contains('/')).collect()
}

/// `a2enmod`, `a2ensite`, `a2enconf` and their opposites: links in /etc/apache2.
pub(in crate::packages) fn apache<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        let name = cx.name().to_owned();
        let (kind, ends): (&str, &[&str]) = match &name[name.len().min(5)..] {
            "mod" => ("mods", &[".load", ".conf"]),
            "site" => ("sites", &[".conf"]),
            _ => ("conf", &[".conf"]),
        };
        for word in cx.plain_words() {
            let mut found = false;
            for end in ends {
                let file = format!("{}{end}", word.trim_end_matches(end));
                let available = format!("/etc/apache2/{kind}-available/{file}");
                let link = format!("/etc/apache2/{kind}-enabled/{file}");
                if name.starts_with("a2dis") {
                    cx.remove_all(&link);
                    found = true;
                } else if cx.exists(&available) {
                    found = true;
                    if let Err(errno) = cx.link_to(&format!("../{kind}-available/{file}"), &link) {
                        cx.complain_of(&link, errno);
                        return 1;
                    }
                }
            }
            if !found {
                // An image whose files are modelled: its modules are not listed.
                let link = format!("/etc/apache2/{kind}-enabled/{word}{}", ends[0]);
                let made = cx.make_dirs(&format!("/etc/apache2/{kind}-enabled"));
                let target = format!("../{kind}-available/{word}{}", ends[0]);
                if made.and_then(|()| cx.link_to(&target, &link)).is_err() {
                    return 1;
                }
                cx.modelled_as(&format!("{word}, whose file is not in the image's listing"));
            }
        }
        0
    })
}
