"""Papers taken over from the night before: only what passed the gate, and only while nobody touched it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.model import Finding, Night
from pipeline.night import publishing
from tests.night.conftest import copy_of, found, run

Ran = tuple[Path, Night]


def papers(done: Night, under: str = "units") -> dict[str, str]:
    folder = Path(done.folder)
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted((folder / under).rglob("*"))
        if p.is_file()
    }


def test_a_paper_the_gate_held_back_is_made_anew_the_next_night(
    clean_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_of(clean_home, tmp_path / "home")

    def strict(m: Any, made: Mapping[str, bytes], totals: Any, *_: Any) -> list[Finding]:
        path = next(p for p in sorted(made) if p.startswith("units/") and p.endswith(".docx"))
        return [Finding("OUT-009", file=path, facts={"key": "people.F1", "printed": "1", "should": "2"}, key=path)]

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "gate", strict)
        first = run(home)
    held = next(f["file"] for f in found(first) if f["rule"] == "OUT-009")
    assert held not in papers(first)
    second = run(home)
    assert held in papers(second)
    assert [f["status"] for f in found(second) if f["rule"] == "OUT-009"] == ["fixed"]
    others = {path: digest for path, digest in papers(first).items() if Path(path).parent != Path(held).parent}
    assert others.items() <= papers(second).items()


def test_packages_of_kept_papers_are_kept_too(messy_night: Ran, tmp_path: Path) -> None:
    home = copy_of(messy_night[0], tmp_path / "home")
    again = run(home)
    first, second = papers(messy_night[1], "send"), papers(again, "send")
    zips = {p for p in first if p.endswith(".zip")}
    assert zips
    assert {p: first[p] for p in zips} == {p: second[p] for p in zips}
    assert all((Path(again.folder) / p).stat().st_nlink > 1 for p in zips)


def test_a_kept_paper_altered_on_disk_is_made_anew(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    last = home / "outbox" / "nights" / clean_night[1].run
    page = next(p for p in sorted((last / "units").rglob("*.html")))
    page.write_bytes(page.read_bytes().replace(b"<", b"< ", 1))
    again = run(home)
    whole = Path(again.folder) / page.relative_to(last)
    assert b"< " not in whole.read_bytes()[:40]


def test_a_district_workbook_that_would_say_the_same_is_kept_until_something_new_arrives(
    clean_night: Ran, tmp_path: Path
) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    summary, rules = "district/汇总表.xlsx", "audit/规则执行.xlsx"
    nights = [run(home), run(home)]
    last, again = (papers(n, "district") | papers(n, "audit") for n in nights)
    assert (last[summary], last[rules]) == (again[summary], again[rules])
    assert last["district/总览.html"] != again["district/总览.html"]  # the first screen always tells of this night
    next((home / "inbox").glob("F2*.xlsx")).rename(home / "inbox" / "renamed.xlsx")
    changed = run(home)
    assert papers(changed, "audit")[rules] != again[rules]
    place = Path(changed.folder) / rules
    place.write_bytes(place.read_bytes() + b"x")  # somebody saved over it
    assert papers(run(home), "audit")[rules] != papers(changed, "audit")[rules]
