"""Templates of an older home: the one that does not fit is named, in one line, and it is never a fault of ours."""

from __future__ import annotations

import io
import zipfile

import pytest

from pipeline.home.schemas import error_text
from pipeline.merging import totals
from pipeline.model import WennuanError
from pipeline.papers import gate, render_papers
from pipeline.papers.older import refuse_older
from pipeline.writing.grid import workbook
from pipeline.writing.grid_words import part_of
from tests.papers import small

M, TEMPLATES = small.material(), small.templates()
LETTER = "unit/回执.docx"


def refused(path: str, data: bytes) -> WennuanError:
    with pytest.raises(WennuanError) as error:
        render_papers(M, {path: data}, workbook)
    message, remedy = error_text(error.value)
    assert error.value.code == 2 and path in message and remedy and "\n" not in message
    return error.value


def letter(words: str) -> bytes:
    """The program's own letter asking for one thing more."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(TEMPLATES[LETTER])) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            more = f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body>".encode()
            new.writestr(name, data.replace(b"</w:body>", more) if name == "word/document.xml" else data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("path", "data", "name"),
    [
        ("unit/旧.html", b"{{ gone }}", "gone"),
        ("unit/旧.html", b"{{ verdict.gone.deeper }}", "gone"),
        ("unit/旧.html", b"{% for x in gone %}{{ x }}{% endfor %}", "gone"),
        (LETTER, letter("{{ gone }}"), "gone"),
        (
            "district/旧.xlsx.yaml",
            b"title: x\nsheets:\n- {name: s, rows: gone, columns: [{title: t, value: v}]}",
            "gone",
        ),
        ("district/旧.xlsx.yaml", b"title: x", "sheets"),
    ],
)
def test_what_a_template_asks_for_and_nobody_gives_is_named(path: str, data: bytes, name: str) -> None:
    error = refused(path, data)
    assert (error.key, error.facts["name"]) == ("template_asks", name)


def test_another_encoding_or_a_sum_over_words_is_the_template_s_fault() -> None:
    assert refused("unit/旧.html", "收到".encode("gbk")).key == "template_encoding"
    assert refused("unit/旧.html", b"{{ 1 + 'a' }}").key == "template"
    assert refused("unit/旧.html", b"{% if %}").facts["line"] == 1


def test_a_workbook_not_made_anew_is_asked_the_same() -> None:
    with pytest.raises(WennuanError) as error:
        part_of(b"title: x\nsheets:\n- {name: s, columns: []}", "district/旧.xlsx.yaml", {})
    assert error.value.key == "template_asks"


def test_one_without_the_figures_that_are_read_back_is_named_once() -> None:
    path, own = "unit/回执.html", {"unit/回执.html": b"<p>ok</p>"}
    said = gate(M, render_papers(M, own, workbook), totals(M.district))
    with pytest.raises(WennuanError) as error:
        refuse_older(said, own, TEMPLATES)
    assert (error.value.key, error.value.facts["file"]) == ("template_lacks", path)
    assert len(error.value.more) == 0 and "{" not in "".join(error_text(error.value))
    refuse_older(said, own, own)  # in a template of ours it is our fault: it stays a finding


def test_an_altered_digit_stays_a_finding() -> None:
    path = "unit/回执.html"
    made = render_papers(M, {p: d for p, d in TEMPLATES.items() if p == path or p.startswith("_")}, workbook)
    file = next(p for p in made if b'value="1"' in made[p])
    said = gate(M, {file: made[file].replace(b'value="1"', b'value="7"', 1)}, totals(M.district))
    assert [f.rule for f in said] == ["OUT-009"]
    refuse_older(said, {path: b"changed"}, TEMPLATES)
