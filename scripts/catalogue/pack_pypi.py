#!/usr/bin/env python3
"""Makes static/catalog/pypi of what collect_pypi.py collected: `index.txt` (packages, versions, what they require) and one
file a package with the files of its wheels. The formats are described in src/packages/python/data.rs.

Use: pack_pypi.py WORK OUT
"""
import collections, configparser, json, pathlib, re, sys
from packaging.requirements import Requirement

WORK, OUT = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
MINORS = range(8, 15)


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement(text, known):
    """One requirement as the index has it, or none: what no Linux on x86-64 installs, what no extra of the data brings."""
    wanted = Requirement(text)
    if canonical(wanted.name) not in known:
        return None
    word = canonical(wanted.name) + (f"[{','.join(sorted(wanted.extras))}]" if wanted.extras else "") + str(wanted.specifier)
    if wanted.marker is None:
        return word
    extras = sorted(set(re.findall(r"""extra\s*==\s*['"]([^'"]+)['"]""", str(wanted.marker))))
    def holds(minor, extra):
        return wanted.marker.evaluate({
            "python_version": f"3.{minor}", "python_full_version": f"3.{minor}.9", "os_name": "posix", "sys_platform": "linux",
            "platform_system": "Linux", "platform_machine": "x86_64", "implementation_name": "cpython", "platform_release": "6.1",
            "platform_version": "1", "platform_python_implementation": "CPython", "implementation_version": f"3.{minor}.9", "extra": extra})
    rows = []
    for extra in extras or [""]:
        minors = [minor for minor in MINORS if holds(minor, extra)]
        if minors:
            rows.append(word + (f"+{canonical(extra)}" if extra else "") + ("" if len(minors) == len(MINORS) else "@" + ",".join(map(str, minors))))
    return rows or None


def files_of(wheel):
    """The files by directory: what is below site-packages as it is, `%` for the dist-info directory, `@bin`, `@data` and
    `@include` for what goes elsewhere."""
    folders = collections.defaultdict(list)
    for path, size, executable, *pyc in wheel["files"]:
        if path.startswith(wheel["info"] + "/"):
            path = "%" + path[len(wheel["info"]):]
            if path in ("%/RECORD", "%/RECORD.jws", "%/RECORD.p7s", "%/INSTALLER", "%/REQUESTED"):
                continue
        moved = re.match(r"[^/]+\.data/(purelib|platlib|scripts|data|headers)/(.*)", path)
        if moved:
            path = {"purelib": "", "platlib": "", "scripts": "@bin/", "data": "@data/", "headers": "@include/"}[moved[1]] + moved[2]
        folder, _, name = path.rpartition("/")
        row = [name, str(size)]
        if pyc and pyc[0] is not None and not path.startswith(("@data", "@include")):
            row.append(str(pyc[0]))
        if executable:
            row.append("x")
        folders[folder].append("\t".join(row))
    return folders


def scripts_of(wheel):
    parser = configparser.ConfigParser(delimiters=["="], strict=False)
    parser.optionxform = str
    try:
        parser.read_string(wheel["entry_points"])
    except configparser.Error:
        return []
    rows = []
    for section in ("console_scripts", "gui_scripts"):
        for name, value in (parser.items(section) if parser.has_section(section) else []):
            module, _, attribute = re.sub(r"\[.*\]", "", value).strip().partition(":")
            rows.append((name, module.strip(), attribute.strip()))
    return rows


def main():
    wheels = collections.defaultdict(list)
    for path in sorted((WORK / "wheels-json").glob("*.json")):
        wheel = json.loads(path.read_text())
        wheels[canonical(wheel["name"])].append(wheel)
    versions = json.loads((WORK / "versions.json").read_text()) if (WORK / "versions.json").exists() else {}
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.txt"):
        old.unlink()
    index = []
    for name, group in sorted(wheels.items()):
        index.append(name)
        text = []
        known = [v for v in versions.get(name, []) if re.fullmatch(r"[\d.]+(\.?post\d+)?", v)]
        text.append("\t".join(["k", *known]))
        for wheel in sorted(group, key=lambda w: w["version"]):
            tags = "-".join(wheel["file"][:-4].split("-")[-3:])
            requires = []
            for line in wheel["requires"]:
                got = requirement(line, wheels)
                requires += [got] if isinstance(got, str) else got or []
            index.append("\t".join(["", wheel["version"], str(wheel["size"]), tags, *requires]))
            text.append(f"v\t{wheel['version']}\t{wheel['info'][:-len('.dist-info')]}\t{wheel['file'].split('-')[0]}")
            text += ["\t".join(["e", *row]) for row in scripts_of(wheel)]
            for folder, rows in sorted(files_of(wheel).items()):
                text += [f"d\t{folder}", *sorted(rows)]
        (OUT / f"{name}.txt").write_text("\n".join(text) + "\n")
    (OUT / "index.txt").write_text("\n".join(index) + "\n")


main()
