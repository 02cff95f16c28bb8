//! The sizes of what build tools and downloads leave, in one table. None of them is known: each is what such a thing usually
//! has, with where the figure comes from. Steps that use one are *modelled*.

/// What it is, bytes, where the figure comes from.
const SIZES: &[(&str, u64, &str)] = &[
    ("c binary", 15_832, "an empty main, gcc 12, Debian 12: measured"),
    ("c object", 1_104, "the same with -c: measured"),
    ("go binary", 8_000_000, "a small HTTP service; hello world has about 2 MB: an estimate"),
    ("go module archive", 400_000, "a typical module's zip: an estimate"),
    ("go module", 1_500_000, "the same, unpacked: an estimate"),
    ("go build cache", 60_000_000, "the standard library's packages and the program's: an estimate"),
    ("rust binary", 4_336_256, "hello world with -O, rustc 1.95, x86-64 Linux: measured"),
    ("rust target", 80_000_000, "dependencies of a small service, release profile: an estimate"),
    ("cargo registry", 40_000_000, "index and sources of a small service's dependencies: an estimate"),
    ("rust component", 100_000_000, "a standard library or tool of the toolchain: an estimate"),
    ("java class", 600, "a class without methods: an estimate"),
    ("java archive", 20_000_000, "a Spring Boot application with its libraries: an estimate"),
    ("java plain archive", 20_000, "the application's own classes: an estimate"),
    ("maven repository", 80_000_000, "plugins and libraries of a small application: an estimate"),
    ("gradle home", 150_000_000, "plugins, libraries and the build's caches: an estimate"),
    ("dotnet assembly", 20_000, "a small web application's own: an estimate"),
    ("dotnet host", 72_000, "the native starter beside it: an estimate"),
    ("nuget packages", 30_000_000, "packages of a small web application: an estimate"),
    ("php extension", 300_000, "a typical shared object of PHP: an estimate"),
    ("composer", 3_100_000, "composer.phar 2.8: an estimate"),
    ("composer package", 400_000, "a typical package's files: an estimate"),
    ("composer autoloader", 60_000, "vendor/composer and autoload.php: an estimate"),
    ("gem", 500_000, "a typical gem's files: an estimate"),
    ("page bundle", 200_000, "the scripts of a small single-page application: an estimate"),
    ("style sheet", 20_000, "its styles: an estimate"),
    ("page", 500, "its HTML: an estimate"),
    ("server bundle", 2_000_000, "a server-rendered application's build: an estimate"),
    ("standalone server", 30_000_000, "the same with the packages it needs: an estimate"),
    ("generated client", 15_000_000, "a database client with its engine: an estimate"),
    ("download", 20_000, "a download without a telling name: an estimate"),
    ("download script", 20_000, "an install script: an estimate"),
    ("download key", 3_000, "a signing key: an estimate"),
    ("download archive", 20_000_000, "an archive of a program: an estimate"),
    ("download package", 10_000_000, "a package of a distribution: an estimate"),
    ("download binary", 15_000_000, "a program: an estimate"),
    ("repository", 5_000_000, "a cloned repository's files: an estimate"),
    ("repository history", 10_000_000, "its .git: an estimate"),
    ("repository history, one commit", 3_000_000, "its .git with --depth 1: an estimate"),
    ("private key", 1_704, "RSA 2048, PEM: of the format"),
    ("certificate", 1_200, "a self-signed one, PEM: an estimate"),
    ("configured source", 200_000, "Makefile and what else ./configure writes: an estimate"),
    ("installed software", 10_000_000, "what `make install` puts below the prefix: an estimate"),
];

/// The size of a thing of the table.
pub fn size(what: &str) -> u64 {
    debug_assert!(SIZES.iter().any(|(name, _, _)| *name == what), "no size of {what}");
    SIZES.iter().find(|(name, _, _)| *name == what).map_or(0, |(_, size, _)| *size)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_size_says_where_it_comes_from() {
        assert!(super::SIZES.iter().all(|(_, size, source)| *size > 0 && source.contains(':')));
    }
}
