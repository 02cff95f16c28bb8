#!/usr/bin/env python3
"""Writes the listings of official images (static/catalog/images/*.listing) and their index (static/catalog/images.index).

    images.py FACTS_DIRECTORY LAYERLAB

FACTS_DIRECTORY has one JSON file an image: config, history, digests and compressed sizes of its layers, as the public
record of official images states them. LAYERLAB is this project's own command, with the Debian listings and packages in it:
a layer that installs packages is built by it from an equivalent Dockerfile. What a layer has besides (RECIPES names the
programs) is its remainder: the layer's size, modelled from the compressed one, less what is listed.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

import listing

HERE = os.path.dirname(os.path.abspath(__file__))
CATALOG = os.path.join(HERE, "../../static/catalog")
# A program whose size is not on record is listed with this many bytes; the remainder of its layer has the rest.
PROGRAM = 4096
CURL = "ca-certificates curl gnupg netbase wget tzdata"
SCM = "git mercurial openssh-client subversion procps"
FULL = """autoconf automake bzip2 default-libmysqlclient-dev dpkg-dev file g++ gcc imagemagick libbz2-dev libc6-dev
libcurl4-openssl-dev libdb-dev libevent-dev libffi-dev libgdbm-dev libglib2.0-dev libgmp-dev libjpeg-dev libkrb5-dev liblzma-dev
libmagickcore-dev libmagickwand-dev libmaxminddb-dev libncurses5-dev libncursesw5-dev libpng-dev libpq-dev libreadline-dev
libsqlite3-dev libssl-dev libtool libwebp-dev libxml2-dev libxslt1-dev libyaml-dev make patch unzip xz-utils zlib1g-dev"""
PHPIZE = "autoconf dpkg-dev file g++ gcc libc-dev make pkg-config re2c"


def apt(packages):
    return ("apt", packages.split())


def programs(directory, names):
    return ("programs", [f"{directory}/{name}" for name in names.split()])


def links(**pairs):
    return ("links", pairs)


def files(*paths):
    return ("files", paths)


def user(passwd, group, home=None):
    return ("user", passwd, group, home)


BUILDPACK = [[apt(CURL)], [apt(SCM)], [apt(FULL)]]
NODE_USER = [user("node:x:1000:1000::/home/node:/bin/bash", "node:x:1000:", "/home/node")]
NODE = [
    programs("/usr/local/bin", "node"),
    files("/usr/local/lib/node_modules/npm/bin/npm-cli.js", "/usr/local/lib/node_modules/npm/bin/npx-cli.js",
          "/usr/local/lib/node_modules/corepack/dist/corepack.js", "/usr/local/lib/node_modules/npm/package.json"),
    ("symlinks", {"/usr/local/bin/npm": "../lib/node_modules/npm/bin/npm-cli.js", "/usr/local/bin/npx": "../lib/node_modules/npm/bin/npx-cli.js",
                  "/usr/local/bin/corepack": "../lib/node_modules/corepack/dist/corepack.js", "/usr/local/bin/nodejs": "/usr/local/bin/node"}),
]
YARN = [files("/opt/yarn-v1.22.22/bin/yarn"),
        ("symlinks", {"/usr/local/bin/yarn": "/opt/yarn-v1.22.22/bin/yarn", "/usr/local/bin/yarnpkg": "/opt/yarn-v1.22.22/bin/yarn"})]
ENTRYPOINT = [programs("/usr/local/bin", "docker-entrypoint.sh")]
PYTHON = [programs("/usr/local/bin", "python3.12 pip pip3 pip3.12 idle3.12 pydoc3.12 python3.12-config"),
          ("symlinks", {"/usr/local/bin/python3": "python3.12", "/usr/local/bin/python3-config": "python3.12-config",
                        "/usr/local/bin/pydoc3": "pydoc3.12", "/usr/local/bin/idle3": "idle3.12"}),
          ("dirs", ["/usr/local/lib/python3.12/site-packages"])]
PYTHON_LINKS = [("symlinks", {"/usr/local/bin/python": "python3", "/usr/local/bin/idle": "idle3", "/usr/local/bin/pydoc": "pydoc3",
                              "/usr/local/bin/python-config": "python3-config"})]
GO = [programs("/usr/local/go/bin", "go gofmt"), ("dirs", ["/usr/local/go/src", "/usr/local/go/pkg"])]
GOPATH = [("dirs", ["/go", "/go/src", "/go/bin"], 0o1777)]
RUST = [programs("/usr/local/cargo/bin", "cargo cargo-clippy cargo-fmt clippy-driver rust-gdb rust-lldb rustc rustdoc rustfmt rustup")]
PHP = [programs("/usr/local/bin", "php php-config phpize phar.phar pear peardev pecl"), ("symlinks", {"/usr/local/bin/phar": "phar.phar"}),
       ("dirs", ["/usr/local/etc/php/conf.d", "/usr/local/lib/php/extensions", "/usr/local/include/php"])]
PHP_TOOLS = [programs("/usr/local/bin", "docker-php-entrypoint docker-php-ext-configure docker-php-ext-enable docker-php-ext-install")]
PHP_DIRS = [("dirs", ["/usr/local/etc/php/conf.d", "/var/www/html"])]
APACHE_PHP = [
    [files("/etc/apt/preferences.d/no-debian-php")], [apt(f"{PHPIZE} ca-certificates curl xz-utils")], PHP_DIRS, [apt("apache2")], [],
    [files("/etc/apache2/conf-available/docker-php.conf")], [files("/usr/src/php.tar.xz", "/usr/src/php.tar.xz.asc")],
    [programs("/usr/local/bin", "docker-php-source")], PHP, PHP_TOOLS, [files("/usr/local/etc/php/conf.d/docker-php-ext-opcache.ini")],
    [files("/usr/local/etc/php/conf.d/docker-php-ext-sodium.ini")], [programs("/usr/local/bin", "apache2-foreground")], [],
]
JAVA = "java javac jar jshell jlink jdeps keytool javadoc jcmd jstack"
NGINX = [files("/etc/nginx/nginx.conf", "/etc/nginx/mime.types", "/etc/nginx/conf.d/default.conf", "/usr/share/nginx/html/index.html", "/usr/share/nginx/html/50x.html"),
         programs("/usr/sbin", "nginx"), ("dirs", ["/var/cache/nginx", "/docker-entrypoint.d"])]
NGINX_SCRIPTS = [[programs("", "docker-entrypoint.sh")]] + [[programs("/docker-entrypoint.d", name)] for name in
                 ["10-listen-on-ipv6-by-default.sh", "15-local-resolvers.envsh", "20-envsubst-on-templates.sh", "30-tune-worker-processes.sh"]]
NGINX_USER = user("nginx:x:101:101:nginx user:/nonexistent:/bin/false", "nginx:x:101:")
TEMURIN = lambda names: [[], [apt("curl wget gnupg fontconfig ca-certificates p11-kit tzdata locales")], [programs("/opt/java/openjdk/bin", names)], [], [programs("", "__cacert_entrypoint.sh")]]

# Image: the listing that its first layer is taken as, and what each further layer brings.
RECIPES = {
    "buildpack-deps-bookworm": ("debian-bookworm", BUILDPACK),
    "composer-latest": ("alpine-3.20", [[], [], PHP_DIRS, [files("/usr/src/php.tar.xz")], [programs("/usr/local/bin", "docker-php-source")], PHP, PHP_TOOLS, [],
                        [programs("/usr/bin", "git make patch unzip zip"), programs("/bin", "bash")], [], [programs("/usr/bin", "composer")], [programs("", "docker-entrypoint.sh")], []]),
    "eclipse-temurin-21-jdk": ("debian-bookworm-slim", TEMURIN(JAVA)),
    "eclipse-temurin-21-jre": ("debian-bookworm-slim", TEMURIN("java keytool")),
    "gcc-latest": ("debian-trixie", BUILDPACK + [[], [programs("/usr/local/bin", "gcc g++ c++ cpp gfortran gcov")], [], []]),
    "golang-1.26": ("debian-trixie", [[apt(CURL)], [apt(SCM)], [apt("g++ gcc libc6-dev make pkg-config")], GO, GOPATH, []]),
    "golang-1.26-alpine": ("alpine-3.20", [[], GO, GOPATH, []]),
    "haskell-latest": ("debian-bookworm", [[apt("ca-certificates curl dpkg-dev git gcc gnupg g++ libc6-dev libffi-dev libgmp-dev libnuma-dev libtinfo-dev make netbase xz-utils zlib1g-dev")],
                       [programs("/usr/local/bin", "stack")], [programs("/usr/local/bin", "cabal")], [programs("/opt/ghc/bin", "ghc ghci runghc")]]),
    "hello-world-latest": (None, [[programs("", "hello")]]),
    "httpd-latest": ("debian-trixie-slim", [[("dirs", ["/usr/local/apache2"])], [], [apt("ca-certificates libaprutil1-ldap libldap-common")],
                     [programs("/usr/local/apache2/bin", "httpd apachectl ab htpasswd"), files("/usr/local/apache2/conf/httpd.conf", "/usr/local/apache2/htdocs/index.html")],
                     [programs("/usr/local/bin", "httpd-foreground")]]),
    "maven-latest": ("debian-bookworm-slim", [[apt("curl wget gnupg fontconfig ca-certificates p11-kit tzdata locales")], [programs("/opt/java/openjdk/bin", JAVA)], [], [programs("", "__cacert_entrypoint.sh")],
                     [apt("ca-certificates curl git openssh-client")], [programs("/usr/share/maven/bin", "mvn mvnDebug"), ("dirs", ["/usr/share/maven/lib"])], [programs("/usr/local/bin", "mvn-entrypoint.sh")],
                     [("symlinks", {"/usr/bin/mvn": "/usr/share/maven/bin/mvn"})]]),
    "memcached-latest": ("debian-trixie-slim", [[user("memcache:x:11211:11211::/home/memcache:/bin/sh", "memcache:x:11211:")], [apt("libsasl2-modules")],
                         [programs("/usr/local/bin", "memcached")], [programs("/usr/local/bin", "docker-entrypoint.sh")], [("symlinks", {"/entrypoint.sh": "usr/local/bin/docker-entrypoint.sh"})]]),
    "nginx-latest": ("debian-trixie", [[NGINX_USER, apt("ca-certificates gettext-base curl")] + NGINX] + NGINX_SCRIPTS),
    "nginx-alpine": ("alpine-3.20", [[NGINX_USER] + NGINX] + NGINX_SCRIPTS + [[programs("/usr/bin", "envsubst curl")]]),
    "node-22": ("debian-bookworm", BUILDPACK + [NODE_USER, NODE, YARN, ENTRYPOINT]),
    "node-22-slim": ("debian-bookworm-slim", [NODE_USER, NODE, YARN, ENTRYPOINT]),
    "node-22-alpine": ("alpine-3.20", [[user("node:x:1000:1000:Linux User,,,:/home/node:/bin/sh", "node:x:1000:", "/home/node")] + NODE, YARN, ENTRYPOINT]),
    "perl-latest": ("debian-trixie", BUILDPACK + [[("dirs", ["/usr/src/perl"])], [programs("/usr/local/bin", "perl cpan cpanm prove")], [("dirs", ["/usr/src/app"])]]),
    "php-8.3-apache": ("debian-trixie", APACHE_PHP),
    "postgres-16": ("debian-trixie-slim", [[user("postgres:x:999:999::/var/lib/postgresql:/bin/bash", "postgres:x:999:", "/var/lib/postgresql")], [apt("gnupg less")], [programs("/usr/local/bin", "gosu")],
                    [apt("locales")], [apt("libnss-wrapper xz-utils zstd")], [("dirs", ["/docker-entrypoint-initdb.d"])], [files("/usr/local/share/keyrings/postgres.gpg.asc")],
                    [programs("/usr/lib/postgresql/16/bin", "postgres initdb pg_ctl psql pg_dump pg_restore"), ("symlinks", {"/usr/bin/psql": "../lib/postgresql/16/bin/psql"})],
                    [files("/usr/share/postgresql/postgresql.conf.sample")], [("dirs", ["/var/run/postgresql"], 0o3777)], [("dirs", ["/var/lib/postgresql/data"], 0o1777)],
                    [programs("/usr/local/bin", "docker-entrypoint.sh docker-ensure-initdb.sh")], [("symlinks", {"/usr/local/bin/docker-enforce-initdb.sh": "docker-ensure-initdb.sh"})]]),
    "python-3.12": ("debian-trixie", BUILDPACK + [[apt("libbluetooth-dev tk-dev uuid-dev")], PYTHON, PYTHON_LINKS]),
    "python-3.12-slim": ("debian-trixie-slim", [[apt("ca-certificates netbase tzdata")], PYTHON, PYTHON_LINKS]),
    "python-3.12-alpine": ("alpine-3.20", [[], PYTHON, PYTHON_LINKS]),
    "rails-onbuild": ("debian-bookworm", [[programs("/usr/local/bin", "ruby gem bundle bundler irb rake rails"), ("dirs", ["/usr/local/bundle"], 0o1777)], [], [("dirs", ["/usr/src/app"])], [],
                      [apt("nodejs")], [apt("default-mysql-client postgresql-client sqlite3")]]),
    "redis-7": ("debian-bookworm-slim", [[user("redis:x:999:999::/home/redis:/bin/sh", "redis:x:999:")], [apt("tzdata")],
                [programs("/usr/local/bin", "redis-server redis-cli redis-sentinel redis-benchmark redis-check-aof redis-check-rdb gosu")], [("dirs", ["/data"])], [], ENTRYPOINT]),
    "ruby-3.3": ("debian-trixie", BUILDPACK + [[files("/usr/local/etc/gemrc")], [programs("/usr/local/bin", "ruby gem bundle bundler irb rake rbs erb rdoc ri")], [("dirs", ["/usr/local/bundle"], 0o1777)]]),
    "rust-1": ("debian-trixie", BUILDPACK + [RUST]),
    "rust-1-slim": ("debian-trixie-slim", [[apt("ca-certificates gcc libc6-dev")] + RUST]),
    "traefik-latest": ("alpine-3.20", [[], [programs("/usr/local/bin", "traefik")], [programs("", "entrypoint.sh")]]),
    "ubuntu-22.04": ("debian-bookworm-slim", []),
    "ubuntu-24.04": ("debian-bookworm-slim", []),
    "wordpress-latest": ("debian-trixie", APACHE_PHP + [[apt("ghostscript")], [], [], [], [], [("dirs", ["/usr/src/wordpress"])], [], ENTRYPOINT, []]),
}
UBUNTU = {"22.04": ("jammy", "22.04.5 LTS (Jammy Jellyfish)", "22.04.5 LTS"), "24.04": ("noble", "24.04.3 LTS (Noble Numbat)", "24.04.3 LTS")}


def read(name):
    with open(os.path.join(CATALOG, name)) as source:
        return source.read()


def texts(base):
    """The texts of a listing's account files and dpkg's database."""
    wanted = ("/etc/passwd", "/etc/group", "/var/lib/dpkg/status")
    out = {}
    for line in read(base + ".listing").split("\n"):
        fields = line.split("\t")
        if fields[0] == "t" and fields[4] in wanted:
            out[fields[4]] = fields[5].replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
    return out


class Shards:
    """What the shards say of packages: status paragraphs, users, groups."""

    def __init__(self, release):
        self.packages = {}
        folder = os.path.join(CATALOG, "debian", release)
        for name in sorted(os.listdir(folder), key=lambda name: (name != "0.shard", name)):
            if not name.endswith(".shard"):
                continue
            for line in read(f"debian/{release}/{name}").split("\n"):
                fields = line.split("\t")
                if fields[0] == "P" and len(fields) == 2:
                    own = self.packages.setdefault(fields[1], {"S": "", "U": [], "G": []})
                elif fields[0] == "S" and len(fields) == 2:
                    own["S"] = fields[1].replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
                elif fields[0] in ("U", "G") and len(fields) == 2:
                    own[fields[0]].append(fields[1])


SHARDS = {}


def simulate(base, steps, layerlab):
    """The layers that an equivalent Dockerfile gives: for each step of packages its entries, else none."""
    release = "trixie" if "trixie" in base else "bookworm"
    if release not in SHARDS:
        SHARDS[release] = Shards(release)
    tag = base.removeprefix("debian-")
    lines = [f"FROM debian:{tag}"]
    for packages in steps:
        known = [name for name in packages if name in SHARDS[release].packages]
        if set(packages) - set(known):
            print("  not in the catalogue:", *sorted(set(packages) - set(known)))
        lines.append(f"RUN apt-get update && apt-get install -y --no-install-recommends {' '.join(known)} && rm -rf /var/lib/apt/lists/*")
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/Dockerfile", "w") as out:
            out.write("\n".join(lines) + "\n")
        run = subprocess.run([layerlab, "build", "--format", "json", folder], capture_output=True, text=True)
    report = json.loads(run.stdout)
    if not report["ok"]:
        raise SystemExit(f"{base}: {report.get('error')}")
    return [layer["entries"] for layer in report["layers"]]


class Image:
    def __init__(self, name, facts, layerlab):
        self.name, self.facts = name, facts
        self.base, self.recipe = RECIPES[name]
        self.release = "trixie" if self.base and "trixie" in self.base else "bookworm"
        self.texts = texts(self.base) if self.base else {}
        self.states = []
        debian = bool(self.base) and self.base.startswith("debian")
        steps = [what[1] for layer in self.recipe for what in layer if what[0] == "apt"] if debian else []
        self.simulated = iter(simulate(self.base, steps, layerlab) if steps else [])

    def layer(self, steps):
        """The items of a layer, and the texts of those that have one."""
        items, held = {}, {}
        put = lambda path, **rest: items.__setitem__(path, dict({"path": path, "owner": "0:0"}, **rest))
        for what in steps:
            if what[0] == "apt":
                for entry in next(self.simulated):
                    if entry["kind"] == "opaque":
                        continue
                    item = {"path": entry["path"], "kind": entry["kind"], "mode": int(entry.get("mode") or "777", 8), "owner": f"{entry.get('uid', 0)}:{entry.get('gid', 0)}"}
                    item.update({key: entry[key] for key in ("size", "link") if key in entry})
                    items[entry["path"]] = item
                self.installed(what[1], items, held)
            elif what[0] == "programs":
                for path in what[1]:
                    put(path, kind="file", mode=0o755, size=PROGRAM)
            elif what[0] == "files":
                for path in what[1]:
                    put(path, kind="file", mode=0o644 if not path.endswith((".js", "yarn")) else 0o755, size=PROGRAM)
            elif what[0] == "symlinks":
                for path, target in what[1].items():
                    put(path, kind="symlink", link=target)
            elif what[0] == "dirs":
                for path in what[1]:
                    put(path, kind="dir", mode=what[2] if len(what) > 2 else 0o755)
            elif what[0] == "user":
                _, passwd, group, home = what
                for path, line in [("/etc/passwd", passwd), ("/etc/group", group)]:
                    self.account(path, line, items, held)
                if home:
                    uid, gid = passwd.split(":")[2:4]
                    put(home, kind="dir", mode=0o755, owner=f"{uid}:{gid}")
        return items, held

    def account(self, path, line, items, held):
        name = line.split(":")[0]
        if any(known.split(":")[0] == name for known in self.texts.get(path, "").split("\n")):
            return
        self.texts[path] = self.texts.get(path, "") + line + "\n"
        held[path] = self.texts[path]
        items[path] = {"path": path, "kind": "file", "mode": 0o644, "owner": "0:0", "size": len(held[path])}

    def installed(self, wanted, items, held):
        """The texts of the databases after packages were installed."""
        database = "/var/lib/dpkg/status"
        known = {re.match(r"Package: (.*)", paragraph).group(1): paragraph.strip("\n") for paragraph in self.texts[database].split("\n\n") if paragraph.strip()}
        lists = [re.match(r"/var/lib/dpkg/info/([^:]*)(:amd64)?\.list$", path) for path in items]
        for name in sorted({match.group(1) for match in lists if match}):
            if name in known:
                continue
            package = SHARDS[self.release].packages[name]
            known[name] = package["S"].strip("\n")
            if name not in wanted:
                self.states.append(name)
            for line in package["U"]:
                self.account("/etc/passwd", line, items, held)
            for line in package["G"]:
                self.account("/etc/group", line, items, held)
        self.texts[database] = "".join(f"{known[name]}\n\n" for name in sorted(known))
        held[database] = self.texts[database]
        states = "/var/lib/apt/extended_states"
        held[states] = "".join(f"Package: {name}\nArchitecture: amd64\nAuto-Installed: 1\n\n" for name in sorted(self.states))
        for path in (database, states):
            if path in items:
                items[path]["size"] = len(held[path].encode())

    def write(self):
        facts = self.facts
        image, tag = facts["image"], facts["tag"]
        lines = ["layerlab-listing 1", f"name\t{image}:{tag}"]
        if facts.get("manifest_digest"):
            lines.append(f"manifest\t{facts['manifest_digest']}")
        lines.append(f"config\t{listing.config(facts)}")
        layers = facts["layers"]
        sizes = self.sizes(layers)
        for at, layer in enumerate(layers):
            lines += [f"layer\t\t{layer['digest']}\t{layer['compressed_bytes']}", "modelled"]
            if at == 0 and self.base:
                lines.append(f"include\t{self.base}.listing")
                lines += self.renamed()
                continue
            steps = self.recipe[at - 1 if self.base else at]
            items, held = self.layer(steps)
            for path in list(items):
                above = os.path.dirname(path)
                while above != "/" and above not in items:
                    items[above] = {"path": above, "kind": "dir", "mode": 0o755, "owner": "0:0"}
                    above = os.path.dirname(above)
            # A directory that is there already is not listed again with a guessed mode: only those that are new.
            ordered = sorted(items.values(), key=lambda item: item["path"])
            lines += self.shared(at, steps, listing.entries(ordered, held))
            listed = sum(item.get("size", 0) for item in ordered)
            if sizes[at] > listed:
                lines.append(f"rest\t{sizes[at] - listed}")
        return "\n".join(lines) + "\n"

    def shared(self, at, steps, lines):
        """Layers of packages that several images have are files of their own."""
        if steps not in BUILDPACK or self.recipe[:3] != BUILDPACK:
            return lines
        name = f"images/{self.base}-buildpack-{at}.listing"
        with open(os.path.join(CATALOG, name), "w") as out:
            out.write("\n".join(["layerlab-listing 1", f"name\tbuildpack-{at}", 'config\t{"rootfs":{"type":"layers","diff_ids":[]}}', "layer\t\t\t", *lines]) + "\n")
        return [f"include\t{name}"]

    def sizes(self, layers):
        """Bytes of each layer, from the compressed ones: by the image's whole size where it is on record."""
        packed = [layer["compressed_bytes"] or 0 for layer in layers]
        total = self.facts.get("uncompressed_bytes") or (self.facts.get("uncompressed_nearby") or {}).get("bytes")
        total = total.get("bytes") if isinstance(total, dict) else total
        factor = total / sum(packed) if total and sum(packed) else 2.75
        return [int(size * factor) if size > 400 else 0 for size in packed]

    def renamed(self):
        """Ubuntu is shown with Debian's files, but under its own name."""
        if self.facts["image"] != "ubuntu":
            return []
        codename, version, short = UBUNTU[self.facts["tag"]]
        number = self.facts["tag"]
        text = f'PRETTY_NAME="Ubuntu {short}"\nNAME="Ubuntu"\nVERSION_ID="{number}"\nVERSION="{version}"\nVERSION_CODENAME={codename}\nID=ubuntu\nID_LIKE=debian\nUBUNTU_CODENAME={codename}\n'
        item = {"path": "/usr/lib/os-release", "kind": "file", "mode": 0o644, "owner": "0:0", "size": len(text)}
        return listing.entries([item], {"/usr/lib/os-release": text})


def main():
    folder, layerlab = sys.argv[1:3]
    os.makedirs(os.path.join(CATALOG, "images"), exist_ok=True)
    index = [
        "alpine:3.20\talpine-3.20.listing", "busybox:latest\tbusybox.listing", "debian:bookworm\tdebian-bookworm.listing",
        "debian:bookworm-slim\tdebian-bookworm-slim.listing", "debian:trixie\tdebian-trixie.listing", "debian:trixie-slim\tdebian-trixie-slim.listing",
    ]
    for name in RECIPES:
        with open(os.path.join(folder, f"{name}.json")) as source:
            facts = json.load(source)
        if not facts["layers"]:
            # Only its Dockerfile is on record: its base is a layer, and each instruction that makes one.
            facts["history"].insert(0, {"created_by": "the base image, whose layers are not on record", "empty": False})
            facts["layers"] = [{"digest": "", "compressed_bytes": ""} for row in facts["history"] if not row["empty"]]
            facts["as_of"] = "2016-12-31T00:00:00Z"
        if len(RECIPES[name][1]) + (RECIPES[name][0] is not None) != len(facts["layers"]):
            raise SystemExit(f"{name}: the recipe has {len(RECIPES[name][1])} layers over its base, the image {len(facts['layers'])} in all")
        text = Image(name, facts, layerlab).write()
        with open(os.path.join(CATALOG, "images", f"{name}.listing"), "w") as out:
            out.write(text)
        index.append(f"{facts['image']}:{facts['tag']}\timages/{name}.listing")
        print(name, len(text))
    with open(os.path.join(CATALOG, "images.index"), "w") as out:
        out.write("\n".join(sorted(index)) + "\n")


if __name__ == "__main__":
    main()
