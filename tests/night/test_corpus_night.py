"""Other people's 303 workbooks dropped among a district's forms: one outcome each, neighbours unaffected, everything said."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from pipeline.model import Night
from tests.night.conftest import copy_of, found, run, wennuan
from tests.reading_open.test_corpus import EXPLAINED

CORPUS = Path(__file__).resolve().parent.parent.parent.parent / "shared" / "corpus"
OUTCOME = {"rejected-with-reason": "rejected"}
needs_corpus = pytest.mark.skipif(
    not CORPUS.is_dir(), reason=f"the corpus of other people's workbooks is not at {CORPUS}"
)


def manifest() -> dict[str, set[str]]:
    """folder/file -> the outcomes its MANIFEST allows."""
    allowed: dict[str, set[str]] = {}
    for folder in ("chinese", "hostile"):
        with (CORPUS / folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                words = {row["expected"], *row["also_ok"].split(",")} - {"-", ""}
                allowed[f"{folder}/{row['file']}"] = {OUTCOME.get(w.strip(), w.strip()) for w in words}
    return allowed


@pytest.fixture(scope="module")
def corpus_night(clean_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    home = copy_of(clean_home, tmp_path_factory.mktemp("corpus") / "home")
    for path in manifest():
        place = home / "inbox" / "他人文件" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes((CORPUS / path).read_bytes())
        os.utime(place, (1578900000, 1578900000))
    return run(home)


@pytest.mark.corpus
@needs_corpus
def test_the_night_goes_on_and_the_neighbours_have_the_same_figures(
    corpus_night: Night, clean_night: tuple[Path, Night]
) -> None:
    assert corpus_night.record["totals"] == clean_night[1].record["totals"]
    assert corpus_night.exit_code == 3
    assert corpus_night.record["files"]["received"] >= clean_night[1].record["files"]["received"] + len(manifest())


@pytest.mark.corpus
@needs_corpus
def test_every_file_that_is_not_adopted_is_spoken_of_with_a_remedy(corpus_night: Night) -> None:
    told: dict[str, list[dict[str, str]]] = {}
    for f in found(corpus_night):
        told.setdefault(str(f["file"]), []).append(f)
    for path in manifest():
        said = told.get(f"他人文件/{path}") or [
            f for file, fs in told.items() if file.startswith(f"他人文件/{path}!") for f in fs
        ]
        duplicate = any(f["rule"] == "WBK-011" for f in said)
        attachment = Path(path).suffix.lower() in {".pdf", ".doc", ".docx", ".png", ".jpg", ".wps", ".txt", ".md"}
        assert said or attachment or any(f["rule"] == "WBK-024" for f in found(corpus_night)), path
        assert duplicate or all(f["remedy"] for f in said), path


@pytest.mark.corpus
@needs_corpus
@pytest.mark.parametrize("folder", ["chinese", "hostile"])
def test_check_gives_each_file_one_outcome_of_its_manifest(clean_home: Path, folder: str) -> None:
    paths = {p: words for p, words in manifest().items() if p.startswith(folder)}
    _, answer = wennuan("--home", str(clean_home), "check", *(str(CORPUS / p) for p in paths))
    entries = {e["file"]: e for e in answer["files"] if "!" not in e["file"]}
    assert len(entries) == len(paths)
    for path, allowed in paths.items():
        entry = entries[(CORPUS / path).as_posix()]
        assert entry["outcome"] in allowed or Path(path).name in EXPLAINED, (path, entry["outcome"], allowed)
        if entry["outcome"] == "readable" and not entry["attachment"]:
            assert entry["forms"] == []
        if entry["outcome"] in {"rejected", "encrypted"}:
            assert any(f["severity"] == "error" and f["remedy"] for f in entry["findings"]), path
