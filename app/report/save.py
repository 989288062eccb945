"""Writes a report: the page and the file, each whole or not at all. Knows no Qt."""

from pathlib import Path

from app.report.page import page
from inspector.report.file import PageMade, digest_of, written
from inspector.report.values import Content
from runner.errors import RunnerError
from runner.store.files_written import write_whole

JSON, HTML = "report.json", "report.html"


def save(content: Content, folder: Path) -> tuple[Path, Path]:
    """Writes both files into a folder, which is made where it isn't there; returns file and page.

    Raises:
        RunnerError: `report.not_written` or a code of `files`; what was there before stays.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunnerError("report.not_written", str(error), folder=str(folder)) from error
    drawn = page(content, digest_of(written(content)), JSON).encode()
    raw = written(content, PageMade.of(drawn))
    file, sheet = folder / JSON, folder / HTML
    # Others are meant to read them, as any document that a person saves.
    write_whole(file, raw, mode=0o644)
    write_whole(sheet, drawn, mode=0o644)
    return file, sheet


def new_folder(folder: Path, stem: str) -> Path:
    """Returns a folder for a report that isn't there yet, so that an older one stays."""
    name = f"{stem}-report"
    found, number = folder / name, 1
    while found.exists():
        number += 1
        found = folder / f"{name}-{number}"
    return found
