"""Other people's workbooks: every file of the shared corpus gets exactly one outcome, the one its MANIFEST names."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pipeline.model import Document
from pipeline.reading.batch import bare, documents, read_files
from pipeline.reading.container import open_book
from pipeline.reading.raw import RawBook

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the shared corpus is absent: looked for {CORPUS}"),
]
WORD = {"rejected-with-reason": "rejected"}

# Where our outcome is not the expected one but one the MANIFEST also accepts: by name or by the beginning of what is odd.
EXPLAINED = {
    "SpreadsheetML 2003 XML": "contract.md 3: XML is read only under .xls, .xlsx or .csv, elsewhere not-a-workbook",
    "calamine--issue_385.xls": "opens with the default key: read, with WBK-004",
    "phpss--pwtest3.xls": "opens with the default key: read, with WBK-004",
    "poi--51535.xls": "four cells at the far corners of the sheet: a gigabyte for a reader; refused, WBK-018",
    "poi--57893-many-merges.xlsx": "50,000 merged ranges; the limit of reliability.md 3.3 is 5,000; refused, WBK-018",
    "poi--clusterfuzz-testcase-minimized-POIXSSFFuzzer-5937385319563264.xlsx": "a member fails its checksum (X24); refused",
    "sheetjs--BlankSheetTypes.xlsm": "calamine cannot open a workbook with these macro sheets; refused, WBK-007",
}


@dataclass(frozen=True)
class Known:
    path: Path
    name: str
    odd: str
    expected: str
    also: str
    cells: int | None


def manifest() -> list[Known]:
    known = []
    for folder in ("chinese", "hostile"):
        with (CORPUS / folder / "MANIFEST.tsv").open(encoding="utf-8") as lines:
            for line in csv.DictReader(lines, delimiter="\t"):
                seen = line["calamine_filelike"].split()
                cells = int(seen[3]) if seen[:1] == ["ok"] and "fail" not in seen else None
                words = [WORD.get(line[c], line[c]) for c in ("expected", "also_ok")]
                known.append(Known(CORPUS / folder / line["file"], line["file"], line["odd"], *words, cells))
    return known


def outcome_only(file: tuple[str, bytes]) -> list[Document]:
    raws = open_book(*file)
    counted = [f"{sum(s.filled for s in raw.sheets)}" for raw in raws]

    def read(raw: RawBook) -> Document:
        return bare(raw)

    first, *rest = documents(raws, read, {})
    return [replace(first, preview=(counted[0],)), *rest]


@pytest.fixture(scope="module")
def read() -> dict[str, Document]:
    known = manifest()
    docs = read_files([(k.name, k.path.read_bytes()) for k in known], outcome_only, {})
    return {d.path: d for d in docs}


def test_every_file_has_one_outcome_the_manifest_accepts(read: dict[str, Document]) -> None:
    wrong = [
        (k.name, read[k.name].outcome, k.expected)
        for k in manifest()
        if read[k.name].outcome not in (k.expected, k.also)
    ]
    assert not wrong


def test_every_other_than_the_expected_outcome_is_explained(read: dict[str, Document]) -> None:
    unexplained = [
        (k.name, read[k.name].outcome)
        for k in manifest()
        if read[k.name].outcome != k.expected
        and k.name not in EXPLAINED
        and not any(k.odd.startswith(o) for o in EXPLAINED)
    ]
    assert not unexplained


def test_beside_xml_elsewhere_97_in_100_are_exact(read: dict[str, Document]) -> None:
    known = [k for k in manifest() if k.odd != "SpreadsheetML 2003 XML"]
    exact = sum(read[k.name].outcome == k.expected for k in known)
    assert exact >= 0.97 * len(known), Counter((k.expected, read[k.name].outcome) for k in known)


def test_every_encrypted_file_is_encrypted_or_opened_by_the_default_key(read: dict[str, Document]) -> None:
    for k in manifest():
        if k.expected == "encrypted":
            rules = {f.rule for f in read[k.name].findings}
            assert ("WBK-003" in rules and read[k.name].outcome == "encrypted") or "WBK-004" in rules, k.name


def test_every_refused_file_says_why(read: dict[str, Document]) -> None:
    for doc in read.values():
        if doc.outcome in ("rejected", "encrypted") or (doc.outcome == "not-a-workbook" and not doc.attachment):
            assert any(f.rule in ("WBK-001", "WBK-003", "WBK-007", "WBK-014", "WBK-018") for f in doc.findings), (
                doc.path
            )


def test_no_filled_cell_is_lost_or_invented(read: dict[str, Document]) -> None:
    """Against the count another measurement made with the reader alone; the exceptions are cells that reader loses."""
    better = {"poi--52575_main.xlsx", "exceljs--test-issue-176.xlsx", "poi--duplicate-filename-case-insensitive.xlsx"}
    wrong = [
        (k.name, read[k.name].preview, k.cells)
        for k in manifest()
        if k.cells is not None
        and read[k.name].outcome == "readable"
        and k.name not in better
        and read[k.name].preview != (str(k.cells),)
    ]
    assert not wrong


def test_findings_carry_no_path_and_no_library_text(read: dict[str, Document]) -> None:
    for doc in read.values():
        for finding in doc.findings:
            for text in finding.facts.values():
                assert "/" not in text and "Error" not in text and len(text) < 60, (doc.path, finding.facts)


def test_no_file_cut_short_is_accepted() -> None:
    """Every third readable file up to 300 kB, cut at 20 places (X24)."""
    small = [k for k in manifest() if k.expected == "readable" and k.path.stat().st_size < 300_000][::3]
    cuts = [
        (f"{n}_{k.name}", k.path.read_bytes()[: k.path.stat().st_size * n // 21]) for k in small for n in range(1, 21)
    ]
    docs = read_files(cuts, outcome_only, {})
    assert len(docs) >= 1000
    assert not [d.path for d in docs if d.outcome == "readable"]


def test_numbers_of_every_container_are_of_one_kind() -> None:
    """.xls and .xlsb keep whole numbers apart; what a table says may not hang on that."""
    known = [k for k in manifest() if k.expected == "readable" and k.path.suffix in {".xls", ".xlsb"}]
    values = [
        v
        for k in known
        for raw in open_book(k.name, k.path.read_bytes())
        for sheet in raw.sheets
        for row in sheet.rows
        for v in row
    ]
    assert sum(type(v) is float for v in values) > 1000
    assert not [v for v in values if type(v) is int]
