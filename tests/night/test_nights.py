"""Nights end to end, through a home on disk: answers for everyone, nothing lost, nothing told twice."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import openpyxl
import pytest
from click.testing import CliRunner

from pipeline.cli.main import _flags_last, group
from pipeline.cli.where import book_of
from pipeline.home.layout import open_home
from pipeline.ledger import read_lines
from pipeline.model import Night, WennuanError
from pipeline.pool import make_pool
from pipeline.reading.batch import read_batch
from tests.night.conftest import DAY, copy_of, found, run, wennuan

ROOT = Path(__file__).resolve().parent.parent.parent
Ran = tuple[Path, Night]


def hashes(folder: Path, under: str = "") -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted((folder / under).rglob("*"))
        if p.is_file()
    }


def forms(home: Path) -> list[Path]:
    return sorted(
        p
        for p in (home / "inbox").rglob("*")
        if p.is_file() and "_d" not in p.relative_to(home / "inbox").parts[0][:2] and not p.name.startswith(".")
    )


def send(home: Path, name: str, data: bytes, day: str = "2020-01-16") -> None:
    place = home / "inbox" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    stamp = (date.fromisoformat(day) - date(1970, 1, 1)).days * 86400 + 3600
    os.utime(place, (stamp, stamp))


def test_filled_right_raises_nothing_and_exits_zero(clean_night: Ran) -> None:
    _, done = clean_night
    assert [f for f in found(done) if f["severity"] != "info"] == []
    assert {f["rule"] for f in found(done)} <= {"WBK-006", "SHT-004", "SHT-015"}
    assert done.exit_code == 0


def test_every_unit_and_every_reader_has_an_answer(clean_night: Ran) -> None:
    _, done = clean_night
    night = Path(done.folder)
    assert len(list((night / "units").iterdir())) == 4
    for unit in (night / "units").iterdir():
        assert {"回执.html", "回执.docx"} <= {p.name for p in unit.iterdir()}
    for path in (
        "district/汇总表.xlsx",
        "district/总览.html",
        "district/情况通报.docx",
        "audit/审核报告.html",
        "audit/审核报告.docx",
        "audit/规则执行.xlsx",
        "send/发送清单.xlsx",
        "district/综合平衡表.xlsx",
    ):
        assert (night / path).is_file(), path


@pytest.mark.parametrize("name", ["run", "findings"])
def test_json_keeps_to_its_schema(messy_night: Ran, name: str) -> None:
    _, done = messy_night
    schema = json.loads((ROOT / "schemas" / "json" / f"{name}.schema.json").read_bytes())
    jsonschema.validate(json.loads((Path(done.folder) / f"{name}.json").read_bytes()), schema)


def test_each_rule_says_one_thing_of_each_file(messy_night: Ran) -> None:
    """规则执行: the tallies of a rule count the very marks that stand in its column, one per file."""
    book = openpyxl.load_workbook(Path(messy_night[1].folder) / "audit/规则执行.xlsx", read_only=True)
    tallies, marks = (list(book[name].iter_rows(min_row=3, values_only=True)) for name in ("规则", "规则×文件"))
    columns = {rule: [str(line[i] or "") for line in marks[2:]] for i, rule in enumerate(marks[0]) if i > 3 and rule}
    signs = {"√": 6, "未能": 9}  # where the tally of each mark stands
    wrong = [
        (line[1], sign)
        for line in tallies[2:] if line[1] in columns
        for sign, i in signs.items() if columns[line[1]].count(sign) != (line[i] or 0)
    ]  # fmt: skip
    places = {
        line[1]: sum(int(m[1:]) for m in columns[line[1]] if m.startswith("×"))
        for line in tallies[2:]
        if line[1] in columns
    }
    assert wrong == []
    assert places == {line[1]: line[7] or 0 for line in tallies[2:] if line[1] in columns}


def test_each_line_of_the_spot_check_list_opens_its_marked_copy(messy_night: Ran) -> None:
    audit = Path(messy_night[1].folder) / "audit"
    page = (audit / "审核报告.html").read_text(encoding="utf-8")
    section = page.partition("六、抽查清单</h2>")[2].partition("</section>")[0]
    lines = re.findall(r'<td>(?:<a href="([^"]*)">)?([^<]*![^<]*![A-Z]+[0-9]+)', section)
    assert lines
    marked = 0
    for link, source in lines:
        place = audit / unquote(link)
        assert link.startswith("../units/") and place.exists(), (link, source)
        stem = source.partition("!")[0].rpartition("/")[2].rpartition(".")[0]
        copies = [p.name for p in place.parent.iterdir()] if place.is_file() else [p.name for p in place.iterdir()]
        assert place.is_file() == (f"{stem}_校验结果.xlsx" in copies), source
        marked += place.is_file()
    assert marked


def test_every_planted_fault_is_found_at_its_cell(messy_home: Path, messy_night: Ran) -> None:
    plan = next((messy_home / "inbox" / "_district").glob(".*.json"))
    planted = json.loads(plan.read_bytes())["planted"]
    assert len(planted) >= 25
    there = {(f["rule"], f["unit"], f["file"], f["sheet"], f["cell"]) for f in found(messy_night[1])}
    for p in planted:
        assert (p["rule"], p["unit"], p["file"], p["sheet"], p["cell"]) in there, p


def test_a_second_night_with_nothing_new_gives_units_the_same_bytes(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    archive = hashes(home / "outbox" / "archive")
    again = run(home)
    assert hashes(Path(again.folder), "units") == hashes(Path(clean_night[1].folder), "units")
    new = set(hashes(home / "outbox" / "archive")) - set(archive)
    assert len(new) <= 1  # the listing of inputs, where "new" has become "known"
    assert [n for n, _, _ in read_lines(open_home(home).ledger)] == [1, 2]
    assert wennuan("--home", str(home), "verify", "--deep")[0] == 0


def test_workers_do_not_change_a_night(messy_home: Path, messy_night: Ran, tmp_path: Path) -> None:
    home = copy_of(messy_home, tmp_path / "home")
    with make_pool(3) as pool:
        other = run(home, pool=pool)
    assert found(other) == found(messy_night[1])
    assert other.record["totals"] == messy_night[1].record["totals"]


def test_received_is_received(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    gone = forms(home)[0]
    gone.unlink()
    again = run(home)
    assert again.record["totals"] == clean_night[1].record["totals"]
    assert [(f["rule"], f["severity"]) for f in found(again)] == [("WBK-023", "info")]


def test_a_marked_copy_corrected_and_sent_again_is_a_resubmission(clean_home: Path, tmp_path: Path) -> None:
    """One cell is spoilt; the marked copy comes back with that cell mended: the finding is fixed, nothing new is said."""
    home = copy_of(clean_home, tmp_path / "home")
    place, _, cell = _spoilt(home)
    first = run(home)
    wrong = [f for f in found(first) if f["severity"] == "error"]
    assert [(f["rule"], f["cell"]) for f in wrong] == [("CEL-028", cell.coordinate)]
    marked = next(Path(first.folder).glob(f"units/*/{place.stem}_校验结果.xlsx"))
    copy = openpyxl.load_workbook(marked)
    assert copy.sheetnames[0] == "问题清单"
    copy[cell.parent.title][cell.coordinate].value = 3000
    out = io.BytesIO()
    copy.save(out)
    send(home, place.relative_to(home / "inbox").as_posix(), out.getvalue(), "2020-01-17")
    second = run(home, date(2020, 1, 17))
    told = [(f["rule"], f["status"]) for f in found(second) if f["severity"] == "error"]
    assert told == [("CEL-028", "fixed")]
    assert second.record["files"]["superseded"] == 1
    returned = [p.name for p in Path(second.folder).glob("units/*/*.xlsx")]
    assert not [n for n in returned if n.count("校验结果") > 1]


def _spoilt(home: Path) -> tuple[Path, Any, Any]:
    """Type 约500 into the first 申请金额 of the first F1."""
    for place in forms(home):
        book = openpyxl.load_workbook(place)
        if "申报表" in book.sheetnames:
            sheet = book["申报表"]
            head = next(c for row in sheet.iter_rows(max_row=12) for c in row if c.value == "申请金额")
            cell = next(
                sheet.cell(r, head.column)
                for r in range(head.row + 1, head.row + 5)
                if isinstance(sheet.cell(r, head.column).value, int | float)
            )
            cell.value = "约500"
            stat = place.stat()
            book.save(place)
            os.utime(place, (stat.st_atime, stat.st_mtime))
            return place, book, cell
    raise AssertionError("no F1 in the sample")


def test_no_unit_s_package_or_folder_holds_another_s_people(messy_night: Ran) -> None:
    """Canaries: every identity number of the district, looked for in every other unit's papers, packages included."""
    home, done = messy_night
    night = Path(done.folder)
    people = _numbers(home)
    assert len(people) >= 20
    for path in [*night.glob("units/*/*"), *night.glob("send/*.zip")]:
        code = next(part for part in path.relative_to(night).parts[1:]).split("_")[0]
        text = _text(path)
        for number, unit in people.items():
            if code not in unit:
                assert number not in text, (path.name, unit)


def test_no_full_number_leaves_the_office_but_in_a_school_s_own_file(messy_night: Ran) -> None:
    home, done = messy_night
    night = Path(done.folder)
    people = _numbers(home)
    for path in [p for p in night.rglob("*") if p.is_file()]:
        own = "校验结果" in path.name or path.suffix == ".zip" or path.name in {"汇总表.xlsx", "待核查.xlsx"}
        text = path.name + ("" if own else _text(path))
        hits = [n for n in people if n in text]
        assert not hits, path


def _numbers(home: Path) -> dict[str, set[str]]:
    """Identity number -> the units that reported it."""
    book, season = book_of(open_home(home))
    out: dict[str, set[str]] = {}
    for d in read_batch([(p.name, p.read_bytes()) for p in forms(home)], book, season):
        for t in d.tables:
            for row in t.rows:
                number = row.get("id_number")
                if number and len(str(number)) == 18 and d.marks.unit:
                    out.setdefault(str(number), set()).add(d.marks.unit)
    return out


def _text(path: Path) -> str:
    data = path.read_bytes()
    if data[:2] != b"PK":
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        inner = [z.read(n) for n in z.namelist()]
        return "\n".join([*z.namelist(), *(_inner(d) for d in inner)])


def _inner(data: bytes) -> str:
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            return "\n".join(z.read(n).decode("utf-8", "replace") for n in z.namelist())
    return data.decode("utf-8", "replace")


def test_as_of_never_runs_backwards(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    with pytest.raises(WennuanError) as refused:
        run(home, date(2020, 1, 10))
    assert refused.value.code == 2


def test_real_and_sample_units_never_meet(clean_home: Path, tmp_path: Path) -> None:
    home = copy_of(clean_home, tmp_path / "home")
    register = next(
        p
        for p in (home / "inbox" / "_district").iterdir()
        if p.suffix == ".xlsx"
        and "单位代码"
        in str([c.value for r in openpyxl.load_workbook(p).worksheets[0].iter_rows(max_row=8) for c in r])
    )
    book = openpyxl.load_workbook(register)
    sheet = next(s for s in book if any(c.value == "单位代码" for r in s.iter_rows(max_row=8) for c in r))
    cell = next(c for r in sheet.iter_rows() for c in r if str(c.value or "").startswith("YL"))
    cell.value = "310116001"
    book.save(register)
    with pytest.raises(WennuanError) as refused:
        run(home)
    assert refused.value.code == 2
    assert not list((home / "outbox" / "nights").iterdir())


def test_what_no_unit_is_known_for_is_marked_for_the_office_and_goes_to_nobody(
    clean_home: Path, tmp_path: Path
) -> None:
    """A form whose head names a stranger, and attachments in a zip of no unit: one return, one marked copy, in no package."""
    home = copy_of(clean_home, tmp_path / "home")
    book = openpyxl.load_workbook(next(p for p in forms(home) if p.name.startswith("F2_")))
    for name in [s.title for s in book if s.sheet_state != "visible"]:
        del book[name]
    for name in [n for n in book.defined_names if n.startswith("_wn")]:
        del book.defined_names[name]
    book.custom_doc_props = type(book.custom_doc_props)()
    book["封面"]["B8"], book["封面"]["B9"] = "东海小学", None
    out, packed = io.BytesIO(), io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("证明.pdf", "照片.pdf"):
            archive.writestr(name, b"%PDF-1.4 " + name.encode())
    send(home, "新来的.xlsx", out.getvalue())
    send(home, "资料.zip", packed.getvalue())
    done = run(home)
    place = Path(done.folder) / "units/_未识别"
    assert {p.name for p in place.iterdir()} == {"回执.html", "回执.docx", "新来的_校验结果.xlsx"}
    assert "新来的_校验结果.xlsx" in (place / "回执.html").read_text(encoding="utf-8")
    assert 'href="../units/_未识别/"' in (Path(done.folder) / "district/总览.html").read_text(encoding="utf-8")
    marked = openpyxl.load_workbook(place / "新来的_校验结果.xlsx")
    assert "东海小学" in str([c.value for r in marked.worksheets[0].iter_rows() for c in r])
    for package in (Path(done.folder) / "send").glob("*.zip"):
        assert not [n for n in zipfile.ZipFile(package).namelist() if "新来的" in n]
    said = [(f["rule"], f["file"], [r["file"] for r in f["related"]]) for f in found(done) if f["unit"] is None]
    assert said == [("XRG-001", "新来的.xlsx", []), ("WBK-024", "资料.zip!证明.pdf", ["资料.zip!照片.pdf"])]


def test_hostile_neighbours_change_nothing_for_the_others(clean_home: Path, clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_home, tmp_path / "home")
    send(home, "坏的.xlsx", b"PK\x03\x04" + bytes(500))
    send(home, "空的.xlsx", b"")
    send(home, "~$锁.xlsx", bytes(165))
    done = run(home)
    assert done.record["totals"] == clean_night[1].record["totals"]
    assert done.exit_code == 3
    told = {f["file"]: f["rule"] for f in found(done)}
    assert set(told) >= {"坏的.xlsx", "空的.xlsx"}
    assert all(f["remedy"] for f in found(done))


def test_sample_files_beside_a_real_register_are_refused_whatever_they_are_called(
    clean_home: Path, tmp_path: Path
) -> None:
    home = copy_of(clean_home, tmp_path / "home")
    for place in (home / "inbox" / "_district").iterdir():
        place.unlink()
    book = openpyxl.Workbook()
    book.active.title = "单位名录"
    for row in (("单位代码", "单位名称", "联系电话"), ("01", "实验小学", "57000001"), ("02", "第二幼儿园", "57000002")):
        book.active.append(row)
    book.save(home / "inbox" / "_district" / "名录.xlsx")
    with pytest.raises(WennuanError) as refused:
        run(home)
    assert (refused.value.key, refused.value.code) == ("sample_mixed", 2)


def test_a_real_season_may_begin_on_a_day_before_the_sample_was_looked_at(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    for place in [p for p in (home / "inbox").rglob("*") if p.is_file()]:
        place.unlink()
    text = "单位代码,单位名称,联系电话\n01,实验小学,57000001\n"
    (home / "inbox" / "_district" / "名录.csv").write_text(text, encoding="utf-8-sig")
    done = run(home, date(2020, 1, 10))
    assert (done.record["night"], done.record["season"]["sample"]) == (1, False)
    assert list((home / "outbox").glob("sample-*/nights"))
    with pytest.raises(WennuanError) as refused:
        run(home, date(2020, 1, 9))
    assert refused.value.key == "as_of_before"


def test_an_unconfirmed_season_is_refused(clean_home: Path, tmp_path: Path) -> None:
    home = copy_of(clean_home, tmp_path / "home")
    text = (home / "season.toml").read_text(encoding="utf-8")
    (home / "season.toml").write_text(text.replace("confirmed = true", "confirmed = false"), encoding="utf-8")
    with pytest.raises(WennuanError) as refused:
        run(home)
    assert (refused.value.key, refused.value.code) == ("season_unconfirmed", 2)


def test_check_says_of_each_version_what_is_wrong_with_it(clean_home: Path, tmp_path: Path) -> None:
    home = copy_of(clean_home, tmp_path / "home")
    place, _, cell = _spoilt(home)
    twin = tmp_path / "另一版.xlsx"
    twin.write_bytes(place.read_bytes())
    code, answer = wennuan("--home", str(home), "check", str(place), str(twin))
    assert code == 1
    assert [[f["cell"] for f in e["findings"] if f["rule"] == "CEL-028"] for e in answer["files"]] == [
        [cell.coordinate]
    ] * 2


def test_season_settings_in_gbk_even_behind_a_mark(clean_home: Path, tmp_path: Path) -> None:
    home = copy_of(clean_home, tmp_path / "home")
    text = (home / "season.toml").read_text(encoding="utf-8")
    (home / "season.toml").write_bytes(b"\xef\xbb\xbf" + text.encode("gbk"))
    assert run(home).exit_code == 0


def test_the_first_night_over_an_empty_inbox_is_a_night(tmp_path: Path) -> None:
    wennuan("init", str(tmp_path / "home"))
    done = run(tmp_path / "home")
    assert (done.exit_code, found(done)) == (0, [])
    assert (Path(done.folder) / "district" / "汇总表.xlsx").is_file()


def test_flags_stand_before_or_after_the_command(clean_night: Ran) -> None:
    home = str(clean_night[0])
    assert (
        CliRunner()
        .invoke(group, _flags_last(["--json", "--home", home, "status"]), standalone_mode=False)
        .stdout.startswith("[")
    )


def test_a_shorter_or_broken_file_of_the_same_name_takes_nobody_out_of_the_totals(
    clean_home: Path, tmp_path: Path
) -> None:
    """Schools keep the name: what is wrong with the newer bytes holds nothing of the accepted ones."""
    home = copy_of(clean_home, tmp_path / "home")
    before = json.loads((Path(run(home).folder) / "run.json").read_text(encoding="utf-8"))["totals"]
    shorter, broken = sorted((home / "inbox").glob("F1*.xlsx"))[:2]
    book = openpyxl.load_workbook(shorter)
    for cell in book["申报表"][7]:
        if cell.data_type != "f":
            cell.value = None
    book.save(shorter)
    broken.write_bytes(broken.read_bytes()[:-400])
    done = run(home, DAY + timedelta(days=1))
    assert {"SHT-023", "WBK-007"} <= {f["rule"] for f in found(done)}
    record = json.loads((Path(done.folder) / "run.json").read_text(encoding="utf-8"))
    assert record["totals"] == before
    assert record["units"]["by_state"].get("退回", 0) == 0


def test_a_marked_copy_sent_back_unmended_says_the_same_under_the_same_numbers(
    messy_night: Ran, tmp_path: Path
) -> None:
    """Also what concerns a whole file or sheet: the copy's name is ours."""
    home = copy_of(messy_night[0], tmp_path / "home")
    first = messy_night[1]
    for place in (Path(first.folder) / "units").glob("YL*/*_校验结果.xlsx"):
        send(home, f"退改/{place.parent.name}/{place.name}", place.read_bytes())
    again = run(home, DAY + timedelta(days=1))
    mended = [f for f in found(again) if f["status"] == "fixed" and f["cure"] == "R"]
    assert [(f["rule"], f["unit"], f["file"], f["number"]) for f in mended] == []
