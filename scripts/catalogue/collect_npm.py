#!/usr/bin/env python3
"""Collects from npm, with npm itself, what the catalogue needs: for each line of npm-roots.txt the packages that npm
installs. Writes the packages' manifests (as npm's own cache holds them) and the files of their archives to
WORK/packages.json; pack_npm.py makes the catalogue's files of them.

Lacks what install scripts would do, and files of packages for other systems than Linux on x86-64.

Use: collect_npm.py WORK [ROOT...]
"""
import base64, json, os, pathlib, re, shutil, subprocess, sys, tarfile

WORK = pathlib.Path(sys.argv[1])
ROOTS = sys.argv[2:] or [line.strip() for line in open(pathlib.Path(__file__).with_name("npm-roots.txt")) if line.strip() and line[0] != "#"]
CACHE = WORK / "cache"
LOCKS = WORK / "locks"


def install(root):
    """Runs npm for one root; its lock file is kept."""
    lock = LOCKS / (re.sub(r"[^\w.@+-]+", "_", root) + ".json")
    if lock.exists():
        return
    folder = WORK / "project"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"name":"app","version":"1.0.0"}')
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--cache", str(CACHE), *root.split()]
    try:
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=420)
        status, said = result.returncode, result.stderr[-300:]
    except subprocess.TimeoutExpired:
        status, said = 124, ""
    print(root, status, said if status else "", flush=True)
    lock.write_text((folder / "package-lock.json").read_text() if status == 0 else "{}")
    shutil.rmtree(folder, ignore_errors=True)


def cache_index():
    """Of the cache: by key, the newest row of the index."""
    rows = {}
    for path in (CACHE / "_cacache/index-v5").rglob("*"):
        if path.is_file():
            for line in path.read_text().splitlines():
                if "\t" in line:
                    row = json.loads(line.split("\t", 1)[1])
                    rows[row["key"]] = row
    return rows


def content(integrity):
    algorithm, digest = integrity.split()[0].split("-", 1)
    hexed = base64.b64decode(digest).hex()
    return CACHE / "_cacache/content-v2" / algorithm / hexed[:2] / hexed[2:4] / hexed[4:]


def archive_files(path):
    files = []
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile():
                files.append([member.name.split("/", 1)[-1], member.size, bool(member.mode & 0o111)])
    return files


def main():
    LOCKS.mkdir(parents=True, exist_ok=True)
    for root in ROOTS:
        install(root)
    rows = cache_index()
    packuments, packages = {}, {}
    for lock in sorted(LOCKS.glob("*.json")):
        for path, entry in json.loads(lock.read_text()).get("packages", {}).items():
            if not path or not entry.get("integrity"):
                continue
            name = entry.get("name") or path.rsplit("node_modules/", 1)[1]
            key = f"{name}@{entry['version']}"
            if key in packages:
                continue
            if name not in packuments:
                row = rows.get(f"make-fetch-happen:request-cache:https://registry.npmjs.org/{name.replace('/', '%2f')}")
                if row is None or not content(row["integrity"]).exists():
                    print("no packument", name, flush=True)
                    continue
                document = json.loads(content(row["integrity"]).read_text())
                packuments[name] = {
                    "integrity": row["integrity"], "size": row["size"], "tags": document["dist-tags"],
                    "versions": {v: m for v, m in document["versions"].items()},
                }
            manifest = packuments[name]["versions"].get(entry["version"])
            if manifest is None:
                print("no manifest", key, flush=True)
                continue
            archive = content(entry["integrity"])
            packages[key] = {
                "manifest": manifest, "lock": {k: v for k, v in entry.items() if k not in ("dev", "optional", "peer", "devOptional")},
                "size": archive.stat().st_size if archive.exists() else None,
                "files": archive_files(archive) if archive.exists() else None,
            }
    for document in packuments.values():
        document["versions"] = sorted(document["versions"])
    (WORK / "packages.json").write_text(json.dumps({"packuments": packuments, "packages": packages}))
    print(len(packuments), "names,", len(packages), "packages", flush=True)


main()
