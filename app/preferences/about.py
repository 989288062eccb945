"""What this app is made of: versions as installed, licences as their packages state them."""

import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata

from app.words.translation import translate

PARTS = (
    "PySide6_Essentials",
    "llama_cpp_python",
    "gguf",
    "numpy",
    "msgspec",
    "Jinja2",
    "markdown-it-py",
    "Pygments",
    "platformdirs",
    "psutil",
    "license-expression",
    "huggingface_hub",
)


@dataclass(frozen=True, slots=True)
class AboutFact:
    """A line of the section."""

    label: str
    value: str
    source: str


def about_facts() -> list[AboutFact]:
    """Returns the app, the interpreter, and each library that is installed."""
    source = translate("About", "Source: the metadata of the installed package.")
    found = [_package(name, source) for name in PARTS]
    fonts = AboutFact(
        translate("About", "Typefaces"),
        "Inter 3.019, JetBrains Mono 2.242 · OFL-1.1",
        translate("About", "Source: what the font files state."),
    )
    return [
        _package("lightwell", source) or AboutFact("Lightwell", "0.1.0 · Apache-2.0", source),
        AboutFact(
            "Python", platform.python_version(), translate("About", "Source: the interpreter.")
        ),
        *(fact for fact in found if fact is not None),
        fonts,
    ]


def _package(name: str, source: str) -> AboutFact | None:
    try:
        facts = metadata(name)
    except PackageNotFoundError:
        return None
    stated = {key: facts[key] for key in facts}
    licence = stated.get("License-Expression") or _first_line(stated.get("License", ""))
    value = " · ".join(part for part in (stated["Version"], licence) if part)
    return AboutFact(stated["Name"], value, source)


def _first_line(text: str) -> str:
    """Some packages put a whole licence into the field; its first line names it."""
    line = text.strip().partition("\n")[0]
    return line if len(line) <= 60 else ""
