#!/usr/bin/env python3
"""Makes a Debian release's data (static/catalog/debian/RELEASE) from the archive, with apt's and dpkg's own programs.

    debian.py fetch RELEASE WORK      the lists, the base system (debootstrap) and the archives of packages.txt with what they need
    debian.py read RELEASE WORK       what is in the archives: control files, entries, sizes
    debian.py configure RELEASE WORK  unpacks and configures all packages in a chroot (as root; overlay and chroot)
    debian.py effects RELEASE WORK    what configuring left, by the package that it belongs to
    debian.py write RELEASE WORK DATE the index, the names and the shards

WORK is a folder of some 20 GB. `make catalogue` runs all of it for each release, then images.py. For a release without the
third step, `effects` takes those of bookworm as far as they do not name versions, and models bytecode by its sources' size.
"""
import collections
import glob
import hashlib
import io
import os
import pickle
import re
import stat
import subprocess
import sys
import tarfile

import debian_write as writer

HERE = os.path.dirname(os.path.abspath(__file__))
CATALOG = os.path.join(HERE, "../../static/catalog")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
ROOT_ENV = {"DEBIAN_FRONTEND": "noninteractive", "LANG": "C", "HOME": "/root", "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
# Shared by all packages, written by rule, or made by the chroot itself.
IGNORED = re.compile(
    r"^/(proc|dev|sys|debs|tmp|run)(/|$)|^/var/lib/dpkg/|^/var/cache/(debconf|apt|ldconfig|man)|^/var/log/|^/etc/ld.so.cache"
    r"|^/etc/(passwd|group|shadow|gshadow|subuid|subgid|\.pwd\.lock)-?$|\.dpkg-|^/usr/sbin/policy-rc.d|^/etc/alternatives/|^/var/lib/apt"
    r"|^/usr/share/info/dir|^/etc/(hosts|resolv.conf|hostname|mtab)$|^/var/lib/ucf/(hashfile|registry)\.[1-9]"
)
# Folders that say nothing of whose file lies in them.
COMMON = {"/usr/bin", "/usr/lib", "/usr/share", "/etc/default", "/usr/sbin", "/var/lib", "/etc/init.d", "/usr/lib/x86_64-linux-gnu", "/usr/lib/mime", "/var/cache"}
VERSIONED = re.compile(r"python3\.11|cpython-311|/8\.2/|php8\.2|/15/|perl5?/5\.36|\.pyc$|__pycache__")


def run(*command, **options):
    return subprocess.run(command, check=True, **options)


def roots():
    with open(os.path.join(HERE, "packages.txt")) as source:
        return [word for line in source if not line.startswith("#") for word in line.split()]


def groups(text):
    """Dependencies as lists of alternatives, by name."""
    return [group.split("|") for group in writer.bare(text).split(",") if group]


# ---- fetch ----------------------------------------------------------------------------------------------------------


def apt_config(release, work):
    """A private apt: nothing of this machine's own system is read or changed."""
    home = f"{work}/apt-{release}"
    for folder in ("lists/partial", "cache/archives/partial", "state"):
        os.makedirs(f"{home}/{folder}", exist_ok=True)
    open(f"{home}/status", "a").close()
    mirror = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org")
    suites = [(f"{mirror}/debian", release), (f"{mirror}/debian", f"{release}-updates"), (f"{mirror}/debian-security", f"{release}-security")]
    with open(f"{home}/sources.list", "w") as out:
        out.writelines(f"deb [signed-by={KEYRING}] {address} {suite} main\n" for address, suite in suites)
    with open(f"{home}/apt.conf", "w") as out:
        out.write(
            f'Dir::State "{home}/state"; Dir::State::Lists "{home}/lists"; Dir::State::status "{home}/status"; Dir::Cache "{home}/cache";\n'
            f'Dir::Etc::sourcelist "{home}/sources.list"; Dir::Etc::sourceparts "/dev/null"; Dir::Etc::preferencesparts "/dev/null";\n'
            'APT::Architecture "amd64"; APT::Architectures {"amd64";}; APT::Sandbox::User "root"; Acquire::Languages "none"; Acquire::GzipIndexes "true";\n'
        )
    return dict(os.environ, APT_CONFIG=f"{home}/apt.conf")


def newer(old, version):
    return subprocess.run(["dpkg", "--compare-versions", old, "ge", version]).returncode == 0


def archive(release, work):
    """All packages of the lists, the newest version of each."""
    packages = {}
    for path in sorted(glob.glob(f"{work}/apt-{release}/lists/*_Packages*")):
        text = run("/usr/lib/apt/apt-helper", "cat-file", path, capture_output=True, text=True).stdout
        for paragraph in text.split("\n\n"):
            if paragraph.strip():
                control = writer.fields(paragraph)
                known = packages.get(control["Package"])
                if known is None or not newer(known["Version"], control["Version"]):
                    packages[control["Package"]] = control
    return packages


def providers(packages):
    provided = collections.defaultdict(list)
    for name, control in packages.items():
        for group in groups(control.get("Provides")):
            provided[group[0]].append(name)
    return provided


def closure(packages, provided, names, recommends=True):
    """The names and all that they depend on (and recommend), nearest first."""
    found, queue = {}, collections.deque(name if name in packages else next(iter(provided.get(name, [])), None) for name in names)
    while queue:
        name = queue.popleft()
        if name is None or name in found:
            continue
        found[name] = True
        control = packages[name]
        for field in ["Pre-Depends", "Depends"] + (["Recommends"] if recommends else []):
            for group in groups(control.get(field)):
                pick = next((word for word in group if word in packages), None) or next((provided[word][0] for word in group if provided.get(word)), None)
                queue.append(pick)
    return list(found)


def fetch(release, work):
    env = apt_config(release, work)
    run("apt-get", "-q", "update", env=env)
    base = f"{work}/base-{release}"
    if not os.path.isdir(base):
        run("debootstrap", "--variant=minbase", release, base, os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org") + "/debian")
    packages = archive(release, work)
    essential = [name for name, control in packages.items() if control.get("Priority") in ("required", "important") or control.get("Essential") == "yes"]
    wanted = [name for name in closure(packages, providers(packages), roots() + essential) if not name.startswith("linux-image")]
    folder = f"{work}/archives-{release}"
    os.makedirs(folder, exist_ok=True)
    have = {name.split("_")[0] for name in os.listdir(folder)}
    missing = [name for name in wanted if name not in have]
    for at in range(0, len(missing), 60):
        run("apt-get", "-qq", "download", *missing[at : at + 60], cwd=folder, env=env)


# ---- read -----------------------------------------------------------------------------------------------------------


def read_archive(path):
    """What a .deb has: its control fields, the files dpkg keeps of it, and its entries."""
    info, scripts, control, conffiles = {}, {}, "", []
    data = run("dpkg-deb", "--ctrl-tarfile", path, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for member in filter(tarfile.TarInfo.isfile, tar):
            name, content = os.path.basename(member.name), tar.extractfile(member).read()
            if name == "control":
                control = content.decode()
                continue
            info[name] = (len(content), member.mode & 0o7777)
            if name in ("preinst", "postinst", "config", "templates", "triggers"):
                scripts[name] = content.decode("utf-8", "replace")
            if name == "conffiles":
                conffiles = [line for line in content.decode().split("\n") if line.strip()]
    entries, sums = [], {}
    process = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", path], stdout=subprocess.PIPE)
    with tarfile.open(fileobj=process.stdout, mode="r|") as tar:
        for member in tar:
            name = member.name.removeprefix(".").rstrip("/") or "/"
            kind = "d" if member.isdir() else "l" if member.issym() else "h" if member.islnk() else "f" if member.isfile() else "o"
            link = "/" + member.linkname.removeprefix("./").lstrip("/") if kind == "h" else member.linkname
            user, group = member.uname if member.uid else "root", member.gname if member.gid else "root"
            entries.append((name, kind, member.mode & 0o7777, user, group, member.size if kind == "f" else 0, link))
            if kind == "f" and name in conffiles:
                sums[name] = hashlib.md5(tar.extractfile(member).read()).hexdigest()
    process.wait()
    activated = [line.split() for line in scripts.get("triggers", "").split("\n")]
    triggers = [words[1] for words in activated if len(words) == 2 and words[0].startswith("activate")]
    return {"fields": writer.fields(control), "info": info, "scripts": scripts, "conffiles": conffiles, "conffile_sums": sums,
            "entries": entries, "triggers": triggers, "bytes": os.path.getsize(path), "file": os.path.basename(path)}


def read(release, work):
    for source, target in [(f"{work}/archives-{release}", f"{work}/packages-{release}.pickle"), (f"{work}/base-{release}/var/cache/apt/archives", f"{work}/base-packages-{release}.pickle")]:
        packages = [read_archive(path) for path in sorted(glob.glob(f"{source}/*.deb"))]
        with open(target, "wb") as out:
            pickle.dump({package["fields"]["Package"]: package for package in packages}, out)


def load(work, name):
    with open(f"{work}/{name}.pickle", "rb") as source:
        return pickle.load(source)


# ---- configure ------------------------------------------------------------------------------------------------------


def configure(release, work):
    """One chroot for all: conflicts are forced, for only what each package's configuration leaves is wanted."""
    home = f"{work}/chroot-{release}"
    root = f"{home}/root"
    for folder in ("upper", "work", "root"):
        os.makedirs(f"{home}/{folder}", exist_ok=True)
    run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={work}/base-{release},upperdir={home}/upper,workdir={home}/work", root)
    try:
        run("mount", "-t", "proc", "proc", f"{root}/proc")
        os.makedirs(f"{root}/debs", exist_ok=True)
        run("mount", "--bind", f"{work}/archives-{release}", f"{root}/debs")
        with open(f"{root}/usr/sbin/policy-rc.d", "w") as out:
            out.write("#!/bin/sh\nexit 101\n")
        os.chmod(f"{root}/usr/sbin/policy-rc.d", 0o755)
        packages = load(work, f"packages-{release}")
        # The largest archives have no scripts of interest.
        names = [name for name, package in packages.items() if package["bytes"] < 12_000_000 or "postinst" in package["scripts"]]
        order = ordered(packages, names)
        options = dict(env=ROOT_ENV, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        for at in range(0, len(order), 120):
            paths = [f"/debs/{packages[name]['file']}" for name in order[at : at + 120]]
            subprocess.run(["chroot", root, "dpkg", "--unpack", "--force-all", "--force-unsafe-io", "--no-triggers", *paths], **options)
        for _ in range(3):
            subprocess.run(["chroot", root, "dpkg", "--configure", "-a", "--force-all", "--no-triggers", "--abort-after=100000"], **options)
        # A trigger whose result is the package's own, whoever sets it off.
        subprocess.run(["chroot", root, "dpkg", "--triggers-only", "shared-mime-info"], **options)
    finally:
        for point in ("debs", "proc", ""):
            subprocess.run(["umount", f"{root}/{point}".rstrip("/")])


def ordered(packages, names):
    """What others need comes first."""
    wanted, done, order = set(names), set(), []
    for name in names:
        stack = [(name, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                order.append(name)
            elif name not in done:
                done.add(name)
                stack.append((name, True))
                control = packages[name]["fields"]
                needed = groups(control.get("Pre-Depends")) + groups(control.get("Depends"))
                stack += [(word, False) for group in needed for word in group[:1] if word in wanted]
    return order


# ---- effects --------------------------------------------------------------------------------------------------------


class Effects:
    """Whose is what lies in the chroot and in no package."""

    def __init__(self, release, work):
        self.packages = load(work, f"packages-{release}")
        self.home, self.base = f"{work}/chroot-{release}", f"{work}/base-{release}"
        self.upper = f"{self.home}/upper"
        self.owner, self.tar = {}, {}
        for name, package in self.packages.items():
            for entry in package["entries"]:
                path = writer.real(entry[0])
                self.owner.setdefault(path + "/" if entry[1] == "d" else path, name)
                if entry[1] != "d":
                    self.tar[path] = entry
        self.scripts = {name: "\n".join(package["scripts"].get(kind, "") for kind in ("postinst", "preinst", "config")) for name, package in self.packages.items()}
        self.units = {os.path.basename(path): name for path, name in self.owner.items() if "/systemd/system/" in path or "/systemd/user/" in path}
        self.inits = {os.path.basename(path): name for path, name in self.owner.items() if path.startswith("/etc/init.d/")}
        found = [(re.match(r"/usr/share/php[\d.]+-[^/]+/[^/]+/([^/]+)\.ini$", path), name) for path, name in self.owner.items()]
        self.php = {match.group(1): name for match, name in found if match}
        self.effects = collections.defaultdict(lambda: {"entries": [], "alternatives": {}, "accounts": {"/etc/passwd": [], "/etc/group": []}, "debconf": (0, 0)})

    def attribute(self, path, link=None):
        """The package whose configuration made a path, by the surest sign there is; none if there is none."""
        name = os.path.basename(path)
        if path.endswith(".pyc") and "/__pycache__/" in path:
            return self.owner.get(f"{os.path.dirname(os.path.dirname(path))}/{name.split('.')[0]}.py")
        if path.startswith("/var/lib/ucf/cache/"):
            return self.attribute(name.replace(":", "/"))
        if path.startswith(("/etc/systemd/", "/var/lib/systemd/deb-systemd")):
            return self.units.get(name) or self.units.get(name.replace(".dsh-also", "")) or (link and self.units.get(os.path.basename(link)))
        if match := re.match(r"/etc/rc.\.d/[SK]\d\d(.*)$", path):
            return self.inits.get(match.group(1))
        if match := re.match(r"/(?:etc/php|var/lib/php/modules)/[\d.]+/.*?(?:\d+-)?([^/]+?)(?:\.ini)?$", path):
            return self.php.get(match.group(1))
        for start, package in [("/etc/ssl/certs/java", "ca-certificates-java"), ("/etc/ssl/certs/ssl-cert-snakeoil", "ssl-cert"), ("/etc/ssl/certs/", "ca-certificates"),
                               ("/etc/ca-certificates.conf", "ca-certificates"), ("/var/lib/mysql", "mariadb-server")]:
            if path.startswith(start):
                return package
        if link:
            target = writer.real(link if link.startswith("/") else os.path.normpath(os.path.join(os.path.dirname(path), link)))
            if target in self.owner:
                return self.owner[target]
        named = [package for package, script in self.scripts.items() if path in script]
        if named:
            return min(named, key=len)
        parts = [part for part in path.split("/") if part]
        for part in reversed(parts):
            if part in self.packages:
                return part
        for depth in range(len(parts) - 1, 1, -1):
            folder = "/" + "/".join(parts[:depth])
            if folder not in COMMON and self.owner.get(folder + "/") not in (None, "base-files"):
                return self.owner[folder + "/"]
        return None

    def collect(self):
        texts = {os.path.basename(path): open(path).read() for path in glob.glob(f"{self.upper}/var/lib/dpkg/alternatives/*") if stat.S_ISREG(os.lstat(path).st_mode)}
        links, folders = set(), {}
        for name, text in texts.items():
            _, link, slaves, choices = writer.alternatives(text, name)
            links |= {link} | {slave for _, slave in slaves}
            for path, _, _ in choices:
                package = self.owner.get(writer.real(path))
                if package:
                    self.effects[package]["alternatives"][name] = text
        for folder, names, files in os.walk(self.upper):
            for name in names + files:
                full = os.path.join(folder, name)
                path, status = full[len(self.upper) :], os.lstat(full)
                if not (IGNORED.search(path) or path in links or stat.S_ISCHR(status.st_mode)):
                    self.entry(path, full, status, folders)
        for effect in self.effects.values():
            mine = {os.path.dirname(entry[1]) for entry in effect["entries"]}
            while above := {os.path.dirname(folder) for folder in mine} - mine - {"/", ""}:
                mine |= above
            effect["entries"] += [("d", folder, *folders[folder]) for folder in sorted(mine) if folder in folders]
        taken = {entry[1] for effect in self.effects.values() for entry in effect["entries"] if entry[0] == "d"}
        for folder, meta in folders.items():
            package = None if folder in taken or folder.endswith("__pycache__") else self.attribute(folder)
            if package:
                self.effects[package]["entries"].append(("d", folder, *meta))
        for path in ("/etc/passwd", "/etc/group"):
            self.accounts(path)
        for name, package in self.packages.items():
            self.debconf(name, package["scripts"].get("templates"))
        self.plain_alternatives()
        return {name: dict(effect) for name, effect in self.effects.items()}

    def entry(self, path, full, status, folders):
        mode, who = stat.S_IMODE(status.st_mode), (status.st_uid, status.st_gid)
        real = writer.real(path)
        if stat.S_ISDIR(status.st_mode):
            if real + "/" not in self.owner and not os.path.isdir(self.base + path):
                folders[path] = (mode, *who)
        elif real in self.owner:
            tar = self.tar[real]
            if tar[1] == "f" and stat.S_ISREG(status.st_mode) and (tar[2] != mode or status.st_uid != 0) and tar[3] == "root":
                self.effects[self.owner[real]]["entries"].append(("f", tar[0], mode, *who, status.st_size))
        elif not os.path.lexists(self.base + path):
            link = os.readlink(full) if stat.S_ISLNK(status.st_mode) else None
            package = self.attribute(path, link)
            if package and link is not None:
                self.effects[package]["entries"].append(("l", path, link, *who))
            elif package and stat.S_ISREG(status.st_mode):
                size = min(status.st_size, 500) if re.match(r"/var/lib/ucf/[^/]*$", path) else status.st_size
                self.effects[package]["entries"].append(("f", path, mode, *who, size))

    def accounts(self, path):
        """Users and groups, by the scripts that make them."""
        known = {line.split(":")[0] for line in open(self.base + path)}
        for line in open(f"{self.upper}{path}"):
            name = line.split(":")[0].strip()
            if not name or name in known:
                continue
            making = [package for package, script in self.scripts.items() if re.search("adduser|addgroup|useradd|groupadd|sysusers", script) and re.search(rf"\b{re.escape(name)}\b", script)]
            alike = [package for package in making if name.strip("_").replace("-", "") in package.replace("-", "")]
            for package in (alike or making)[:3]:
                self.effects[package]["accounts"][path].append(line.strip())

    def debconf(self, name, templates):
        """What a package's questions add to debconf's two databases: its templates with a line for their owner, and an answer each."""
        if templates:
            blocks = [block for block in templates.split("\n\n") if block.strip()]
            titles = [re.search(r"^Template: (.*)$", block, re.M) for block in blocks]
            owners = sum(len("Owners: ") + len(title.group(1)) + 3 for title in titles if title)
            # The list of certificates stands in its question (measured).
            self.effects[name]["debconf"] = (28385, 12480) if name == "ca-certificates" else (len(templates.encode()) + owners, 70 * len(blocks))

    def plain_alternatives(self):
        """Of packages that were not configured: what their scripts say without variables."""
        for name, script in self.scripts.items():
            if self.effects[name]["alternatives"] if name in self.effects else False:
                continue
            for match in re.finditer(r"update-alternatives\s+(?:(?:--quiet|--force)\s+)*--install\s+([^\n;&|]+)", script.replace("\\\n", " ")):
                words = match.group(1).split()
                if len(words) >= 4 and not any("$" in word for word in words):
                    line, rest = ["A", words[1], words[0], words[2], words[3]], words[4:]
                    while len(rest) >= 4 and rest[0] == "--slave":
                        line, rest = line + [rest[2], rest[1], rest[3]], rest[4:]
                    self.effects[name].setdefault("alternative_lines", []).append("\t".join(line))


def modelled(release, work):
    """The effects of a release that was not configured: bookworm's, as far as they name no versions, and bytecode."""
    effects, users, numbers = load(work, "effects-bookworm")
    packages, known = load(work, f"packages-{release}"), load(work, "packages-bookworm")
    sources = compiled = 0
    for name, effect in effects.items():
        sizes = {entry[0]: entry[5] for entry in known.get(name, {"entries": []})["entries"]}
        for entry in effect["entries"]:
            if entry[0] == "f" and entry[1].endswith(".pyc"):
                source = f"{os.path.dirname(os.path.dirname(entry[1]))}/{os.path.basename(entry[1]).split('.')[0]}.py"
                sources, compiled = sources + sizes.get(source, 0), compiled + (entry[5] if source in sizes else 0)
    out = {}
    for name, package in packages.items():
        old = effects.get(name, {"entries": [], "alternatives": {}, "accounts": {"/etc/passwd": [], "/etc/group": []}, "debconf": (0, 0)})
        new = dict(old, entries=[entry for entry in old["entries"] if not VERSIONED.search(entry[1])])
        if "py3compile" in package["scripts"].get("postinst", "") or re.match(r"(lib)?python3\.\d+(-minimal|-stdlib)?$", name):
            version = re.search(r"python3\.(\d+)", " ".join(packages)).group(1)
            for path, kind, _, _, _, size, _ in package["entries"]:
                if kind == "f" and path.endswith(".py") and path.startswith("/usr/lib/python3"):
                    cache = f"{os.path.dirname(path)}/__pycache__"
                    new["entries"].append(("d", cache, 0o755, 0, 0))
                    new["entries"].append(("f", f"{cache}/{os.path.basename(path)[:-3]}.cpython-3{version}.pyc", 0o644, 0, 0, size * compiled // max(sources, 1) + 150))
        out[name] = new
    return out, users, numbers


def find_effects(release, work):
    if os.path.isdir(f"{work}/chroot-{release}"):
        names = lambda path: {int(line.split(":")[2]): line.split(":")[0] for line in open(f"{work}/chroot-{release}/upper{path}") if ":" in line}
        result = (Effects(release, work).collect(), names("/etc/passwd"), names("/etc/group"))
    else:
        result = modelled(release, work)
    with open(f"{work}/effects-{release}.pickle", "wb") as out:
        pickle.dump(result, out)


# ---- write ----------------------------------------------------------------------------------------------------------


def write(release, work, date):
    packages, base = load(work, f"packages-{release}"), load(work, f"base-packages-{release}")
    for name, package in base.items():
        packages.setdefault(name, package)
    effects, users, numbers = load(work, f"effects-{release}")
    out = writer.Writer(packages, base, effects, (users, numbers))
    out.base_root, out.newer = f"{work}/base-{release}", newer
    folder = os.path.join(CATALOG, "debian", release)
    lists = [(re.sub(r"^[^_]*", "deb.example", os.path.basename(path)), os.path.getsize(path)) for path in sorted(glob.glob(f"{work}/apt-{release}/lists/*_*"))]
    fields = {name: package["fields"] for name, package in packages.items()}
    provided = providers(fields)
    out.write(folder, date, lists, roots(), lambda root, recommends: closure(fields, provided, [root], recommends))
    with open(os.path.join(folder, "names"), "w") as names:
        names.writelines(f"{name}\n" for name in sorted(archive(release, work)) if name not in packages)


STEPS = {"fetch": fetch, "read": read, "configure": configure, "effects": find_effects, "write": write}

if __name__ == "__main__":
    STEPS[sys.argv[1]](*sys.argv[2:])
