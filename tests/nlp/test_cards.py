"""Cards of model directories, and Stanza's own package put in place from a local one."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from worker.errors import AnalysisError
from worker.nlp.cards import adopt, faults_of, read_card, require_whole
from worker.nlp.official import install

FILES = {
    "tokenize/btb.pt": b"1",
    "pos/btb_charlm.pt": b"2",
    "lemma/btb_nocharlm.pt": b"3",
    "ner/bsnlp19.pt": b"4",
    "pretrain/conll17.pt": b"5",
}


def a_package(directory: Path) -> Path:
    """What Stanza's downloader leaves."""
    packages: dict[str, dict[str, dict[str, object]]] = {}
    for name, content in FILES.items():
        path = directory / "bg" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        stated: dict[str, object] = {"md5": hashlib.md5(content, usedforsecurity=False).hexdigest()}
        if name.startswith(("pos", "ner")):
            stated["dependencies"] = [{"model": "pretrain", "package": "conll17"}]
        packages[path.parent.name] = {path.stem: stated}
    default = {kind: next(iter(packages[kind])) for kind in ("tokenize", "pos", "lemma", "ner")}
    resources = {"bg": {**packages, "default_processors": {**default, "depparse": "btb"}}}
    (directory / "resources.json").write_text(json.dumps(resources))
    return directory


def test_package_without_a_card_gets_one_of_its_resources(tmp_path):
    directory = a_package(tmp_path)

    adopt(directory)
    card = read_card(directory)

    assert card.name == "stanza-bg"
    assert card.processors == ("tokenize", "pos", "lemma", "ner")
    assert set(card.sha256) == {*(f"bg/{name}" for name in FILES), "resources.json"}
    assert faults_of(card) == {}
    require_whole(card, faults_of(card))


def test_card_that_stands_is_left(tmp_path):
    directory = a_package(tmp_path)
    (directory / "card.json").write_text("{}")

    adopt(directory)

    assert (directory / "card.json").read_text() == "{}"


def test_damaged_package_gets_no_card(tmp_path):
    directory = a_package(tmp_path)
    (directory / "bg" / "ner" / "bsnlp19.pt").write_bytes(b"?")

    with pytest.raises(AnalysisError, match=r"bsnlp19\.pt is damaged"):
        adopt(directory)
    assert not (directory / "card.json").exists()


def test_every_faulty_file_is_named(tmp_path):
    adopt(a_package(tmp_path))
    (tmp_path / "bg" / "ner" / "bsnlp19.pt").write_bytes(b"?")
    (tmp_path / "bg" / "pos" / "btb_charlm.pt").unlink()
    card = read_card(tmp_path)

    faults = faults_of(card)

    assert faults == {"bg/ner/bsnlp19.pt": "is damaged", "bg/pos/btb_charlm.pt": "is missing"}
    with pytest.raises(AnalysisError, match=r"bsnlp19\.pt is damaged"):
        require_whole(card, faults)


@pytest.mark.parametrize(
    "written", ["", "[]", "{}", '{"name": "x"}', '{"name": 1, "version": 1, "processors": "a", "sha256": []}']
)
def test_card_that_cannot_be_read_is_a_sentence(tmp_path, written):
    (tmp_path / "card.json").write_text(written)

    with pytest.raises(AnalysisError, match="are incomplete"):
        read_card(tmp_path)


def test_card_keeps_what_it_does_not_know(tmp_path):
    stated = {"name": "n", "version": "1", "processors": "ner", "sha256": {}, "scores": {"ner": 0.9}, "licence": "x"}
    (tmp_path / "card.json").write_text(json.dumps(stated))

    card = read_card(tmp_path)

    assert (card.scores, card.more) == ({"ner": 0.9}, {"licence": "x"})


def test_installed_package_replaces_an_older_one_once_it_loads(tmp_path):
    target = tmp_path / "models" / "official"
    target.mkdir(parents=True)
    (target / "old").touch()
    loaded: list[Path] = []

    install(target, loaded.append, a_package)

    assert len(loaded) == 1
    assert read_card(target).name == "stanza-bg"
    assert not (target / "old").exists()
    assert list(target.parent.iterdir()) == [target]


def refuse(directory: Path) -> None:
    raise AnalysisError("cannot be loaded")


def unreachable(directory: Path) -> None:
    raise ConnectionError("no route\nto host")


def empty(directory: Path) -> None:
    """Brings nothing."""


@pytest.mark.parametrize(
    ("load", "download", "sentence"),
    [
        pytest.param(refuse, a_package, "cannot be loaded", id="does-not-load"),
        pytest.param(str, unreachable, r"hub could not be reached.*ConnectionError: no route\)", id="no-network"),
        pytest.param(read_card, empty, "incomplete", id="nothing-came"),
    ],
)
def test_failed_installation_leaves_what_is_there(tmp_path, load, download, sentence):
    target = tmp_path / "official"
    target.mkdir()
    (target / "old").touch()

    with pytest.raises(AnalysisError, match=sentence):
        install(target, load, download)

    assert [path.name for path in tmp_path.rglob("*")] == ["official", "old"]


@pytest.mark.model
def test_stanzas_pipeline_reads_as_our_reader_does():
    from worker.nlp.bulgarian import SHIPPED
    from worker.nlp.lean.reader import Reader
    from worker.nlp.pipeline_reader import PipelineReader, reader_of

    texts = ["Румен Радев пристигна в София. Времето е хубаво.", "НАТО засилва източния фланг."]
    processors = ",".join(read_card(SHIPPED).processors)

    ours, stanzas = Reader(SHIPPED, processors).read(texts), PipelineReader(SHIPPED, processors).read(texts)

    assert [[s.segment for s in text] for text in ours] == [[s.segment for s in text] for text in stanzas]
    assert [[s.spans for s in text] for text in ours] == [[s.spans for s in text] for text in stanzas]
    assert [[list(s.lemmas) for s in text] for text in ours] == [[list(s.lemmas) for s in text] for text in stanzas]
    assert isinstance(reader_of(SHIPPED, processors), Reader)


def test_shipped_directory_can_be_copied(tmp_path):
    from worker.nlp.bulgarian import SHIPPED

    shutil.copytree(SHIPPED, tmp_path / "models")

    assert faults_of(read_card(tmp_path / "models")) == {}
