"""Which file a command means, where it is named by a link."""

from app.cli.models import wanted_file
from app.model.files import card_file_of


def test_a_link_of_the_hubs_cache_keeps_its_name_and_its_card(tmp_path, monkeypatch):
    blobs, folder = tmp_path / "blobs", tmp_path / "snapshots" / "abc"
    blobs.mkdir()
    folder.mkdir(parents=True)
    for name, bytes_ in (("model.gguf", b"GGUF"), ("README.md", b"# A")):
        blob = blobs / f"hash of {name}"
        blob.write_bytes(bytes_)
        (folder / name).symlink_to(blob)
    monkeypatch.chdir(folder)
    found = wanted_file("../abc/model.gguf")
    assert found == folder / "model.gguf"
    assert card_file_of(found) == folder / "README.md"
