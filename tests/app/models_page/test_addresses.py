"""What is typed or pasted into the search field, and what it is taken for."""

import pytest

from app.models_page.find.addresses import Kind, read

NAME = "Qwen/Qwen3-0.6B-GGUF"
FILE = "Qwen3-0.6B-Q8_0.gguf"


@pytest.mark.parametrize(
    "text",
    [
        NAME,
        f"  https://huggingface.co/{NAME}  ",
        f"huggingface.co/{NAME}/",
        f"http://www.huggingface.co/{NAME}?library=gguf#card",
        f"hf.co/{NAME}",
        f"lightwell://huggingface/{NAME}",
    ],
)
def test_a_repository_by_any_name(text: str) -> None:
    wish = read(text)
    assert (wish.kind, wish.repository, wish.file) == (Kind.REPOSITORY, NAME, "")


@pytest.mark.parametrize(
    ("text", "revision"),
    [
        (f"https://huggingface.co/{NAME}/blob/main/{FILE}", "main"),
        (f"https://huggingface.co/{NAME}/resolve/0123abc/{FILE}?download=true", "0123abc"),
        (f"hf://{NAME}/{FILE}", ""),
        (f"lightwell://huggingface/{NAME}?file={FILE}&revision=main", "main"),
        (f"{NAME}/{FILE}", ""),
    ],
)
def test_a_file_with_its_revision(text: str, revision: str) -> None:
    wish = read(text)
    assert (wish.kind, wish.repository) == (Kind.FILE, NAME)
    assert (wish.file, wish.revision) == (FILE, revision)


@pytest.mark.parametrize(
    "text",
    [
        "/home/anna/letters.gguf",
        "/owner/name",
        "~/models/letters.gguf",
        "~anna/letters.gguf",
        "./models/letters.gguf",
        "../models/letters.gguf",
        r"C:\models\letters.gguf",
        "C:/models/letters.gguf",
        r"\\server\share\letters.gguf",
        "models/letters.gguf",
        "Models/Letters.GGUF",
    ],
)
def test_a_place_on_this_computer_is_nothing_to_ask_the_hub_for(text: str) -> None:
    """A mistyped name of a file went out as an owner's and a repository's."""
    assert read(text).kind is Kind.FOREIGN


def test_a_quantisation_after_a_colon() -> None:
    assert read(f"{NAME}:Q8_0").quantisation == "Q8_0"
    assert read(f"https://hf.co/{NAME}:Q8_0").quantisation == "Q8_0"


@pytest.mark.parametrize("text", ["author:Qwen", "@Qwen", "https://huggingface.co/Qwen"])
def test_an_author(text: str) -> None:
    wish = read(text)
    assert (wish.kind, wish.author) == (Kind.AUTHOR, "Qwen")


@pytest.mark.parametrize(
    "text",
    [
        "https://huggingface.co.evil.example/Qwen/x",
        "https://evil.example/Qwen/x",
        "https://huggingface.co/datasets/a/b",
        "https://huggingface.co/a/b/resolve/main/../../c",
        "https://huggingface.co/a/b/resolve/main/c%00d",
        "lightwell://elsewhere/a/b",
        "lightwell://huggingface/",
        "lightwell://huggingface/a/b?file=../../c",
        "file:///etc/passwd",
        "https://[bad/a/b",
        "a/../b",
    ],
)
def test_what_is_nothing_of_the_hubs_is_told_apart(text: str) -> None:
    assert read(text).kind in {Kind.FOREIGN, Kind.NOTHING}


def test_words_are_words() -> None:
    assert read("small model for a laptop").kind is Kind.WORDS
    assert read("   ").kind is Kind.NOTHING
    assert read("tea/coffee machine").kind is Kind.WORDS


def test_a_mirror_stands_for_the_hub_only_where_it_is_set() -> None:
    link = f"https://hub.example.org/{NAME}"
    assert read(link).kind is Kind.FOREIGN
    assert read(link, frozenset({"hub.example.org"})).repository == NAME
