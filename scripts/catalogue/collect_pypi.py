#!/usr/bin/env python3
"""Collects from PyPI, with pip itself, what the catalogue needs: for each line of pypi-roots.txt the wheels that pip
chooses, with all they depend on, and the versions that pip saw. Writes one JSON file a wheel to WORK/wheels-json and the
versions to WORK/versions.json; pack_pypi.py makes the catalogue's files of them.

Lacks packages without wheels (pip would have to build them) and wheels of more than LIMIT bytes.

Use: collect_pypi.py WORK [ROOT...]
"""
import csv, io, json, os, re, subprocess, sys, zipfile, hashlib, pathlib, marshal, importlib.util

WORK = pathlib.Path(sys.argv[1])
ROOTS = sys.argv[2:] or [line.strip() for line in open(pathlib.Path(__file__).with_name("pypi-roots.txt")) if line.strip() and line[0] != "#"]
SITE = "/usr/local/lib/python3.11/dist-packages"


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pyc_size(source, path):
    """The size of what pip's compileall leaves: 16 bytes of header and the marshalled code."""
    try:
        code = compile(importlib.util.decode_source(source) if b"\r" not in source else source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, UnicodeDecodeError, RecursionError):
        return None
    return 16 + len(marshal.dumps(code))


def read_wheel(path):
    archive = zipfile.ZipFile(path)
    names = archive.namelist()
    info = next(n.split("/")[0] for n in names if re.match(r"[^/]+\.dist-info/METADATA$", n))
    metadata = archive.read(info + "/METADATA").decode("utf-8", "replace")
    head = metadata.split("\n\n", 1)[0]
    field = lambda key: re.findall(rf"^{key}: (.*?)\r?$", head, re.M | re.I)
    entry = archive.read(info + "/entry_points.txt").decode() if info + "/entry_points.txt" in names else ""
    wheel = archive.read(info + "/WHEEL").decode()
    files = []
    for member in archive.infolist():
        if member.is_dir():
            continue
        mode = member.external_attr >> 16
        row = [member.filename, member.file_size, bool(mode & 0o111)]
        if member.filename.endswith(".py"):
            target = SITE + "/" + re.sub(r"^[^/]+\.data/(purelib|platlib)/", "", member.filename)
            row.append(pyc_size(archive.read(member), target))
        files.append(row)
    return {
        "file": path.name, "size": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "name": field("Name")[0], "version": field("Version")[0], "info": info,
        "requires": field("Requires-Dist"), "extras": field("Provides-Extra"), "python": field("Requires-Python"),
        "tags": re.findall(r"^Tag: (.*?)\r?$", wheel, re.M), "purelib": "Root-Is-Purelib: true" in wheel,
        "entry_points": entry, "files": files,
        "record": len(archive.read(info + "/RECORD")),
    }


def main():
    wheels, out, logs = WORK / "wheels", WORK / "wheels-json", WORK / "logs"
    for folder in (wheels, out, logs):
        folder.mkdir(parents=True, exist_ok=True)
    env = {k: v for k, v in os.environ.items() if k != "PIP_FIND_LINKS"}
    for root in ROOTS:
        log = logs / (re.sub(r"[^\w.]+", "_", root) + ".log")
        if log.exists():
            continue
        command = ["python3.11", "-m", "pip", "-vv", "download", "--only-binary=:all:", "--progress-bar=off", "-d", wheels, "--find-links", wheels, root]
        with open(str(log) + ".part", "w") as file:
            try:
                status = subprocess.run(command, stdout=file, stderr=subprocess.STDOUT, env=env, timeout=600).returncode
            except subprocess.TimeoutExpired:
                status = 124
        print(root, status, flush=True)
        os.rename(str(log) + ".part", log)
        for wheel in wheels.glob("*.whl"):
            target = out / (wheel.name + ".json")
            if not target.exists():
                try:
                    target.write_text(json.dumps(read_wheel(wheel)))
                except Exception as error:  # one bad wheel must not end a run of an hour
                    print("cannot read", wheel, error, flush=True)
    versions = {}
    for log in logs.glob("*.log"):
        for line in open(log, errors="replace"):
            found = re.search(r"Found link \S*/([^/#]+\.(?:whl|tar\.gz|zip))\S* .*version: (\S+)", line)
            if found:
                name = re.split(r"-\d", found.group(1))[0]
                versions.setdefault(canonical(name), set()).add(found.group(2))
    (WORK / "versions.json").write_text(json.dumps({k: sorted(v) for k, v in sorted(versions.items())}))


main()
