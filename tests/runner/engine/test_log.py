"""The library's log: whole lines, levels, nothing that could harm a terminal."""

from runner.engine.llama.log import LibraryLog

DEBUG, INFO, WARNING, ERROR, GOES_ON = 1, 2, 3, 4, 5


def listening() -> tuple[LibraryLog, list[tuple[str, str]]]:
    lines: list[tuple[str, str]] = []
    return LibraryLog(lambda level, line: lines.append((level, line))), lines


def test_bits_become_lines():
    log, lines = listening()
    log.heard(INFO, "one ")
    log.heard(GOES_ON, "line\ntwo")
    assert lines == [("info", "one line")]
    log.heard(INFO, "\n")
    assert lines == [("info", "one line"), ("info", "two")]


def test_debug_lines_and_rows_of_dots_are_dropped():
    log, lines = listening()
    log.heard(DEBUG, "a thousand of these\n")
    log.heard(GOES_ON, "and more\n")
    log.heard(INFO, "......\n")
    assert lines == []


def test_control_characters_are_taken_out():
    log, lines = listening()
    log.heard(ERROR, "red \x1b[31m and \u202ebackwards\x07\n")
    assert lines == [("error", "red  [31m and  backwards")]


def test_reasons_are_the_serious_lines_since_the_beginning():
    log, _ = listening()
    log.heard(ERROR, "old\n")
    log.begin()
    log.heard(INFO, "loading\n")
    log.heard(WARNING, "odd\n")
    log.heard(ERROR, "broken\n")
    assert log.reasons() == "odd\nbroken"
    assert "loading" in log.all_text()
