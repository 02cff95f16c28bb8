//! Alpine's names of packages and Debian's, and Alpine's paths.

use crate::packages::debian::index::Index;

/// Alpine's name, and the packages of Debian that have the same software.
const NAMES: &[(&str, &str)] = &[
    ("bind-tools", "bind9-dnsutils"),
    ("build-base", "binutils file gcc gcc-12 cpp cpp-12 g++ g++-12 libc6-dev libgcc-12-dev libstdc++-12-dev make"),
    ("bzip2-dev", "libbz2-dev"),
    ("cairo-dev", "libcairo2-dev"),
    ("chromium-chromedriver", "chromium-driver"),
    ("curl-dev", "libcurl4-openssl-dev"),
    ("dcron", "cron"),
    ("docker-cli", "docker.io"),
    ("eudev-dev", "libudev-dev"),
    ("font-noto-emoji", "fonts-noto-color-emoji"),
    ("fontconfig-dev", "libfontconfig-dev"),
    ("freetype", "libfreetype6"),
    ("freetype-dev", "libfreetype-dev"),
    ("g++", "g++ g++-12 libstdc++-12-dev gcc-12 cpp-12 libgcc-12-dev"),
    ("gcc", "gcc gcc-12 cpp-12 libgcc-12-dev binutils"),
    ("gcompat", "musl"),
    ("gdk-pixbuf", "libgdk-pixbuf-2.0-0"),
    ("giflib", "libgif7"),
    ("giflib-dev", "libgif-dev"),
    ("gmp-dev", "libgmp-dev"),
    ("gnu-libiconv", "libc-bin"),
    ("go", "golang-1.19-go golang-1.19-src"),
    ("harfbuzz", "libharfbuzz0b"),
    ("icu-dev", "libicu-dev"),
    ("icu-libs", "libicu72"),
    ("imagemagick-dev", "libmagickwand-6.q16-dev libmagickcore-6.q16-dev"),
    ("jpeg", "libjpeg62-turbo"),
    ("jpeg-dev", "libjpeg62-turbo-dev"),
    ("krb5-dev", "libkrb5-dev"),
    ("krb5-libs", "libkrb5-3"),
    ("libc-dev", "libc6-dev"),
    ("libc6-compat", "musl"),
    ("libcurl", "libcurl4"),
    ("libffi", "libffi8"),
    ("libgcc", "libgcc-s1"),
    ("libgomp", "libgomp1"),
    ("libjpeg-turbo", "libjpeg62-turbo"),
    ("libjpeg-turbo-dev", "libjpeg62-turbo-dev"),
    ("libpng", "libpng16-16"),
    ("libpq", "libpq5"),
    ("libstdc++", "libstdc++6"),
    ("libwebp", "libwebp7"),
    ("libxml2", "libxml2"),
    ("libxslt", "libxslt1.1"),
    ("libxslt-dev", "libxslt1-dev"),
    ("libzip", "libzip4"),
    ("linux-headers", "linux-libc-dev"),
    ("mariadb-connector-c-dev", "libmariadb-dev"),
    ("mariadb-dev", "libmariadb-dev"),
    ("mesa-gl", "libgl1-mesa-dri"),
    ("musl-dev", "musl-dev"),
    ("mysql-client", "mariadb-client mariadb-client-core"),
    ("ncurses", "ncurses-bin"),
    ("ncurses-dev", "libncurses-dev"),
    ("nodejs", "nodejs libnode108"),
    ("nodejs-current", "nodejs libnode108"),
    ("nss", "libnss3"),
    ("oniguruma-dev", "libonig-dev"),
    ("openjdk11", "openjdk-17-jdk-headless openjdk-17-jre-headless"),
    ("openjdk11-jre", "openjdk-17-jre-headless"),
    ("openjdk17", "openjdk-17-jdk-headless openjdk-17-jre-headless"),
    ("openjdk17-jdk", "openjdk-17-jdk-headless openjdk-17-jre-headless"),
    ("openjdk17-jre", "openjdk-17-jre-headless"),
    ("openjdk17-jre-headless", "openjdk-17-jre-headless"),
    ("openssh", "openssh-client openssh-server openssh-sftp-server"),
    ("openssl-dev", "libssl-dev"),
    ("pango-dev", "libpango1.0-dev"),
    ("pcre-dev", "libpcre3-dev"),
    ("pcre2-dev", "libpcre2-dev"),
    ("perl", "perl perl-base perl-modules-5.36 libperl5.36"),
    ("pkgconfig", "pkgconf-bin pkgconf"),
    ("postgresql-client", "postgresql-client-15"),
    ("postgresql-dev", "libpq-dev"),
    ("postgresql-libs", "libpq5"),
    ("protobuf", "protobuf-compiler"),
    ("protobuf-dev", "libprotobuf-dev"),
    ("py3-pip", "python3-pip"),
    ("py3-setuptools", "python3-setuptools"),
    ("py3-virtualenv", "python3-virtualenv"),
    ("py3-wheel", "python3-wheel"),
    ("python3", "python3 python3-minimal python3.11 python3.11-minimal libpython3.11-minimal libpython3.11-stdlib"),
    ("python3-dev", "python3-dev python3.11-dev libpython3.11-dev"),
    ("readline-dev", "libreadline-dev"),
    ("redis", "redis-server redis-tools"),
    ("ruby-dev", "ruby-dev ruby3.1-dev"),
    ("shadow", "passwd uidmap"),
    ("sqlite", "sqlite3"),
    ("sqlite-dev", "libsqlite3-dev"),
    ("sqlite-libs", "libsqlite3-0"),
    ("su-exec", "gosu"),
    ("tiff-dev", "libtiff-dev"),
    ("ttf-dejavu", "fonts-dejavu-core"),
    ("ttf-freefont", "fonts-freefont-ttf"),
    ("util-linux-dev", "uuid-dev"),
    ("vips", "libvips42"),
    ("vips-dev", "libvips-dev"),
    ("xvfb-run", "xvfb"),
    ("xz", "xz-utils"),
    ("yaml-dev", "libyaml-dev"),
    ("yarn", "yarnpkg"),
    ("zlib-dev", "zlib1g-dev"),
];

/// What the base image of Alpine has.
const BASE: &[&str] = &[
    "alpine-baselayout",
    "alpine-baselayout-data",
    "alpine-keys",
    "alpine-release",
    "apk-tools",
    "busybox",
    "busybox-binsh",
    "ca-certificates-bundle",
    "libcrypto3",
    "libssl3",
    "musl",
    "musl-utils",
    "scanelf",
    "ssl_client",
    "zlib",
];

/// Is it in the base image?
pub fn is_base(name: &str) -> bool {
    BASE.contains(&name)
}

/// The packages of Debian that stand for one of Alpine's; none if there is nothing like it.
pub fn debian(index: &Index, name: &str) -> Option<Vec<String>> {
    if let Ok(at) = NAMES.binary_search_by(|(known, _)| (*known).cmp(name)) {
        let names: Vec<String> =
            NAMES[at].1.split(' ').filter(|name| index.get(name).is_some()).map(str::to_owned).collect();
        return (!names.is_empty()).then_some(names);
    }
    let python = name.strip_prefix("py3-").map(|rest| format!("python3-{rest}"));
    let library = name.strip_suffix("-dev").map(|rest| format!("lib{rest}-dev"));
    [Some(name.to_owned()), python, library]
        .into_iter()
        .flatten()
        .find(|name| index.get(name).is_some())
        .map(|name| vec![name])
}

/// Does a dependency of Debian's package come along? Libraries do, but for the C library and what musl or busybox is.
pub fn comes_along(name: &str) -> bool {
    let base = [
        "libc6",
        "libc-bin",
        "libcrypt1",
        "libssl3",
        "zlib1g",
        "libselinux1",
        "libpam0g",
        "libaudit1",
        "libsystemd0",
        "libudev1",
    ];
    let heavy = ["libpython", "libperl", "libllvm", "libc6-", "libcrypt-"];
    name.starts_with("lib")
        && !base.contains(&name)
        && !name.ends_with("-common")
        && !heavy.iter().any(|start| name.starts_with(start))
}

/// Where Alpine has a file of Debian's; none for what Alpine keeps in packages of their own (manuals, documentation,
/// translations) or does not have.
pub fn path(path: &str) -> Option<String> {
    const LEFT: &[&str] = &[
        "/usr/share/doc",
        "/usr/share/man",
        "/usr/share/locale",
        "/usr/share/info",
        "/usr/share/lintian",
        "/usr/share/bug",
        "/usr/share/doc-base",
        "/usr/share/bash-completion",
        "/usr/share/zsh",
        "/usr/share/fish",
        "/lib/systemd",
        "/usr/lib/systemd",
        "/usr/share/python3",
        "/usr/share/gtk-doc",
        "/etc/init.d",
        "/usr/share/apport",
        "/usr/share/menu",
    ];
    let below = |folder: &str| path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    if LEFT.iter().any(|folder| below(folder)) {
        return None;
    }
    let path = path.replace("/usr/lib/x86_64-linux-gnu", "/usr/lib").replace("/lib/x86_64-linux-gnu", "/lib");
    let path =
        path.replace("/usr/include/x86_64-linux-gnu", "/usr/include").replace("/dist-packages", "/site-packages");
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_paths_are_alpines() {
        assert!(NAMES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(path("/usr/lib/x86_64-linux-gnu/libcurl.so.4").as_deref(), Some("/usr/lib/libcurl.so.4"));
        assert_eq!(path("/usr/share/doc/curl"), None);
    }
}
