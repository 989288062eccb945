"""What lies beside a file and what the store knows of it reach the rules; cards stay as they were kept."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app.dossier.claims import claims_of, known_beside, parents_here, readable_for
from app.reader.claims import claims
from inspector.claims.inputs import Beside, ListedFile
from inspector.claims.values import ClaimReport, Verdict
from inspector.gguf.digests import digests
from inspector.gguf.model import GgufModel
from runner.library.library import Library
from runner.protocol.courier import RemoteFile, Repository
from runner.protocol.engine import Sampling
from runner.store import Store
from runner.store.papers import CARD, LISTING, SAID
from runner.store.sources import Source
from runner.store.values import Counts, Recipe, TurnState
from tests.inspector.claims.made import TEMPLATE, model_file
from tests.inspector.gguf.test_model import write_set

COMMIT = "c" * 40
APACHE = (Path(__file__).parents[3] / "LICENSE").read_text()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data" / "lightwell.db") as opened:
        yield opened


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return model_file(
        folder, template=TEMPLATE, llama__context_length=4096, general__license="apache-2.0"
    )


def looked(store: Store, path: Path) -> ClaimReport:
    beside = known_beside(store, Library(store), path)
    with GgufModel.open(path) as opened:
        return claims(opened, claims_of(path, beside))


def downloaded(store: Store, path: Path, sha256: str) -> None:
    file = Library(store).open(path).result()
    store.files.record_digests(file, sha256=sha256, weights_digest="d" * 64).result()
    source = Source(
        repository="me/mine", revision="main", commit=COMMIT, path=path.name, sha256=sha256
    )
    store.sources.keep(file.id, source).result()


def test_what_was_kept_at_the_download_is_compared(store: Store, model: Path) -> None:
    sha256 = "a" * 64
    downloaded(store, model, sha256)
    size = model.stat().st_size
    listing = [RemoteFile(path=model.name, size=size, blob="b", sha256=sha256)]
    said = Repository(
        repository="me/mine",
        commit=COMMIT,
        created="2024-05-01T10:00:00.000Z",
        changed="2024-05-20T10:00:00.000Z",
        base_models=("meta-llama/Llama-3.2-1B",),
    )
    base = Repository(repository="meta-llama/Llama-3.2-1B", commit=COMMIT, licence="llama3.2")
    for repository, name, text in (
        ("me/mine", CARD, "---\nlicense: apache-2.0\n---\n# a\nA context length of 128k tokens.\n"),
        ("me/mine", "LICENSE", APACHE),
        ("me/mine", "USE_POLICY.md", "Be kind."),
        ("me/mine", LISTING, msgspec.json.encode(listing).decode()),
        ("me/mine", SAID, msgspec.json.encode(said).decode()),
        ("meta-llama/Llama-3.2-1B", SAID, msgspec.json.encode(base).decode()),
    ):
        store.papers.keep(repository, COMMIT, name, text).result()
    found = {one.id: one for one in looked(store, model).claims}
    assert found["HASH/listing"].verdict is Verdict.AGREES
    assert found["BPW/listing"].verdict is Verdict.AGREES
    assert found["CTX"].verdict is Verdict.DIFFERS
    assert (found["CTX"].passages[0].line, found["CTX"].passages[0].revision) == (5, COMMIT)
    assert found["LIC-TXT"].verdict is Verdict.AGREES
    assert (found["STALE"].reason, found["STALE"].context["days"]) == ("within", 19)
    assert (found["AUP"].verdict, found["AUP"].reason) == (Verdict.STATED, "copy_alone")
    base_claim = found["LIC-BASE/meta-llama/Llama-3.2-1B"]
    assert (base_claim.verdict, base_claim.context["theirs"]) == (
        Verdict.DIFFERS,
        "Llama 3.2 Community License",
    )
    assert base_claim.evidence[0].sources[0].revision == COMMIT
    # A card that lies beside the file goes before the kept one.
    model.with_name("README.md").write_text("# a\nA context length of 4096 tokens.\n")
    again = {one.id: one for one in looked(store, model).claims}
    assert again["CTX"].verdict is Verdict.AGREES


def test_the_base_models_template_is_compared_where_it_was_kept(store: Store, model: Path) -> None:
    downloaded(store, model, "a" * 64)
    said = Repository(repository="me/mine", commit=COMMIT, base_models=("you/yours",))
    store.papers.keep("me/mine", COMMIT, SAID, msgspec.json.encode(said).decode()).result()
    theirs = json.dumps({"chat_template": TEMPLATE.replace("assistant", "helper")})
    store.papers.keep("you/yours", COMMIT, "tokenizer_config.json", theirs).result()
    (found,) = looked(store, model).of("TMPL-HUB")
    assert (found.verdict, found.text) == (Verdict.DIFFERS, "you/yours/tokenizer_config.json")
    store.papers.keep("you/yours", COMMIT, "chat_template.jinja", TEMPLATE).result()
    (found,) = looked(store, model).of("TMPL-HUB")
    assert found.verdict is Verdict.AGREES


def test_broken_papers_are_left_alone(store: Store, model: Path) -> None:
    downloaded(store, model, "a" * 64)
    for name in (LISTING, SAID):
        store.papers.keep("me/mine", COMMIT, name, "{").result()
    found = {one.id: one for one in looked(store, model).claims}
    assert found["HASH"].verdict is Verdict.UNKNOWN


def test_the_same_weights_under_another_name_are_found(store: Store, model: Path) -> None:
    downloaded(store, model, "a" * 64)
    copy = model.with_name("renamed.gguf")
    shutil.copy(model, copy)
    file = Library(store).open(copy).result()
    store.files.record_digests(file, weights_digest="d" * 64).result()
    (found,) = looked(store, copy).of("DIGEST")
    assert (found.verdict, found.text) == (Verdict.DIFFERS, model.name)


def test_runs_of_the_file_are_evidence(store: Store, model: Path) -> None:
    with GgufModel.open(model) as opened:
        digest = claims(opened, claims_of(model)).of("TMPL-USED")[0]
        assert digest.verdict is Verdict.UNKNOWN
    import hashlib

    recipe = Recipe(
        file_name=model.name,
        file_size=model.stat().st_size,
        file_sha256="a" * 64,
        engine_build={"engine": "1"},
        template="file",
        template_sha256=hashlib.sha256(TEMPLATE.encode()).hexdigest(),
        sampling=Sampling(),
        splits=(4,),
        seed=3,
    )
    chat = store.chats.create().result()
    turn = store.chats.ask(chat.id, None, "a?", recipe=recipe).result()
    for answer in (turn, store.chats.answer_again(turn.id, recipe=recipe).result()):
        counts = Counts(tokens=20, decode_tps=12.5)
        store.chats.finish(
            answer.id, "b", TurnState.DONE, "end", recipe=recipe, counts=counts, tokens=[1, 2, 3]
        ).result()
    found = {one.id: one for one in looked(store, model).claims}
    assert found["TMPL-USED"].verdict is Verdict.AGREES
    assert found["SEEDREC"].verdict is Verdict.AGREES
    assert found["SPEED"].context["rate"] == "12.5"


def test_the_publishers_template_and_policy_beside_the_file(store: Store, model: Path) -> None:
    model.with_name("chat_template.jinja").write_text(TEMPLATE + "\n")
    model.with_name("USE_POLICY.md").write_text("Be kind.")
    asked = claims_of(model, Beside())
    assert model.with_name("chat_template.jinja") in readable_for(model)
    assert asked.beside.policies == ("USE_POLICY.md",)
    (found,) = looked(store, model).of("TMPL-HUB")
    assert found.verdict is Verdict.AGREES


def test_the_file_of_a_declared_parent_is_found_by_its_name(store: Store, tmp_path: Path) -> None:
    library = Library(store)
    for folder in ("a", "b/maker/otter-GGUF", "c"):
        (tmp_path / folder).mkdir(parents=True)
    own = model_file(tmp_path / "a", "tuned-Q4_K_M.gguf", llama__block_count=2)
    (own.parent / "README.md").write_text(
        "---\nbase_model: maker/Otter\nbase_model_relation: finetune\n---\n# Tuned\n"
    )
    parent = model_file(tmp_path / "b/maker/otter-GGUF", "x.gguf", llama__block_count=3)
    other = model_file(tmp_path / "c", "heron.gguf")
    for path in (own, parent, other):
        library.open(path).result()
    first = looked(store, own)

    assert parents_here(first, library, own) == (parent,)
    beside = msgspec.structs.replace(known_beside(store, library, own), parent_files=(str(parent),))
    with GgufModel.open(own) as opened:
        again = claims(opened, claims_of(own, beside))
    (claim,) = [one for one in again.of("PARENT") if one.id == "PARENT/file x.gguf"]
    assert claim.verdict is Verdict.DIFFERS
    parent.unlink()
    assert parents_here(first, library, own) == ()


def test_a_set_of_files_is_compared_by_all_its_parts_until_one_changes(
    store: Store, tmp_path: Path
) -> None:
    first = write_set(tmp_path)
    library = Library(store)
    looks = library.sets.looks(first)
    with GgufModel.open(first) as opened:
        whole = digests(opened)
    assert library.sets.keep(first, looks, whole.files, whole.weights)
    beside = known_beside(store, library, tmp_path / "m-00002-of-00003.gguf")
    assert beside.weights_digest == whole.weights
    listing = tuple(
        ListedFile(path=name, sha256=sha256 if at else "0" * 64)
        for at, (name, sha256) in enumerate(beside.parts.items())
    )
    with GgufModel.open(first) as opened:
        asked = claims_of(first, msgspec.structs.replace(beside, listing=listing))
        told = claims(opened, asked).of("HASH")
    assert [one.verdict for one in told] == [Verdict.DIFFERS, Verdict.AGREES, Verdict.AGREES]

    later = tmp_path / "m-00003-of-00003.gguf"
    later.write_bytes(later.read_bytes() + b"more")
    assert library.sets.of(first) is None, "no part may change and leave the set's fingerprint"
    assert not library.sets.keep(first, looks, whole.files, whole.weights)
    assert not known_beside(store, library, first).parts


def of_papers(folder: Path, card: str, **texts: str) -> dict[str, tuple[Verdict, str]]:
    """Returns the rules' answers on the licences of a file whose header names none."""
    path = model_file(folder, general__name="Zebrafish")
    for name, text in {**texts, "README.md": card}.items():
        (folder / name).write_text(text)
    with GgufModel.open(path) as opened:
        said = claims(opened, claims_of(path, Beside()))
    return {one.rule: (one.verdict, one.reason) for one in said.claims}


def test_a_cards_label_is_not_the_silent_headers_too(tmp_path: Path) -> None:
    told = of_papers(tmp_path, "---\nlicense: llama3.2\n---\n# Zebrafish\n\nA fish.\n")
    assert told["LIC-HDR"] == (Verdict.STATED, "card_only")


def test_a_label_that_we_do_not_know_is_still_stated(tmp_path: Path) -> None:
    card = "---\nlicense: other\nlicense_name: zebra-1\n---\n# Zebrafish\n\nA fish.\n"
    told = of_papers(tmp_path, card)
    assert told["LIC-HDR"] == (Verdict.STATED, "card_only")
    assert told["LIC-USE"] == (Verdict.CANNOT, "not_assessed")


def test_a_changed_text_does_not_simply_agree_with_its_label(tmp_path: Path) -> None:
    text = APACHE.replace("irrevocable", "at any time on a rainy Tuesday fully revocable")
    told = of_papers(
        tmp_path, "---\nlicense: apache-2.0\n---\n# Zebrafish\n\nA fish.\n", LICENSE=text
    )
    assert told["LIC-TXT"] == (Verdict.AGREES_IN_PART, "text_changed")
