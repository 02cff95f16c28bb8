//! Which of a repository's images stands for a tag that the catalogue lacks: one of the same system (Debian, its slim
//! variant, Alpine), for the versions of an image differ less than its systems do. A tag that is neither a version nor a
//! known variant stands for nothing.

/// Words of tags that say nothing of the system, or that all images of a repository share.
const WORDS: &[&str] = &[
    "latest",
    "stable",
    "lts",
    "current",
    "mainline",
    "slim",
    "full",
    "jdk",
    "jre",
    "headless",
    "apache",
    "fpm",
    "cli",
    "zts",
    "onbuild",
    "perl",
    "otel",
    "management",
    "eclipse",
    "temurin",
    "openjdk",
    "sapmachine",
    "threaded",
    "edge",
    "rolling",
    "bookworm",
    "trixie",
    "bullseye",
    "buster",
    "stretch",
    "jessie",
    "wheezy",
    "sid",
    "testing",
    "unstable",
    "oldstable",
    "jammy",
    "noble",
    "focal",
    "bionic",
    "xenial",
    "trusty",
    "hydrogen",
    "iron",
    "jod",
    "gallium",
    "fermium",
    "musl",
    "glibc",
    "uclibc",
    "scm",
    "curl",
    "ea",
    "rc",
    "beta",
    "alpha",
    "php",
    "backports",
    "iojs",
    "argon",
    "boron",
    "carbon",
    "dubnium",
    "erbium",
    "krypton",
    "minimal",
    "debian",
    "ubuntu",
];

/// The system of an image.
#[derive(Clone, Copy, PartialEq, Eq)]
enum System {
    Full,
    Slim,
    Alpine,
}

/// The known tag that stands for another one.
pub fn nearest<'a>(repository: &str, tag: &str, known: &[&'a str]) -> Option<&'a str> {
    let words: Vec<&str> = tag.split(['-', '.', '_']).collect();
    if known.is_empty() || !words.iter().all(|word| is_known(word)) {
        return None;
    }
    let has = |names: &[&str]| words.iter().any(|word| names.contains(word));
    let (plain, system) = match repository.strip_prefix("docker.io/library/") {
        // Their systems have no variants of that kind.
        Some("alpine" | "busybox" | "traefik" | "hello-world" | "composer") => (true, System::Full),
        _ => (false, system(tag)),
    };
    let newer: &[&str] = match repository.strip_prefix("docker.io/library/") {
        Some("debian") => &["trixie", "13", "latest", "stable", "testing", "unstable", "sid"],
        Some("ubuntu") => &["noble", "24", "25", "26", "latest", "rolling"],
        _ => &[],
    };
    let score = |known: &str| {
        let words: Vec<&str> = known.split(['-', '.']).collect();
        let same = tag.split(['-', '.']).filter(|word| words.contains(word) && WORDS.contains(word)).count();
        let is_newer = words.iter().any(|word| newer.contains(word));
        (usize::from(!newer.is_empty() && is_newer == has(newer)), same)
    };
    let fitting = known.iter().copied().filter(|known| plain || self::system(known) == system);
    // The first of equals, as `max_by_key` would take the last.
    fitting.rev().max_by_key(|known| score(known))
}

/// A number, or one of the words of official tags.
fn is_known(word: &str) -> bool {
    let bare = word.trim_start_matches(['v', 'r', 'u', 'b']);
    let is_number = bare.starts_with(|c: char| c.is_ascii_digit()) && bare.chars().all(|c| c.is_ascii_alphanumeric());
    let alpine = word.strip_prefix("alpine").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()));
    is_number || alpine || WORDS.contains(&word)
}

fn system(tag: &str) -> System {
    if tag.contains("alpine") {
        System::Alpine
    } else if tag.contains("slim") {
        System::Slim
    } else {
        System::Full
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_tag_stands_for_one_of_its_own_system() {
        let python = ["3.12", "3.12-alpine", "3.12-slim"];
        let of = |tag| nearest("docker.io/library/python", tag, &python);
        assert_eq!(of("3.8-slim-buster"), Some("3.12-slim"));
        assert_eq!(of("3.7-alpine3.18"), Some("3.12-alpine"));
        assert_eq!(of("3.13.0b1"), Some("3.12"));
        assert_eq!(of("nope"), None);
        assert_eq!(of("3.12-windowsservercore"), None);
        let debian = ["bookworm", "bookworm-slim", "trixie", "trixie-slim"];
        let of = |tag| nearest("docker.io/library/debian", tag, &debian);
        assert_eq!(of("latest"), Some("trixie"));
        assert_eq!(of("12"), Some("bookworm"));
        assert_eq!(of("stretch-slim"), Some("bookworm-slim"));
        let ubuntu = ["22.04", "24.04"];
        assert_eq!(nearest("docker.io/library/ubuntu", "20.04", &ubuntu), Some("22.04"));
        assert_eq!(nearest("docker.io/library/ubuntu", "latest", &ubuntu), Some("24.04"));
        let temurin = ["21-jdk", "21-jre"];
        assert_eq!(nearest("docker.io/library/eclipse-temurin", "17-jre", &temurin), Some("21-jre"));
        assert_eq!(nearest("docker.io/library/eclipse-temurin", "17-jre-alpine", &temurin), None);
        assert_eq!(nearest("docker.io/library/alpine", "3.14", &["3.20"]), Some("3.20"));
        assert_eq!(nearest("docker.io/library/none", "latest", &[]), None);
    }
}
