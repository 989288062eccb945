"""What the window's process may hold: no network library of Qt's, and a short start."""

import compileall
import subprocess
import sys
from pathlib import Path

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
    late |= {
        "hashlib",
        "html",
        "app.chat.turns.transcript",
        "app.chat.composer.options_panel",
        "app.chat.turns.answer",
    }
    late |= {"runner.store.backup", "runner.store.search", "app.window.model_picker"}
    late |= {"app.markdown.splitter", "runner.store.importing", "csv", "dataclasses"}
    assert not set(done.stdout.split()) & late


def test_the_porter_imports_nothing_before_it_has_started_a_front_end() -> None:
    code = "import sys, app.main; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    late = {"socket", "signal", "dataclasses", "pathlib", "typing", "enum", "app.processes"}
    assert not set(done.stdout.split()) & late


def test_no_import_reads_the_source_of_what_is_compiled(tmp_path: Path) -> None:
    (tmp_path / "some_module.py").write_text("VALUE = 1\n")
    assert compileall.compile_dir(tmp_path, quiet=1)
    code = (
        "import sys\n"
        "from app.quick_imports import import_qt; import_qt()\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        "sys.addaudithook(lambda event, given: event == 'open' and print(given[0]))\n"
        "import some_module\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    opened = [Path(path).suffix for path in done.stdout.split() if "some_module" in path]
    assert opened == [".pyc"]


def test_nothing_heavy_is_imported_before_the_seal() -> None:
    code = "import sys, app.window_process; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert not {m for m in done.stdout.split() if m.partition(".")[0] in {"PySide6", "numpy"}}
