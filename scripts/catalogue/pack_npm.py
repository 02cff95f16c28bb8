#!/usr/bin/env python3
"""Makes static/catalog/npm of what collect_npm.py collected: `index.txt` (which file has which package) and one file for each
root of npm-roots.txt, with the packages that it was the first to bring. The formats are described in src/packages/node/data.rs.

Use: pack_npm.py WORK OUT
"""
import collections, json, pathlib, re, sys

WORK, OUT = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
ROOTS = [line.strip() for line in open(pathlib.Path(__file__).with_name("npm-roots.txt")) if line.strip() and line[0] != "#"]
LEFT_OUT = ("resolved", "integrity", "name", "inBundle", "version", "link")


def names_of(lock):
    for path, entry in lock.get("packages", {}).items():
        if path and entry.get("integrity"):
            yield entry.get("name") or path.rsplit("node_modules/", 1)[1]


def front(text):
    return text.replace("\t", " ").replace("\n", " ")


def main():
    data = json.loads((WORK / "packages.json").read_text())
    packuments, packages = data["packuments"], data["packages"]
    versions = collections.defaultdict(list)
    for key in packages:
        name, _, version = key.rpartition("@")
        versions[name].append(version)
    bundle_of = {}
    for root in ROOTS:
        lock = json.loads((WORK / "locks" / (re.sub(r"[^\w.@+-]+", "_", root) + ".json")).read_text())
        bundle = re.sub(r"[^\w.-]+", "-", root.split()[0]).strip("-").lower()
        for name in names_of(lock):
            if name in packuments:
                bundle_of.setdefault(name, bundle)
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.txt"):
        old.unlink()
    bundles = collections.defaultdict(list)
    for name, bundle in sorted(bundle_of.items()):
        document = packuments[name]
        text = bundles[bundle]
        text.append("\t".join(["n", name, document["integrity"].split()[0].removeprefix("sha512-"), str(document["size"]), document["tags"].get("latest", "")]))
        for version in sorted(versions[name]):
            package = packages[f"{name}@{version}"]
            manifest = package["manifest"]
            lock = {k: v for k, v in package["lock"].items() if k not in LEFT_OUT}
            integrity = manifest["dist"].get("integrity", "").split(" ")[0].removeprefix("sha512-")
            text.append("\t".join(["v", version, integrity, str(package["size"] or 0), json.dumps(lock, ensure_ascii=False, separators=(",", ":"))]))
            folders = collections.defaultdict(list)
            for path, size, executable in package["files"] or []:
                folder, _, file = path.rpartition("/")
                folders[folder].append("\t".join([front(file), str(size)] + (["x"] if executable else [])))
            for folder, rows in sorted(folders.items()):
                text += ["d\t" + front(folder), *rows]
    for bundle, text in bundles.items():
        (OUT / f"{bundle}.txt").write_text("\n".join(text) + "\n")
    by_bundle = collections.defaultdict(list)
    for name, bundle in sorted(bundle_of.items()):
        by_bundle[bundle].append(name)
    (OUT / "index.txt").write_text("".join("\t".join([bundle, *names]) + "\n" for bundle, names in sorted(by_bundle.items())))
    print(len(bundle_of), "names", len(packages), "packages")


main()
