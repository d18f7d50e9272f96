"""The sample district through the door: `demo`, then a night that finds every planted fault at its cell and nothing else."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pipeline.book.spec import Book
from pipeline.cells.ids import area, valid_resident
from pipeline.cli.main import group
from pipeline.home.layout import open_home
from pipeline.model import WennuanError
from pipeline.night import night
from pipeline.pool import Here

AS_OF = date(2020, 1, 16)
HARMLESS = {"WBK-006", "SHT-004", "SHT-015"}
NUMBER = re.compile(rb"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9X](?![0-9])")


def wennuan(*args: object) -> Result:
    return CliRunner().invoke(group, [str(a) for a in args], standalone_mode=False, catch_exceptions=False)


def sample(folder: Path, *args: object) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(wennuan("demo", folder, "--json", *args).stdout)
    return told


def run(folder: Path) -> tuple[int, list[dict[str, Any]]]:
    done = night(open_home(folder), AS_OF, Here())
    found: list[dict[str, Any]] = json.loads((Path(done.folder) / "findings.json").read_bytes())
    return done.exit_code, found


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[dict[str, Any]], int]:
    folder = tmp_path_factory.mktemp("messy") / "home"
    sample(folder, "--units", 9)
    code, found = run(folder)
    plan = json.loads((folder / "inbox" / "_district" / ".样例.json").read_bytes())
    return plan, found, code


def place(entry: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(entry[k] for k in ("rule", "unit", "file", "sheet", "cell"))


def test_a_night_finds_every_planted_fault_at_its_cell(messy: tuple[dict[str, Any], list[dict[str, Any]], int]) -> None:
    plan, found, code = messy
    missing = Counter(map(place, plan["planted"])) - Counter(map(place, found))
    assert not missing
    assert len({p["rule"] for p in plan["planted"]}) >= 45, "the sample shows fewer kinds of mistakes than it promises"
    assert code == 3, "a damaged workbook lies among them"


def test_what_the_command_tells_is_complete(messy: tuple[dict[str, Any], list[dict[str, Any]], int]) -> None:
    """Both ways: every error and warning of the night is planted, as often as it is found, at the very cell."""
    plan, found, _ = messy
    more = Counter(place(f) for f in found if f["severity"] != "info") - Counter(map(place, plan["planted"]))
    assert not more


def test_the_smallest_district_shows_them_too(tmp_path: Path) -> None:
    told = sample(tmp_path / "home", "--units", 6, "--seed", 2)
    _, found = run(tmp_path / "home")
    planted = Counter(map(place, told["planted"]))
    assert not planted - Counter(map(place, found))
    assert not Counter(place(f) for f in found if f["severity"] != "info") - planted


def test_a_clean_district_raises_nothing(tmp_path: Path) -> None:
    sample(tmp_path / "home", "--units", 6, "--clean")
    code, found = run(tmp_path / "home")
    assert [place(f) for f in found if f["rule"] not in HARMLESS or f["severity"] != "info"] == []
    assert code == 0


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    plans = []
    for name, seed in (("a", "5"), ("b", "5"), ("c", "6")):
        sample(tmp_path / name, "--units", 6, "--seed", seed)
        plans.append((tmp_path / name / "inbox/_district/.样例.json").read_bytes())
    assert plans[0] == plans[1]
    assert plans[0] != plans[2]


def test_its_people_belong_to_nobody(tmp_path: Path, book: Book) -> None:
    """Every identity number that passes the check digit lies in the made-up area; hints show published specimens."""
    sample(tmp_path / "home", "--units", 6, "--clean")
    numbers = set()
    for path in (tmp_path / "home" / "inbox").rglob("*.xlsx"):
        numbers |= {n.decode() for n in NUMBER.findall(_unpacked(path)) if valid_resident(n.decode())}
        numbers |= {n.decode() for n in re.findall(rb"009901[0-9]{11}[0-9X]", _unpacked(path))}
    specimens = {f.example for form in book.forms.values() for r in form.resources for f in r.fields}
    assert len(numbers) > 10
    assert {area(n) for n in numbers - specimens} == {"009901"}


def _unpacked(path: Path) -> bytes:
    with zipfile.ZipFile(path) as package:
        return b"\n".join(package.read(n) for n in package.namelist())


def test_it_goes_into_an_empty_home_and_never_beside_files(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    wennuan("init", folder)
    assert sample(folder, "--units", 6, "--clean")["home"] == str(folder)
    before = {p: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}
    with pytest.raises(WennuanError) as refused:
        wennuan("demo", folder)
    assert refused.value.key == "demo_inbox_full"
    assert before == {p: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


def test_the_plan_is_no_delivery(messy: tuple[dict[str, Any], list[dict[str, Any]], int]) -> None:
    assert not [f for f in messy[1] if "样例.json" in str(f["file"])]
