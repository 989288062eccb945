"""The release file of the Model Openness Framework (`MOF.JSON`): YAML or JSON, in and out.

The file is an inventory written by the release's authors. What it doesn't list is unknown here:
the format has no way to say that a component exists and isn't released.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from inspector.errors import InspectorError
from inspector.facts import Source, SourceKind, known, now
from inspector.findings.values import Availability, Finding, Findings, Link, Terms
from inspector.frameworks.licences import licences
from inspector.frameworks.shapes import Component, Framework

LARGEST = 512 * 1024
"""Bytes of the largest release file that is read; the public ones have a few thousand."""

_RELEASED = frozenset({Availability.PUBLIC, Availability.GATED})
_TYPES = ("distribution", "code", "data", "document")
_OF_RELEASE = frozenset({"name", "version", "date", "license", "producer", "components"})
_OF_ENTRY = frozenset({"name", "description", "license", "license_path", "component_path"})
# What people write into a licence cell to say that there is nothing.
_NOT_THERE = frozenset({"component not include", "component not included", "not included"})


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A component that a release lists.

    Attributes:
        license: None inherits the release's licence; empty means unlicensed and stops that.
        about: what else it says, as it says it.
    """

    name: str
    description: str = ""
    license: str | None = None
    license_path: str = ""
    component_path: str = ""
    about: Mapping[str, str] = {}


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """A release as its file describes it.

    Attributes:
        license: names of the licences of the whole release by content type or `distribution`.
        license_paths: where their texts lie.
        about: what else it says of itself, as it says it.
    """

    name: str
    producer: str = ""
    version: str = ""
    date: str = ""
    license: Mapping[str, str] = {}
    license_paths: Mapping[str, str] = {}
    components: tuple[Entry, ...] = ()
    about: Mapping[str, str] = {}

    def resolved(self, entry: Entry, content: str) -> str:
        """Returns the licence that holds for `entry`, or an empty text for none."""
        if entry.license is not None:
            return "" if entry.license == "unlicensed" else entry.license
        return self.license.get(content) or self.license.get("distribution") or ""


def read(text: str) -> Release:
    """Reads a release file, YAML or JSON.

    Raises:
        InspectorError: `openness.mof_unreadable`, or `openness.mof_shape` with what is wrong.
    """
    if len(text) > LARGEST:
        raise InspectorError("openness.mof_unreadable", "larger than a release file can be")
    try:
        raw = json.loads(text) if text.lstrip().startswith("{") else _from_yaml(text)
    except (ValueError, RecursionError) as error:
        raise InspectorError("openness.mof_unreadable", str(error)) from error
    return _release(raw)


def _from_yaml(text: str) -> object:
    # Late: the window imports this module for release files that it writes, and rarely any.
    from inspector.frameworks.text_yaml import load

    return load(text)


def looks_like_one(text: str) -> bool:
    """Whether the start of `text` has the two headings of a release file."""
    head = text[:4096]
    return "framework" in head and "release" in head and "\0" not in head


def _release(raw: Any) -> Release:
    release = raw.get("release") if isinstance(raw, dict) else None
    if not isinstance(release, dict):
        raise InspectorError("openness.mof_shape", "no `release` table")
    components = release.get("components") or []
    if not isinstance(components, list) or not all(isinstance(one, dict) for one in components):
        raise InspectorError("openness.mof_shape", "`components` isn't a list of tables")
    name = release.get("name")
    if not isinstance(name, str) or not name:
        raise InspectorError("openness.mof_shape", "the release has no name")
    licence = release.get("license")
    given = licence if isinstance(licence, dict) else {}
    tables = {kind: one for kind in _TYPES if isinstance(one := given.get(kind), dict)}
    names = {kind: said for kind, one in tables.items() if (said := _text(one, "name"))}
    paths = {kind: said for kind, one in tables.items() if (said := _text(one, "path"))}
    return Release(
        name=_clean(name),
        producer=_text(release, "producer"),
        version=_text(release, "version"),
        date=_text(release, "date"),
        license=names,
        license_paths=paths,
        components=tuple(map(_entry, components)),
        about=_others(release, _OF_RELEASE),
    )


def _entry(raw: Mapping[str, Any]) -> Entry:
    licence = raw.get("license")
    return Entry(
        name=_text(raw, "name"),
        description=_text(raw, "description"),
        license=None if licence is None else _clean(str(licence)),
        license_path=_text(raw, "license_path"),
        component_path=_text(raw, "component_path"),
        about=_others(raw, _OF_ENTRY),
    )


def _others(raw: Mapping[str, Any], taken: frozenset[str]) -> dict[str, str]:
    """Returns the texts that have no place of their own, to be written again as they were."""
    return {
        _clean(str(key)): text for key in raw if key not in taken and (text := _text(raw, str(key)))
    }


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    return "" if value is None or isinstance(value, dict | list) else _clean(str(value))


def _clean(untrusted_text: str) -> str:
    """Replaces lone surrogates, which no message and no file can carry."""
    return untrusted_text.encode("utf-8", "replace").decode()


def findings(release: Release, framework: Framework, document: str = "") -> Findings:
    """Returns what the inventory says of the parts of the stack, for the other frameworks."""
    by_name = {component.name: component for component in framework.component}
    read_at = now()
    found: dict[str, Finding] = {}
    for entry in release.components:
        component = by_name.get(entry.name)
        if component is None:
            continue
        licence = release.resolved(entry, component.type)
        absent = licence.lower() in _NOT_THERE
        source = Source(
            kind=SourceKind.REPOSITORY,
            document=document or release.name,
            where=f"release.components: {entry.name}",
            read_at=read_at,
        )
        for part in _filled(component, release):
            found[part] = Finding(
                part=part,
                availability=Availability.NOT_RELEASED if absent else Availability.PUBLIC,
                terms=Terms.UNKNOWN if absent else licences().terms(licence),
                licence="" if absent else licence,
                link=Link.DEVELOPER,
                facts=(known(entry.component_path or entry.name, source),),
                confidence="stated",
                date=release.date,
            )
    return Findings(release.name, found.values())


def _filled(component: Component, release: Release) -> tuple[str, ...]:
    """Returns the parts that an entry fills: final weights are base weights of a base model."""
    if component.name == "Model parameters (Final)":
        is_base = release.about.get("treatment", "") in {"", "pre-trained"}
        return ("base-weights",) if is_base else ("adapted-weights",)
    return component.parts[:2] if component.type == "document" else component.parts[:1]


def from_findings(
    found: Findings, framework: Framework, *, producer: str = "", about: Mapping[str, str] = {}
) -> Release:
    """Returns the inventory of what the findings show as released."""
    entries = []
    for component in framework.component:
        finding = found.get(*component.parts)
        if finding.availability not in _RELEASED:
            continue
        licence = licences().find(finding.licence).id if finding.licence else ""
        entries.append(
            Entry(
                name=component.name,
                description=component.describes,
                license=licence or "unlicensed",
                component_path=_address(finding),
            )
        )
    return Release(
        name=found.subject,
        producer=producer,
        date=now().date().isoformat(),
        components=tuple(entries),
        about=about,
    )


def _address(finding: Finding) -> str:
    texts = [fact.text for fact in finding.facts] + [
        source.document for fact in finding.facts for source in fact.sources
    ]
    return next((text for text in texts if text.startswith("https://")), "")


def written(release: Release, *, as_json: bool = False) -> str:
    """Returns the release file's text, in the order that the public tool writes."""
    about = dict(release.about)
    raw = {
        "framework": {"name": "Model Openness Framework", "version": "1.0", "date": "2024-12-15"},
        "release": {
            "name": release.name,
            "version": release.version,
            "date": release.date,
            "license": dict(_licences(release)),
            "type": about.pop("type", ""),
            "architecture": about.pop("architecture", ""),
            "origin": about.pop("origin", ""),
            "producer": release.producer,
            "contact": about.pop("contact", ""),
            **about,
            "components": [_raw(entry) for entry in release.components],
        },
    }
    if as_json:
        return json.dumps(raw, indent=2, ensure_ascii=False) + "\n"
    from inspector.frameworks.text_yaml import dumped

    return dumped(raw)


def _licences(release: Release) -> Iterator[tuple[str, dict[str, str]]]:
    for kind in _TYPES:
        name, path = release.license.get(kind, ""), release.license_paths.get(kind, "")
        if name or path:
            yield kind, {"name": name, "path": path}


def _raw(entry: Entry) -> dict[str, str]:
    raw = {"name": entry.name, "description": entry.description}
    if entry.license is not None:
        raw["license"] = entry.license
    for key in ("license_path", "component_path"):
        if value := getattr(entry, key):
            raw[key] = value
    return {**raw, **entry.about}
