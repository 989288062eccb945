"""What the window's process may hold: no network library of Qt's, and a short start."""

import subprocess
import sys

FORBIDDEN = (
    "PySide6.QtNetwork",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "llama_cpp",
    "huggingface_hub",
)


def test_the_window_imports_nothing_that_could_reach_a_network() -> None:
    code = "import sys, app.window.application; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    modules = set(done.stdout.split())
    assert "app.window.main_window" in modules
    assert not modules & set(FORBIDDEN)


def test_a_start_imports_nothing_that_it_does_not_show() -> None:
    code = "import sys, app.window.application, app.chat.chat_page; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    late = {"markdown_it", "psutil", "pygments", "numpy", "inspector.inspection", "app.tabs.look"}
    late |= {"hashlib", "html", "app.chat.transcript", "app.chat.options_panel", "app.chat.answer"}
    late |= {"runner.store.backup", "runner.store.search", "app.window.model_picker"}
    assert not set(done.stdout.split()) & late


def test_the_porter_imports_nothing_before_it_has_started_a_front_end() -> None:
    code = "import sys, app.main; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    late = {"socket", "signal", "dataclasses", "pathlib", "typing", "enum", "app.processes"}
    assert not set(done.stdout.split()) & late


def test_patterns_that_are_compiled_later_still_match() -> None:
    code = (
        "from app.quick_imports import import_qt; import_qt()\n"
        "from PySide6.QtCore import QTimer, QObject\n"
        "from shibokensupport.signature import get_signature\n"
        "print(get_signature(QObject.setObjectName))\n"
        "QTimer().setInterval('soon')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert "name" in done.stdout
    assert "TypeError" in done.stderr
    assert "supported signatures" in done.stderr.lower()


def test_nothing_heavy_is_imported_before_the_seal() -> None:
    code = "import sys, app.window_process; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert not {m for m in done.stdout.split() if m.partition(".")[0] in {"PySide6", "numpy"}}
