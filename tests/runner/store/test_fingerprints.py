"""What lists show of how open models are, kept from one start to the next."""

from runner.store import Store, fingerprints
from runner.store.fingerprints import KeptFingerprint


def made(subject, letters="uu", made_of="1"):
    return KeptFingerprint(subject=subject, made_of=made_of, rules="r", letters=letters)


def test_the_latest_of_a_subject_is_kept_over_a_restart(tmp_path):
    path = tmp_path / "lightwell.db"
    with Store.open(path) as store:
        store.fingerprints.keep(made("file:/a")).result()
        store.fingerprints.keep(made("repository:o/r", "oo")).result()
        store.fingerprints.keep(made("file:/a", "oc", "2")).result()
    with Store.open(path) as store:
        every = store.fingerprints.every()
    assert every == {
        "file:/a": made("file:/a", "oc", "2"),
        "repository:o/r": made("repository:o/r", "oo"),
    }


def test_the_oldest_make_room(monkeypatch):
    monkeypatch.setattr(fingerprints, "MOST_KEPT", 2)
    with Store.in_memory() as store:
        for number in range(4):
            store.fingerprints._now = lambda number=number: float(number)
            store.fingerprints.keep(made(str(number))).result()
        assert set(store.fingerprints.every()) == {"2", "3"}
