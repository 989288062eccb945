"""Whether the page beside a report is the one that this report makes; the page is what people read."""

import shutil
import time

import msgspec
import pytest

from app.cli.check import PageSeen, exit_code, page_file
from app.report.again import PageIs, page_is
from app.report.maker import maker
from app.report.page import page
from app.report.save import HTML, JSON, save
from inspector.report.compare import Recheck
from inspector.report.file import PageMade, digest_of, read_report, written
from tests.app.report.test_page import chosen
from tests.support import reports

NONE = Recheck(checked=())


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    (folder / "README.md").write_text(reports.CARD)
    return reports.content(reports.model(folder), chosen())


@pytest.fixture
def saved(content, tmp_path):
    file, sheet = save(content, tmp_path)
    return read_report(file.read_bytes(), file.name), sheet.read_bytes()


def forged(raw: bytes) -> bytes:
    changed = raw.replace(b"not released", b"partly public", 1)
    assert changed != raw
    return changed


def test_a_page_is_known_as_its_reports_wherever_the_clock_stands(saved, monkeypatch):
    read, raw = saved
    assert page_is(read, raw) is PageIs.SAME
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    try:
        assert page(read.content, read.stated).encode() != raw, "times are those of a place"
        assert page_is(read, raw) is PageIs.SAME
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_page_of_a_report_that_was_changed_since_is_told_as_that(content, tmp_path):
    file, sheet = save(content, tmp_path)
    changed = file.read_bytes().replace(b'"Tiny"', b'"Tidy"')
    assert changed != file.read_bytes()
    assert page_is(read_report(changed, JSON), sheet.read_bytes()) is PageIs.BEFORE


def test_a_verdict_changed_on_the_page_is_noticed(saved):
    read, raw = saved
    assert page_is(read, forged(raw)) is PageIs.OTHER


def test_a_forger_who_makes_the_pages_digest_anew_is_noticed_by_the_same_app(content, saved):
    _, raw = saved
    false = forged(raw)
    again = read_report(written(content, PageMade.of(false)), JSON)
    assert again.is_unchanged
    assert page_is(again, false) is PageIs.OTHER
    bare = read_report(written(content), JSON)
    assert page_is(bare, false) is PageIs.OTHER, "nor does it help to leave it out"


@pytest.mark.parametrize(
    "added",
    [b"1 open_source_and_nothing_was_found 2026, 12:30", b"1 January 2026, 12:30"],
)
def test_nothing_is_added_to_a_page_as_a_time(content, saved, added):
    _, raw = saved
    more = raw.replace(b"</h1>", added + b"</h1>", 1)
    again = read_report(written(content, PageMade.of(more)), JSON)
    assert page_is(again, more) is PageIs.OTHER


def test_what_another_version_made_is_compared_by_its_digest(content, saved):
    _, raw = saved
    later = msgspec.structs.replace(content, page_by="ab" * 32)
    digest = digest_of(written(later))
    drawn = page(later, digest).replace("Found", "Seen").encode()
    read = read_report(written(later, PageMade.of(drawn)), JSON)
    assert page_is(read, drawn) is PageIs.FITS
    assert page_is(read, forged(drawn)) is PageIs.OTHER
    old = read_report(written(later), JSON)
    assert page_is(old, drawn) is PageIs.NOT_COMPARED, "it has no digest of its page"
    assert page_is(old, raw) is PageIs.OTHER, "it bears another report's digest"


def test_a_report_of_before_is_still_read_and_its_page_is_not_called_false(content):
    """Nothing in it says who made its page; a page that can be made again is known all the same."""
    old = msgspec.structs.replace(content, page_by="")
    read = read_report(written(old), JSON)
    drawn = page(old, read.stated).encode()
    assert page_is(read, drawn) is PageIs.SAME
    assert page_is(read, drawn.replace(b"Found", b"Seen")) is PageIs.NOT_COMPARED


def test_what_no_page_can_be_made_of_is_not_called_false(content):
    odd = msgspec.structs.replace(content, files=(), page_by="")
    read = read_report(written(odd), JSON)
    assert page_is(read, read.stated.encode()) is PageIs.NOT_COMPARED


def test_a_page_that_is_not_the_reports_ends_as_a_changed_report(saved):
    read, _ = saved
    ends = {one: exit_code(read, NONE, PageSeen(HTML, one)) for one in PageIs}
    assert ends == {one: 4 if one is PageIs.OTHER else 0 for one in PageIs}
    assert exit_code(read, NONE) == 0, "no page lies here"


def test_the_page_is_looked_for_beside_the_report_or_is_the_one_named(tmp_path, content):
    file, sheet = save(content, tmp_path)
    for named in (tmp_path, file, sheet):
        assert page_file(str(named)) == sheet
    other = tmp_path / "mine.html"
    shutil.copy(sheet, other)
    assert page_file(str(other)) == other
    sheet.unlink()
    assert page_file(str(file)) is None


def test_what_makes_pages_has_one_digest():
    assert len(maker()) == 64
