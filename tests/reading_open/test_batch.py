"""A batch as the night hands it over: documents in order, zips with members, deaths classed, wording from schemas/."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

from pipeline.model import Document, Finding
from pipeline.reading.batch import bare, documents, read_files, worded
from pipeline.reading.container import open_book
from pipeline.reading.raw import RawBook
from tests.reading_open.make import archive, good

ROOT = Path(__file__).resolve().parents[2]
WORDS = yaml.load((ROOT / "schemas/words/container.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


def deadly(file: tuple[str, bytes]) -> list[Document]:
    """Reads as the product does, but dies of any workbook named 毒 (a reader's abort cannot be had on order)."""

    def read(raw: RawBook) -> Document:
        if "毒" in raw.path:
            os.abort()
        return bare(raw)

    return documents(open_book(*file), read, WORDS)


def test_order_and_members() -> None:
    files = [
        ("a.xlsx", good()),
        ("b.zip", archive({"c.xlsx": good(1), "d.jpg": b"\xff\xd8\xff"})),
        ("e.pdf", b"%PDF-1"),
    ]
    docs = read_files(files, deadly, WORDS)
    assert [d.path for d in docs] == ["a.xlsx", "b.zip", "b.zip!c.xlsx", "b.zip!d.jpg", "e.pdf"]
    assert docs[1].members == ("b.zip!c.xlsx", "b.zip!d.jpg")


def test_a_death_inside_a_zip_spares_the_other_members() -> None:
    files = [
        ("a.xlsx", good()),
        ("b.zip", archive({"c.xlsx": good(1), "毒.xlsx": good(2), "~$d.xlsx": b"x", "f.xlsx": good(3)})),
    ]
    docs = {d.path: d for d in read_files(files, deadly, WORDS)}
    assert {p: d.outcome for p, d in docs.items()} == {
        "a.xlsx": "readable",
        "b.zip": "readable",
        "b.zip!c.xlsx": "readable",
        "b.zip!毒.xlsx": "rejected",
        "b.zip!~$d.xlsx": "ignored",
        "b.zip!f.xlsx": "readable",
    }
    (finding,) = docs["b.zip!毒.xlsx"].findings
    assert (finding.rule, finding.facts["why"]) == ("WBK-007", WORDS["why"]["killed"])


def test_facts_are_worded() -> None:
    finding = worded(Finding("WBK-018", facts={"what": "rows", "limit": "100,000"}), WORDS)
    assert dict(finding.facts) == {"what": "一张表超过100,000行"}
    assert dict(worded(Finding("WBK-005", facts={"what": "vba,activex"}), WORDS).facts) == {"what": "宏、ActiveX控件"}


def test_every_reason_the_room_gives_has_words() -> None:
    code = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "pipeline/reading").glob("*.py"))
    for name, pattern in (("why", r'(?:damaged\(|why=)"(\w+)"'), ("what", r'too_big\("(\w+)"')):
        keys = set(re.findall(pattern, code))
        assert keys and keys <= set(WORDS[name]), keys - set(WORDS[name])


def test_the_reader_imports_neither_pandas_nor_openpyxl() -> None:
    code = "import sys, pipeline.reading.batch; print(sorted({'pandas', 'numpy', 'openpyxl', 'pandera'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
