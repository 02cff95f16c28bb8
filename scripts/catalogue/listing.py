"""Writes listings (src/catalog/listing.rs describes the format)."""
import json


def escape(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def entries(items, texts=(), digests=False):
    """Lines of a layer. An item: path, kind, mode, owner `uid:gid`, and size with or without sha256, link, or device."""
    lines, last = [], ("", "", "")
    for item in items:
        path, kind = item["path"], item["kind"]
        if kind == "whiteout":
            lines.append(f"w\t{escape(path)}")
            continue
        now = (f"{item.get('mode', 0o777):o}", item.get("owner", "0:0"), "0")
        meta = "\t".join("" if one == before else one for one, before in zip(now, last))
        last = now
        letter, rest = {"dir": ("d", ""), "symlink": ("l", item.get("link")), "hardlink": ("h", item.get("link"))}.get(kind, ("", ""))
        if kind == "file":
            if path in texts:
                letter, rest = "t", texts[path]
            elif digests and item.get("sha256"):
                letter, rest = "f", None
                line = f"{item['size']}\t{item['sha256']}"
            else:
                letter, rest = "u", None
                line = str(item["size"])
        if kind == "other":
            letter, rest = "c", None
            line = item["device"]
        if rest is None:
            lines.append(f"{letter}\t{meta}\t{escape(path)}\t{line}")
        elif letter == "d":
            lines.append(f"d\t{meta}\t{escape(path)}")
        else:
            lines.append(f"{letter}\t{meta}\t{escape(path)}\t{escape(rest)}")
    return lines


def config(facts):
    """The config document of an image, as far as its facts go."""
    own = facts["config"]
    out = {"Env": own.get("env") or None, "Cmd": own.get("cmd"), "Entrypoint": own.get("entrypoint")}
    if own.get("exposed_ports"):
        out["ExposedPorts"] = {port: {} for port in own["exposed_ports"]}
    if own.get("volumes"):
        out["Volumes"] = {path: {} for path in own["volumes"]}
    for name, key in [("WorkingDir", "workdir"), ("User", "user"), ("StopSignal", "stopsignal"), ("Labels", "labels"), ("OnBuild", "onbuild")]:
        if own.get(key):
            out[name] = own[key]
    history = []
    for row in facts["history"]:
        entry = {"created": facts["as_of"], "created_by": row["created_by"]}
        if row.get("empty"):
            entry["empty_layer"] = True
        history.append(entry)
    document = {
        "architecture": "amd64",
        "os": "linux",
        "config": {key: value for key, value in out.items() if value is not None},
        "created": facts["as_of"],
        "history": history,
        "rootfs": {"type": "layers", "diff_ids": []},
    }
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
