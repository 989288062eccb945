import shutil
from pathlib import Path

import gguf
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import resources
from inspector.cards.read import card_from_bytes
from inspector.facts import SourceKind
from inspector.gguf.model import GgufModel
from inspector.lineage import names
from inspector.lineage.graph import END, lineage
from inspector.lineage.subject import NAMES_FILE_ONLY, NOT_NAMED, NOT_OF_IT
from inspector.lineage.values import Place, Relation

HUB = "https://huggingface.co"


@pytest.fixture
def model(tmp_path):
    """Makes a model file with given header values, and opens it."""
    opened = []

    def make(arch="llama", file_type=15, **values):
        path = tmp_path / f"model-{len(opened)}.gguf"
        writer = gguf.GGUFWriter(path, arch)
        writer.add_file_type(file_type)
        for key, value in values.items():
            key = key.replace("__", ".")
            if isinstance(value, int):
                writer.add_uint32(key, value)
            elif isinstance(value, list):
                writer.add_array(key, value)
            else:
                writer.add_string(key, value)
        writer.add_tensor("token_embd.weight", np.zeros((1000, 1000), np.float32))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        opened.append(GgufModel.open(path))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def card(front):
    return card_from_bytes(f"---\n{front}\n---\n# a\n".encode(), "README.md")


def base(number, **fields):
    return {f"general__base_model__{number}__{key}": value for key, value in fields.items()}


def codes(doubts):
    return {one.code for one in doubts}


def parents(graph):
    return [(link.relation, graph.node(link.parent)) for link in graph.links if link.child == END]


def test_the_starter_model_says_who_and_not_of_what(starter_model):
    with GgufModel.open(starter_model) as opened:
        graph = lineage(opened)

    (end,) = graph.at(Place.END_MODEL)
    assert end.facts["organisation"].text == "HuggingFaceTB"
    assert end.facts["licence"].source.where == "general.license"
    assert end.name.source.kind is SourceKind.HEADER
    (quantiser,) = graph.at(Place.QUANTISER)
    assert quantiser.name.settle == "settle.quantised_by"
    (base_model,) = graph.at(Place.BASE_MODEL)
    assert not base_model.name.is_known
    assert [link.stated for link in graph.links] == [False, True, False]
    assert graph.links[0].relation is Relation.QUANTISED
    assert "lineage.no_commit" in codes(graph.links[1].doubts)


def test_a_fine_tune_has_its_parent_from_the_converters_keys(model):
    graph = lineage(
        model(
            general__name="Qwen2.5 Coder 1M Instruct",
            general__finetune="Instruct",
            general__base_model__count=1,
            **base(0, name="Qwen2.5 Coder 1M", organization="Qwen", repo_url=f"{HUB}/Qwen/Qwen2.5-Coder-1M"),
            general__dataset__count=1,
            general__dataset__0__repo_url=f"{HUB}/datasets/a/b",
            general__dataset__0__name="B",
        )
    )  # fmt: skip

    ((relation, parent),) = parents(graph)
    assert relation is Relation.FINETUNED
    assert parent.repository == "Qwen/Qwen2.5-Coder-1M"
    assert parent.facts["organisation"].text == "Qwen"
    link = graph.links[-1]
    assert {one.where for one in link.sources} >= {"general.base_model.0.repo_url"}
    assert "lineage.copied" in codes(link.doubts)
    assert [fact.text for fact in graph.datasets] == ["B"]


def test_a_merge_has_several_parents(model):
    graph = lineage(
        model(
            general__name="Blend",
            general__tags=["merge", "mergekit"],
            general__base_model__count=2,
            **base(0, name="One", repo_url=f"{HUB}/a/one"),
            **base(1, name="Two", repo_url=f"{HUB}/b/two"),
        )
    )

    assert [(relation, node.repository) for relation, node in parents(graph)] == [
        (Relation.MERGED, "a/one"),
        (Relation.MERGED, "b/two"),
    ]


def test_the_specs_list_of_datasets_and_older_keys_are_read(model):
    graph = lineage(
        model(
            general__datasets=["a/b", "c/d"],
            general__source__url="https://huggingface.co/org/thing",
            general__source__huggingface__repository="org/thing",
        )
    )

    assert [fact.text for fact in graph.datasets] == ["a/b", "c/d"]
    (end,) = graph.at(Place.END_MODEL)
    assert (end.repository, end.name.text) == ("org/thing", "org/thing")


def test_a_quantisers_card_names_the_end_model_and_not_a_base(model):
    graph = lineage(
        model(
            general__name="Small 1M Instruct",
            general__quantized_by="somebody",
            general__base_model__count=1,
            **base(0, name="Small 1M Instruct", repo_url=f"{HUB}/org/Small-1M-Instruct"),
        ),
        card("base_model: org/Small-1M-Instruct\nbase_model_relation: quantized"),
    )

    (end,) = graph.at(Place.END_MODEL)
    assert end.repository == "org/Small-1M-Instruct"
    assert "lineage.end_as_base" in codes(graph.doubts)
    assert [node.name.is_known for _, node in parents(graph)] == [False]
    assert graph.at(Place.QUANTISER)[0].name.text == "somebody"
    assert {one.kind for one in graph.links[1].sources} == {
        SourceKind.HEADER,
        SourceKind.FRONT_MATTER,
    }


def test_a_relation_that_nobody_states_is_a_doubt(model):
    graph = lineage(model(general__name="X"), card("base_model: org/X\ntags: [gguf]"))

    assert "lineage.relation_guessed" in codes(graph.links[1].doubts)
    assert graph.at(Place.END_MODEL)[0].repository == "org/X"


def test_what_a_name_contradicts_was_not_what_was_quantised(model):
    """The file has a million numbers; a card that names a parent of a billion tells of no quantising."""
    front = "base_model: org/Thing-1B\ntags: [gguf]"
    graph = lineage(model(general__name="Small"), card(front))
    ((_, base_model),) = parents(graph)
    assert base_model.repository == "org/Thing-1B"
    assert not graph.at(Place.END_MODEL)[0].repository

    stated = base(0, name="Tiny 1M", repo_url=f"{HUB}/a/Tiny-1M")
    graph = lineage(
        model(general__name="Small", general__base_model__count=1, **stated), card(front)
    )
    assert codes(graph.doubts) - NOT_OF_IT == {"lineage.parents_differ"}
    # Two places that contradict each other are no merge.
    assert {relation for relation, _ in parents(graph)} == {Relation.UNKNOWN}


def test_a_card_and_a_header_that_differ_are_both_kept(model):
    graph = lineage(
        model(general__base_model__count=1, **base(0, name="One", repo_url=f"{HUB}/a/one")),
        card("base_model: [b/two]\nbase_model_relation: finetune"),
    )

    assert {node.repository for _, node in parents(graph)} == {"a/one", "b/two"}
    (doubt,) = graph.doubts
    assert (doubt.code, doubt.context) == (
        "lineage.parents_differ",
        {"header": "a/one", "card": "b/two"},
    )


def test_a_card_and_a_header_that_agree_are_one_link_with_two_sources(model):
    graph = lineage(
        model(general__base_model__count=1, **base(0, name="One", repo_url=f"{HUB}/a/one")),
        card("base_model: a/one\nbase_model_relation: finetune"),
    )

    assert len(parents(graph)) == 1
    assert graph.doubts == ()
    assert {one.document for one in graph.links[-1].sources} == {"model-0.gguf", "README.md"}
    assert "lineage.copied" not in codes(graph.links[-1].doubts)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"general__name": "Thing 7B"}, "lineage.size_differs"),
        ({"general__name": "Qwen3 1M"}, "lineage.architecture_differs"),
        ({"general__name": "A", "general__repo_url": f"{HUB}/unsloth"}, "lineage.owner_only"),
        ({"general__name": "A uncensored"}, "lineage.removed_hint"),
        ({"general__name": "A slerp"}, "lineage.merge_hint"),
        ({"general__tags": ["lora"]}, "lineage.adapter_hint"),
    ],
)
def test_what_can_not_be_or_says_more_is_a_doubt(model, values, code):
    graph = lineage(model(**values))

    assert code in {one for link in graph.links for one in codes(link.doubts)}


def test_a_count_without_entries_is_a_doubt(model):
    graph = lineage(model(general__base_model__count=4_000_000_000, **base(0, name="One")))

    assert codes(graph.doubts) == {"lineage.count"}
    assert len(parents(graph)) == 1


def test_an_adapters_parent_is_what_it_changes(model):
    made = model(
        general__type="adapter",
        adapter__type="lora",
        general__base_model__count=1,
        **base(0, name="Big 70B", repo_url=f"{HUB}/a/big-70B"),
    )
    graph = lineage(made)

    ((relation, _),) = parents(graph)
    assert relation is Relation.ADAPTER
    # A small file for a large model is what an adapter is.
    assert "lineage.size_differs" not in codes(graph.links[-1].doubts)


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("# DeepSeek-R1\n\nA model of ours.", True),
        ("# Pythia\n\nSmol models, too.", True),
        ("# Our small models\n\nTry `org/smol_lm2-360M`.", False),
        ("# SmolLM\n\nThe second one.", False),
        ("---\nbase_model: HuggingFaceTB/SmolLM2-135M\n---\n# Quantised\n\nBy me.", False),
        ("# Card\n\n|a|b|\n|-|-|\n|SmolLM2|1|\n", False),
        ("", False),
        ("---\nlicense: mit\nbase_model: org/Otter-7B\n---\n", False),
        ("---\nmodel_name: Otter\n---\n", True),
        ("# Model Card for Model ID\n\n<!-- summary -->\n\n## Model Details\n\n- **Developed by:** [More Information Needed]\n", False),
        ("# Model Card\n\nOtters are what it was made from.", True),
        ("Otters are what it was made from.", True),
    ],
)  # fmt: skip
def test_a_card_that_nowhere_names_the_model_is_a_doubt(model, text, doubted):
    read = card_from_bytes(text.encode(), "README.md")
    graph = lineage(model(general__name="SmolLM2 135M Instruct"), read)
    found = [one.context for one in graph.doubts if one.code == NOT_NAMED]
    assert bool(found) is doubted
    for context in found:
        assert context["names"] == "SmolLM2"
        assert context["heading"]
        assert context["heading"] in text


def test_a_card_that_names_the_model_itself_as_its_base_is_not_the_headers_word(model):
    said = b"---\nbase_model: birds/Heron-3B\ntags: [gguf]\n---\n# Heron 3B\n\nQuantised.\n"
    graph = lineage(model(general__name="Heron 3B"), card_from_bytes(said, "README.md"))
    assert "lineage.end_as_base" not in codes(graph.doubts)
    assert "lineage.end_as_base_by_card" in codes(graph.doubts)


def test_a_card_that_names_only_what_the_file_is_called_is_a_doubt(model, tmp_path):
    """Whoever renames a file puts the card of its new name beside it."""
    kept = tmp_path / "Llama-3.2-1B-Instruct-Q4_K_M.gguf"
    shutil.copy(tmp_path / model(general__name="SmolLM2 135M").name, kept)
    with GgufModel.open(kept) as file:
        (doubt,) = lineage(file, card_from_bytes(b"# Llama 3.2\n\nWords.", "README.md")).doubts
        assert (doubt.code, doubt.context["names"]) == (NAMES_FILE_ONLY, "SmolLM2")
        assert not lineage(file, card_from_bytes(b"# SmolLM2\n\nWords.", "README.md")).doubts


def test_a_short_name_is_looked_for_in_titles_alone(tmp_path, model):
    folder = tmp_path / "models--birds--Kite-1B" / "snapshots" / "abc"
    folder.mkdir(parents=True)
    kept = folder / "auk.gguf"
    shutil.copy(tmp_path / model(general__name="Auk").name, kept)
    with GgufModel.open(kept) as file:
        for text, doubted in ((b"# Auk\n\nA bird.", False), (b"# Hauk\n\nAn auk.", True)):
            graph = lineage(file, card_from_bytes(text, "README.md"), str(kept))
            assert (NOT_NAMED in codes(graph.doubts)) is doubted


def test_a_name_that_is_anybodys_is_not_looked_for(model):
    read = card_from_bytes(b"# DeepSeek-R1\n\nA model of ours.", "README.md")
    assert NOT_NAMED not in codes(lineage(model(general__name="Model"), read).doubts)


def test_a_folder_of_the_hubs_cache_names_the_repository(model):
    graph = lineage(model(), path="/home/a/hub/models--org--Thing-GGUF/snapshots/abc/m.gguf")

    assert graph.node("file").repository == "org/Thing-GGUF"
    assert graph.node("file").facts["repository"].source.kind is SourceKind.REPOSITORY


def test_a_file_as_it_was_trained_is_converted_and_not_quantised(model):
    assert lineage(model(file_type=1)).links[0].relation is Relation.CONVERTED


def test_every_doubt_place_and_relation_has_words():
    words = resources.table("texts/en/lineage.toml", dict[str, dict[str, str]])
    source = Path(names.__file__).with_name("graph.py").read_text(encoding="utf-8")

    used = {piece.split('"')[0] for piece in source.split('Doubt("')[1:]}
    used |= {piece.split('"')[0] for piece in source.split('Doubt(\n')[1:] for piece in [piece.split('"', 1)[1]]}  # fmt: skip
    assert {one for one in used if one.startswith("lineage.")} <= set(words["doubts"])
    assert set(words["relations"]) == {one.value for one in Relation}
    assert {"file", "quantiser", "end_model", "base_model"} == set(words["places"])


@pytest.mark.parametrize(
    ("text", "repository"),
    [
        ("org/name", "org/name"),
        ("https://huggingface.co/org/name/tree/main", "org/name"),
        ("hf.co/org/name", "org/name"),
        ("https://huggingface.co/unsloth", ""),
        ("https://evil.example/org/name", ""),
        ("../../etc/passwd", ""),
        ("https://huggingface.co/datasets/a", ""),
        ("a" * 10_000 + "/b", ""),
        ("", ""),
    ],
)
def test_only_what_names_a_repository_is_one(text, repository):
    assert names.repository(text) == repository


def test_names_are_compared_without_owner_and_endings():
    assert names.stem("bartowski/Qwen2.5-7B-Instruct-Q4_K_M-GGUF") == names.stem(
        "Qwen2.5 7B Instruct"
    )
    assert names.parameters("Mixtral-8x7B-v0.1") == 56e9
    assert names.parameters("SmolLM2-135M") == 135e6
    assert names.parameters("GPT-2") is None


TEXTS = st.text(max_size=40) | st.sampled_from(["a/b", f"{HUB}/a/b", "Qwen3 7B", "merge", "-gguf"])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    fields=st.dictionaries(
        st.sampled_from(["name", "organization", "repo_url", "url", "version"]), TEXTS, max_size=4
    ),
    number=st.sampled_from(["0", "1", "63", "999", "x", "-1", "٣"]),
    count=st.integers(0, 2**32 - 1),
    front=TEXTS,
)  # fmt: skip
def test_any_header_and_card_give_a_graph(model, fields, number, count, front):
    values = {f"general__base_model__{number}__{key}": value for key, value in fields.items()}
    made = model(general__base_model__count=count, **values)
    graph = lineage(made, card(f"base_model: {front!r}"))

    ids = {node.id for node in graph.nodes}
    assert all(link.child in ids and link.parent in ids for link in graph.links)
    assert len(ids) == len(graph.nodes)
    made.close()


@pytest.mark.parametrize(
    ("front", "values", "end", "bases"),
    [
        # A quantiser who names himself and states no relation.
        (
            "base_model: Maker/Model-7B\nmodel_creator: Maker\nquantized_by: Somebody",
            {"general__name": "Model 7B"},
            "Maker/Model-7B",
            [],
        ),
        (
            "base_model: Maker/Model-7B\nquantized_by: somebody\ntags: [en]",
            {"general__name": "Model-7B-i1"},
            "Maker/Model-7B",
            [],
        ),
        # A quantiser's own tools write what they quantised down as its base.
        (
            "base_model: Maker/Model-7B\ntags: [other]",
            {"general__name": "Model-7B", **base(0, name="Model 7B", repo_url=f"{HUB}/Maker/Model-7B")},
            "Maker/Model-7B",
            [],
        ),
        # The makers' own file of a fine-tune.
        (
            "base_model: Maker/Base-7B\ntags: [gguf-my-repo]",
            {"general__name": "Tuned-7B"},
            "",
            ["Maker/Base-7B"],
        ),
        (
            "base_model:\n- A/One-7B\n- B/Two-7B\n- C/Three-7B\nbase_model_relation: merge",
            {"general__name": "Soup-7B"},
            "",
            ["A/One-7B", "B/Two-7B", "C/Three-7B"],
        ),
        # A merge that a quantiser names as one model, with its parents in the header.
        (
            "base_model: Maker/Soup-7B\nbase_model_relation: quantized",
            {
                "general__name": "Soup 7B",
                "general__base_model__count": 2,
                **base(0, name="One 7B", repo_url=f"{HUB}/A/One-7B"),
                **base(1, name="Two 7B", repo_url=f"{HUB}/B/Two-7B"),
            },
            "Maker/Soup-7B",
            ["A/One-7B", "B/Two-7B"],
        ),
    ],
    ids=["names himself", "i1", "own tools", "makers", "merge", "quantised merge"],
)  # fmt: skip
def test_end_model_and_bases_as_they_are_published(model, front, values, end, bases):
    graph = lineage(model(**values), card(front))

    assert next(one for one in graph.nodes if one.id == END).repository == end
    named = [one.repository for one in graph.at(Place.BASE_MODEL) if one.name.is_known]
    assert named == bases


def test_a_relation_that_no_card_states_says_what_it_was_guessed_from(model):
    file = model(general__name="Tuned", general__finetune="Instruct")
    guessed = lineage(file, card("base_model: a/one")).links[-1]
    said = lineage(file, card("base_model: a/one\nbase_model_relation: finetune")).links[-1]

    assert guessed.relation is said.relation is Relation.FINETUNED
    (doubt,) = [one for one in guessed.doubts if one.code == "lineage.finetune_guessed"]
    assert doubt.context == {"value": "Instruct"}
    assert "lineage.finetune_guessed" not in codes(said.doubts)
