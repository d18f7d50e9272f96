"""A person in two schools, through a home on disk: the case keeps its number, each school hears of it and no more than it may."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from pipeline.model import Night
from tests.night.conftest import copy_of, found, run
from tests.night.deciding import cell, page

Ran = tuple[Path, Night]
SAME = ("姓名", "证件号码", "手机号码")


def slipped(number: str) -> str:
    """Two neighbours swapped, as somebody copies it from a card."""
    at = next(i for i in range(8, 16) if number[i] != number[i + 1])
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


def doubled(home: Path) -> list[Path]:
    """The first applicant of one school stands in another's form, with a slip in the number."""
    places = sorted((home / "inbox").glob("F1*.xlsx"))[:2]
    one, two = (openpyxl.load_workbook(p) for p in places)
    for title in SAME:
        value = cell(one, "申报表", title).value
        cell(two, "申报表", title).value = slipped(value) if title == "证件号码" else value
    two.save(places[1])
    return places


def told(done: Night, unit: str) -> str:
    return page(done, f"units/{unit}_*/回执.html")


@pytest.mark.parametrize("named", [False, True])
def test_a_case_over_the_nights(clean_night: Ran, tmp_path: Path, named: bool) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    if named:
        season = home / "season.toml"
        text = season.read_text(encoding="utf-8")
        said = re.sub(r"name_other_unit = \w+", "name_other_unit = true", text)
        season.write_text(
            said if said != text else text.replace("[public]\n", "[public]\nname_other_unit = true\n"), encoding="utf-8"
        )
    doubled(home)
    first = run(home)
    pair = [f for f in found(first) if f["rule"] == "XSC-002"]
    assert [f["case"] for f in pair] == [1, 1] and first.record["cases"] == {"疑似": 1}
    units = [f["unit"] for f in pair]
    names = {s["unit"]: s["name"] for s in first.record["states"]}
    for unit, other in (units, units[::-1]):
        text = told(first, unit)
        assert "疑点1号" in text
        assert (names[other] in text) is named
    second = run(home)
    assert [f["case"] for f in found(second) if f["rule"] == "XSC-002"] == [1, 1]


def test_the_auditor_sees_whose_case_it_is_why_and_what_was_decided(clean_night: Ran, tmp_path: Path) -> None:
    """Both cells, both numbers masked, and weights that add up to the score."""
    home = copy_of(clean_night[0], tmp_path / "home")
    places = doubled(home)
    numbers = [str(cell(openpyxl.load_workbook(p), "申报表", "证件号码").value) for p in places]
    done = run(home)
    text = (Path(done.folder) / "audit/审核报告.html").read_text(encoding="utf-8")
    section = text.partition('id="cases"')[2].partition("</section>")[0]
    assert "疑点1号" in section and "尚无处理意见" in section
    assert all(p.name in section for p in places)
    assert not any(n in text for n in numbers) and all(n[-4:] in section for n in numbers)
    score, weights = re.search(r'<td class="n">([0-9.]+)</td><td>(.*?)</td>', section).groups()  # type: ignore[union-attr]
    parts = [float(w) for w in re.findall(r" ([+-][0-9.]+)<", weights)]
    assert len(parts) >= 3 and abs(sum(parts) - float(score)) < 0.051 * len(parts)
    rows = re.findall(r'<td class="n">([0-9]+)</td>.*?<td class="unit">[*0-9X]*?([0-9X]{4})</td>', section)
    said = re.search(r"第([0-9])行的证件号有误", section)
    assert said and dict(rows)[said[1]] == numbers[1][-4:], "the slip is laid at its own row"
