"""Writes a release's index and shards (static/catalog/debian/RELEASE/…) from what `debian.py` read and measured.

The formats are described in src/packages/debian/index.rs and shard.rs.
"""
import os
import re

# The order in which dpkg writes a paragraph of its status file (lib/dpkg/parse.c, `fieldinfos`); others follow as they come.
FIELDS = """Package Essential Protected Status Priority Section Installed-Size Maintainer Bugs Architecture Multi-Arch Source
Version Replaces Provides Depends Pre-Depends Recommends Suggests Breaks Conflicts Enhances Conffiles Description""".split()
SHARD = 150_000  # about how many bytes a shard has
# Written by rule, or by every package: no file that a package's configuration makes.
SHARED = re.compile(
    r"^/etc/(passwd|group|shadow|gshadow|subuid|subgid|\.pwd\.lock)-?$|^/var/lib/dpkg/|^/etc/alternatives/|^/var/log/"
    r"|^/usr/share/info/dir|\.dpkg-|^/etc/ld\.so\.cache|^/var/cache/(man|apt|ldconfig)|^/root/"
)


def fields(text):
    """A control paragraph: names and values, in order."""
    out, name = {}, None
    for line in text.rstrip("\n").split("\n"):
        if line[:1] in " \t":
            out[name] += "\n" + line
        else:
            name, value = line.split(":", 1)
            out[name] = value.strip()
    return out


def status(package):
    """The paragraph that dpkg writes for the installed package."""
    control = dict(package["fields"], Status="install ok installed")
    if package["conffiles"]:
        sums = package["conffile_sums"]
        control["Conffiles"] = "".join(f"\n {path} {sums.get(path, 'newconffile')}" for path in package["conffiles"])
    names = [name for name in FIELDS if name in control] + [name for name in control if name not in FIELDS]
    return "".join(f"{name}:{'' if control[name].startswith(chr(10)) else ' '}{control[name]}\n" for name in names)


def escape(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def bare(text):
    """Dependencies without versions, architectures and blanks."""
    groups = []
    for group in (text or "").split(","):
        names = [re.match(r"[^ (:\[]+", word.strip()) for word in group.split("|")]
        names = [name.group(0) for name in names if name]
        if names:
            groups.append("|".join(names))
    return ",".join(groups)


def unversioned(text):
    """The names of Conflicts and Breaks that mean any version."""
    return ",".join(word.strip().split(":")[0] for word in (text or "").split(",") if word.strip() and "(" not in word)


def owner(user, group):
    return "" if (user, group) == ("root", "root") else f"{user}:{group}"


def meta(mode, default, who):
    """The last fields of an entry."""
    mode = "" if mode == default else f"{mode:o}"
    return f"\t{mode}\t{who}" if who else f"\t{mode}" if mode else ""


def tree(entries, lines):
    """Entries: (path, kind, mode, owner, size or target), as lines."""
    here = None
    for path, kind, mode, who, what in sorted(entries, key=lambda entry: entry[0].split("/")):
        if path == "/":
            continue
        if kind == "d":
            lines.append(escape(path) + meta(mode, 0o755, who))
            here = path
            continue
        folder, name = os.path.split(path)
        if folder != here:
            lines.append("/" + escape(folder))
            here = folder
        if kind == "f":
            lines.append(f"{escape(name)}\t{what}" + meta(mode, 0o644, who))
        elif kind == "l":
            lines.append(f"{escape(name)}\t>{escape(what)}" + (f"\t\t{who}" if who else ""))
        elif kind == "h":
            lines.append(f"{escape(name)}\t={escape(what)}")


def alternatives(text, name):
    """A file of /var/lib/dpkg/alternatives: (name, link, slaves, choices)."""
    lines = text.split("\n")
    link, slaves, at = lines[1], [], 2
    while lines[at]:
        slaves.append((lines[at], lines[at + 1]))
        at += 2
    at += 1
    choices = []
    while at < len(lines) and lines[at]:
        path, priority = lines[at], lines[at + 1]
        targets = lines[at + 2 : at + 2 + len(slaves)]
        choices.append((path, priority, targets))
        at += 2 + len(slaves)
    return name, link, slaves, choices


def needs(path):
    """The package without which another's configuration does not make this file."""
    if path.endswith("/gio/modules/giomodule.cache"):
        return "dconf-gsettings-backend"
    if path.endswith("/schemas/gschemas.compiled"):
        return "libgtk-3-common"
    php = re.match(r"/(?:etc/php|var/lib/php/modules)/([\d.]+)/(apache2|fpm|cli|cgi|phpdbg)/", path + "/")
    if not php:
        return None
    version, kind = php.groups()
    return f"libapache2-mod-php{version}" if kind == "apache2" else f"php{version}-{kind}"


class Writer:
    """`packages`: by name, the archive's newest, as `debian.py` read them; `base`: those of the base system, some of them
    older; `effects`: by name, what configuring them did."""

    def __init__(self, packages, base, effects, users):
        self.packages, self.base, self.effects, self.users = packages, base, effects, users
        version = lambda package: package["fields"]["Version"]
        self.stale = {name: version(old) for name, old in base.items() if name in packages and version(packages[name]) != version(old)}
        self.owned = {}
        for name, package in packages.items():
            for entry in package["entries"]:
                self.owned.setdefault(real(entry[0]), name)

    def depends(self, control):
        """Pre-Depends and Depends; a name that wants a newer version than the base system's has that version behind it."""
        groups = []
        for group in ",".join(filter(None, [control.get("Pre-Depends"), control.get("Depends")])).split(","):
            words = []
            for word in group.split("|"):
                found = re.match(r"\s*([^ (:\[]+)[^(]*(?:\((>=|=|>>) ([^)]*)\))?", word)
                if not found or not found.group(1):
                    continue
                name, relation, version = found.groups()
                old = self.stale.get(name)
                if old and relation and not (relation == ">=" and self.newer(old, version)):
                    name += "=" + self.packages[name]["fields"]["Version"]
                words.append(name)
            if words:
                groups.append("|".join(words))
        # apt brings what is installed of a source to the version of what it installs of it.
        source = self.source(control)
        for name in self.stale:
            if self.source(self.packages[name]["fields"]) == source and name != control["Package"]:
                groups.append(f"{name}={self.packages[name]['fields']['Version']}")
        return ",".join(groups)

    def source(self, control):
        return control.get("Source", control["Package"]).split(" ")[0]

    def contents(self, name, package):
        """The lines of a package."""
        effect = self.effects.get(name)
        lines = [f"P\t{name}", f"S\t{escape(status(package))}"]
        for ending, (size, mode) in sorted(package["info"].items()):
            lines.append(f"I\t{ending}\t{size}" + ("" if mode == 0o644 else f"\t{mode:o}"))
        lines += [f"C\t{escape(path)}" for path in package["conffiles"]]
        extras, changed = [], {}
        if effect:
            extras, changed = self.effects_of(name, effect, lines)
        lines += [f"T\t{trigger}" for trigger in package["triggers"]]
        entries = []
        for path, kind, mode, user, group, size, link in package["entries"]:
            who = owner(user, group)
            if kind == "f" and path in changed:
                mode, who = changed[path]
            entries.append((path, kind, mode, who, link if kind in "lh" else size))
        lines.append("F")
        tree(entries, lines)
        for need in sorted({needs(extra[0]) or "" for extra in extras}):
            lines.append(f"X\t{need}" if need and need != name else "X")
            tree([extra for extra in extras if (needs(extra[0]) or "") == need], lines)
        return lines

    def effects_of(self, name, effect, lines):
        own = {real(entry[0]): entry for entry in self.packages[name]["entries"]}
        links = set()
        for alternative, text in sorted(effect["alternatives"].items()):
            _, link, slaves, choices = alternatives(text, alternative)
            links |= {link} | {slave for _, slave in slaves}
            for path, priority, targets in choices:
                if real(path) not in own and not any(path == entry[1] for entry in effect["entries"]):
                    continue
                fields = [alternative, link, path, priority]
                for (slave, slave_link), target in zip(slaves, targets):
                    if target:
                        fields += [slave, slave_link, target]
                lines.append("A\t" + "\t".join(map(escape, fields)))
        lines += effect.get("alternative_lines", [])
        lines += [f"U\t{line}" for line in effect["accounts"]["/etc/passwd"] if line]
        lines += [f"G\t{line}" for line in effect["accounts"]["/etc/group"] if line]
        if any(effect["debconf"]):
            lines.append(f"D\t{max(effect['debconf'][0], 0)}\t{max(effect['debconf'][1], 0)}")
        extras, changed = [], {}
        for kind, path, *rest in effect["entries"]:
            if SHARED.search(path) or path in links:
                continue
            if kind == "d":
                if real(path) not in self.owned and not os.path.isdir(self.base_root + path):
                    extras.append((path, "d", rest[0], self.who(rest[1], rest[2]), 0))
            elif kind == "l":
                if path not in own:
                    extras.append((path, "l", 0o777, "", rest[0]))
            elif kind == "f":
                mode, uid, gid, size = rest
                if path in own:
                    changed[own[path][0]] = (mode, self.who(uid, gid))
                elif path in self.owned and self.owned[path] != name:
                    continue  # another package's file, or a database that several share
                else:
                    extras.append((path, "f", mode, self.who(uid, gid), size))
        return extras, changed

    def who(self, uid, gid):
        users, groups = self.users
        return owner(users.get(uid, str(uid)), groups.get(gid, str(gid)))

    def shards(self, roots, closure):
        """Lists of names: the base first, then what is installed together lies together."""
        shards, placed, current, size = [sorted(self.base)], set(self.base) - set(self.stale), [], 0
        for recommends in (False, True):
            for root in roots:
                for name in closure(root, recommends):
                    if name in placed or name not in self.packages:
                        continue
                    placed.add(name)
                    current.append(name)
                    size += self.size(name)
                    if size > SHARD:
                        shards.append(current)
                        current, size = [], 0
        rest = current + sorted(set(self.packages) - placed)
        if rest:
            shards.append(rest)
        return shards

    def size(self, name):
        return 1500 + 30 * len(self.packages[name]["entries"])

    def write(self, folder, date, lists, roots, closure):
        os.makedirs(folder, exist_ok=True)
        for old in os.listdir(folder):
            os.remove(os.path.join(folder, old))
        index = ["layerlab-debian 1", f"date\t{date}", "base\t0"]
        index += [f"list\t{name}\t{size}" for name, size in lists]
        for number, names in enumerate(self.shards(roots, closure)):
            lines = ["layerlab-shard 1"]
            for name in names:
                package = self.packages[name] if number or name not in self.base else self.base[name]
                lines += self.contents(name, package)
                if not number and name in self.stale:
                    continue
                control = package["fields"]
                multi = "=" if control.get("Multi-Arch") == "same" else ""
                conflicts = [unversioned(control.get("Conflicts")), unversioned(control.get("Breaks"))]
                index.append("\t".join([
                    name, control["Version"], control["Architecture"] + multi, str(number), str(package["bytes"]),
                    control.get("Installed-Size", "0"), self.depends(control), bare(control.get("Recommends")),
                    bare(control.get("Provides")), ",".join(filter(None, conflicts)),
                ]))
            with open(os.path.join(folder, f"{number}.shard"), "w") as out:
                out.write("\n".join(lines) + "\n")
        with open(os.path.join(folder, "index"), "w") as out:
            out.write("\n".join(index) + "\n")


def real(path):
    """A path below /usr where /bin, /sbin and /lib* are links to there."""
    return re.sub(r"^/(bin|sbin|lib|lib64|lib32|libx32)(?=/)", r"/usr/\1", path)
