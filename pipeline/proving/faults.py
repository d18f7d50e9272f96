"""A case that names a `fault` in; what crosscheck and the output gate say of the figures and papers spoilt in that way out.

MNY-014 and OUT-… speak of faults of ours, which no school's file can bring about: the fault is put into the merged values
or into the finished bytes, just before the same check a night makes there.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from pipeline.book.spec import Book
from pipeline.home.schemas import package_files
from pipeline.merging import crosscheck, merge, totals
from pipeline.model import District, Finding, Past, Season
from pipeline.night.judging import Judged
from pipeline.papers import Material, Run, gate, render_papers
from pipeline.writing.grid import workbook

Papers = dict[str, bytes]
STARTED = datetime(2020, 1, 1, 20, 0, tzinfo=UTC)
NONE = "none"  # the pass case: the same steps, nothing spoilt


def noticed(
    fault: str, judged: Judged, findings: tuple[Finding, ...], as_of: date, ground: tuple[Season, Book]
) -> list[Finding]:
    """`findings`: settled ones. Raises KeyError for a fault nobody wrote."""
    season, book = ground
    district = merge(judged.sheets, judged.filed, findings, judged.office, book, season, as_of)
    if fault in FIGURE_FAULTS:
        return crosscheck(FIGURE_FAULTS[fault](district))
    run = Run("example", 1, as_of, STARTED)
    m = Material(district, findings, judged.coverage, judged.filed, judged.office, book, season, Past(), run)
    papers = render_papers(m, package_files("templates"), workbook)
    return [*crosscheck(district), *gate(m, PAPER_FAULTS[fault](m, papers), totals(district))]


# -- faults in the merged figures -----------------------------------------------------------------------


def _one_fen_more(district: District) -> District:
    key = next(k for k, f in district.figures.items() if f.accepted and f.measure == "fen")
    spoilt = replace(district.figures[key], accepted=district.figures[key].accepted + 1)
    return replace(district, figures={**district.figures, key: spoilt})


FIGURE_FAULTS: Mapping[str, Callable[[District], District]] = {"one_fen_more": _one_fen_more}


# -- faults in the finished papers ----------------------------------------------------------------------


def _first(papers: Papers, start: str, end: str) -> str:
    return next(path for path in sorted(papers) if path.startswith(start) and path.endswith(end))


def _digit(m: Material, papers: Papers) -> Papers:
    """One printed digit of the office's front page is another one."""
    path = _first(papers, "district/", ".html")
    text = papers[path].decode()
    found = re.search(r"<data [^>]*data-figure=[^>]*>[^<]*?([0-9])[^<]*</data>", text)
    if found is None:
        raise ValueError("no figure is printed")
    other = str((int(found[1]) + 1) % 10)
    return {**papers, path: (text[: found.start(1)] + other + text[found.end(1) :]).encode()}


def _author(m: Material, papers: Papers) -> Papers:
    """A Word file names its writer instead of the issuing body."""
    path = _first(papers, "units/", ".docx")
    creator = re.compile(rb"<dc:creator>[^<]*</dc:creator>|<dc:creator */>")
    return {
        **papers,
        path: _part(
            papers[path], "docProps/core.xml", lambda xml: creator.sub(b"<dc:creator>writer</dc:creator>", xml)
        ),
    }


def _formula(m: Material, papers: Papers) -> Papers:
    """A cell of a workbook runs something that is none of our sums."""
    path = _first(papers, "district/", ".xlsx")
    cell = b'<row r="900"><c r="A900"><f>HYPERLINK("http://example.invalid")</f><v>0</v></c></row></sheetData>'
    return {
        **papers,
        path: _part(papers[path], "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", cell)),
    }


def _stranger(m: Material, papers: Papers) -> Papers:
    """The first unit's return quotes an identity number of the second unit's form."""
    first, second = m.units[:2]
    rows = (r for f in m.filed_of[second] for t in f.document.tables for r in t.rows)
    number = next(str(r.raw["id_number"]) for r in rows if "id_number" in r.raw)
    return _said(papers, f"units/{m.folder(first)}/", number)


def _register_words(m: Material, papers: Papers) -> Papers:
    """A unit's return carries what a register says and no school may read."""
    kept = next(f for f in m.open if not m.book.rules[f.rule].to_school and m.book.rules[f.rule].scope == "register")
    return _said(papers, f"units/{m.folder(kept.unit or '')}/", kept.message)


def _said(papers: Papers, folder: str, words: str) -> Papers:
    path = _first(papers, folder, ".html")
    return {**papers, path: papers[path].replace(b"</body>", f"<p>{words}</p></body>".encode())}


def _part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same package with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as spoilt:
        for info in package.infolist():
            part = package.read(info.filename)
            spoilt.writestr(info.filename, change(part) if info.filename == name else part)
    return out.getvalue()


PAPER_FAULTS: Mapping[str, Callable[[Material, Papers], Papers]] = {
    NONE: lambda m, papers: papers,
    "digit": _digit,
    "author": _author,
    "formula": _formula,
    "stranger": _stranger,
    "register_words": _register_words,
}
