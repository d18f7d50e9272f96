"""A home made by an older program: what it lacks comes from the package, what it says stays its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from pipeline.book.load import load_book
from pipeline.cli.where import book_of
from pipeline.home.layout import open_home
from pipeline.home.schemas import package_files
from tests.night.conftest import copy_of, run, wennuan

OWN = "本区自己的话"


def without(place: Path, *path: str) -> Any:
    """Strip one entry of a YAML file of the home; what was there."""
    content = yaml.load(place.read_bytes(), Loader=yaml.BaseLoader)
    inner = content
    for key in path[:-1]:
        inner = inner[key]
    gone = inner.pop(path[-1])
    place.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return gone


def test_it_keeps_working(clean_home: Path, tmp_path: Path) -> None:
    home = copy_of(clean_home, tmp_path / "home")
    schemas = home / "schemas"
    without(schemas / "words/papers.yaml", "gate")
    without(schemas / "words/reading.yaml", "names")
    without(schemas / "words/home.yaml", "doctor")
    for gone in (("measures",), ("names", "surnames"), ("phones", "zeros")):
        without(schemas / "words/lexicon.yaml", *gone)
    without(schemas / "words/codes.yaml", "K21")
    without(schemas / "rules/cell.yaml", "CEL-013")
    (schemas / "words/cli.yaml").unlink()
    (schemas / "rules/register.yaml").unlink()
    (schemas / "registers/R12.yaml").unlink()
    (schemas / "registers/待核查.其他决定.yaml").unlink()
    (schemas / "rules/examples/CEL-013.yaml").unlink()
    (home / "templates/audit/规则执行.xlsx.yaml").unlink()
    (home / "templates/_page.html").unlink()
    fields = (schemas / "forms/F1.yaml").read_text(encoding="utf-8")
    form = yaml.load(fields, Loader=yaml.BaseLoader)
    columns = form["resources"][0]["schema"]["fields"]
    columns[:] = [f for f in columns if f["name"] not in {"priority", "household_size", "situation"}]
    (schemas / "forms/F1.yaml").write_text(json.dumps(form, ensure_ascii=False), encoding="utf-8")
    rule = yaml.load((schemas / "rules/row.yaml").read_bytes(), Loader=yaml.BaseLoader)
    rule["ROW-001"]["why"] = OWN
    (schemas / "rules/row.yaml").write_text(json.dumps(rule, ensure_ascii=False), encoding="utf-8")

    book = book_of(open_home(home))[0]
    ours = load_book(package_files("schemas"))
    assert book.rules.keys() == ours.rules.keys() and book.registers.keys() == ours.registers.keys()
    assert book.rules["ROW-001"].why == OWN, "the office's wording stays"
    assert book.forms["F1"].main.field("priority") is None, "its forms are as it keeps them"
    done = run(home)
    assert done.exit_code in (0, 1)
    assert not (Path(done.folder) / "audit/规则执行.xlsx").exists(), "a paper the office does not want"
    for command in (["status"], ["forms", "--out", str(tmp_path / "forms")], ["explain", "CEL-013"]):
        assert wennuan("--home", str(home), *command)[0] == 0
