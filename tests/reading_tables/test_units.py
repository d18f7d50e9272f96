"""Whose file is it: names, aliases and evidence in, a unit and findings out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.model import Document, Unit
from pipeline.reading.identify import identify
from pipeline.reading.units import UnitIndex
from tests.reading_tables.grids import book, found, marked, one, read, sheet
from tests.reading_tables.test_symptoms import HEAD, ROW, SLIPS

UNITS = (
    Unit("YL001", "上海市金山区样例第一小学", "样例一小", aliases=("样例镇中心小学",)),
    Unit("YL002", "上海市金山区样例第二小学", "样例二小"),
    Unit("YL003", "样例中学", "样中"),
    Unit("YL004", "样例中学附属幼儿园", "样中幼儿园"),
    Unit("YL005", "样例学校（东校区）", "样例东校"),
)
INDEX = UnitIndex(
    UNITS,
    (("一小", "YL001"), ("海燕幼儿园", "样例中学附属幼儿园"), ("实验", "样例一小"), ("实验", "样例二小")),
    book().words["reading"]["names"],
)


@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("上海市金山区样例第一小学", "YL001", "exact"),
        ("样例第一小学", "YL001", "prefix"),
        ("金山区样例第一小学", "YL001", "prefix"),
        ("样例一小", "YL001", "short"),
        ("样例镇中心小学", "YL001", "alias"),
        ("一小", "YL001", "alias"),
        ("海燕幼儿园", "YL004", "alias"),
        ("yl001", "YL001", "code"),
        (" 样例　中学 ", "YL003", "exact"),
        ("样例中学工会", "YL003", "prefix"),
        ("样例中学工会委员会", "YL003", "prefix"),
        ("样例中学（盖章）", "YL003", "prefix"),
        ("样例中学东校区", "YL003", "campus"),
        ("样例学校(东校区)", "YL005", "exact"),
        ("实验", None, "ambiguous"),
        ("别处小学", None, ""),
        ("", None, ""),
    ],
)
def test_a_name_finds_its_unit(text: str, code: str | None, how: str) -> None:
    found_code, found_how = INDEX.find(text)
    assert found_code == code
    assert found_how == how or (code and {found_how, how} <= {"prefix", "campus"})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("附件2：2020年联合募捐汇总表（样例一小）(1)(最终版)", "YL001"),
        ("F1_困难教工帮困申报表_样例二小_20200110", "YL002"),
        ("YL003募捐表", "YL003"),
        ("样例中学附属幼儿园募捐", "YL004"),
        ("样例一小和样例二小", None),
        ("募捐汇总表", None),
    ],
)
def test_a_unit_inside_a_file_name(text: str, code: str | None) -> None:
    assert INDEX.search(text)[0] == code


TOWN = UnitIndex(
    (
        Unit("302", "金山第二小学", "二小"),
        Unit("401", "上海市金山区朱泾小学", "朱泾小学", aliases=("朱泾",)),
        Unit("404", "金山中学附属小学", ""),
        Unit("405", "金山中学", ""),
    ),
    (),
    book().words["reading"]["names"],
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("金山第二小学困难教工申报表", "302"),
        ("附件1（金山第二小学）", "302"),
        ("附件1金山第二小学", "302"),
        ("金山第二小学附件1", "302"),
        ("金山第二小学F1", "302"),
        ("302金山第二小学", "302"),
        ("2020金山第二小学捐款", "302"),
        ("2020年上海市金山区朱泾小学一日捐汇总表(2)", "401"),
        ("困难教工申报表金山第二小学（二）", "302"),
        ("金山第二小学第二次补报", "302"),
        ("更新朱泾小学", "401"),
        ("李某某 朱泾小学", "401"),
        ("朱泾小学李某某", "401"),
        ("朱泾小学东校区困难教工申报", "401"),
        ("朱泾申报表", "401"),
        ("金山中学附属小学募捐", "404"),
        ("朱 泾 小 学 募捐", "401"),
        ("朱泾小学（朱泾）", "401"),
        # another school's name around it
        ("金山中学附小", None),
        ("金山中学附小困难教工申报", None),
        ("金山中学（附小）", None),
        ("金山中学-附属幼儿园 募捐", None),
        ("朱泾小学幼儿园2020年困难教工帮困申报表", None),
        ("朱泾小学海燕幼儿园", None),
        ("朱泾小学分校", None),
        ("朱泾小学分校募捐", None),
        ("朱泾小学第二校区募捐", None),
        ("朱泾小学二部", None),
        ("新朱泾小学", None),
        ("新 朱泾小学申报", None),
        ("海燕朱泾小学", None),
        ("浦东新区朱泾小学募捐", None),
        ("朱泾二小", None),
        ("别处第二小学", None),
        ("朱泾镇初级中学", None),
        ("朱泾中学申报表", None),
        ("海燕幼儿园（朱泾小学）", None),
        ("朱泾小学金山中学附小", None),
        ("金山第二小学朱泾小学", None),
        ("中学", None),
        ("初级中学", None),
    ],
)
def test_a_name_inside_the_name_of_another_school_counts_for_nobody(text: str, code: str | None) -> None:
    assert TOWN.search(text)[0] == code


def test_nothing_weaker_speaks_for_a_school_whose_longer_name_was_read() -> None:
    """The file is named after the school's own primary school, the folder after the school."""
    assert identify(document(), TOWN, "金山中学", "金山中学附小.xlsx")[0] is None
    assert identify(document("金山中学附小"), TOWN, "金山中学", "募捐.xlsx")[0] is None
    titled = read(sheet("汇总表", f"金山中学附小2020年联合募捐汇总表\n{HEAD}\n{ROW}"), SLIPS)
    unit, _, findings = identify(titled, TOWN, "", "金山中学.xlsx")
    assert (unit, [f.rule for f in findings]) == (None, ["WBK-008"])
    assert identify(document(), TOWN, "朱泾小学", "金山中学附小.xlsx")[:2] == ("401", "folder")


def document(unit: str = "", **more: object) -> Document:
    top = f"填报单位：{unit}\n" if unit else ""
    return read(sheet("汇总表", f"{top}{HEAD}\n{ROW}"), SLIPS, **more)


def who(d: Document, folder: str = "", name: str = "募捐.xlsx") -> tuple[str | None, str, list[str]]:
    unit, by, findings = identify(d, INDEX, folder, name)
    return unit, by, [f.rule for f in findings]


def test_the_head_comes_first_then_marks_name_and_folder() -> None:
    assert who(document("样例一小")) == ("YL001", "head", [])
    assert who(document(**marked("F2", unit="YL002"))) == ("YL002", "marks", [])
    assert who(document(), name="样例二小募捐.xlsx") == ("YL002", "name", [])
    assert who(document(), folder="2020/样中/补报") == ("YL003", "folder", [])
    assert who(document(), folder="批次/样例二小.zip") == ("YL002", "folder", [])
    assert who(document()) == (None, "", ["WBK-008"])


def test_conflicts_are_findings() -> None:
    unit, by, findings = identify(document("样例一小"), INDEX, "", "样例二小募捐.xlsx")
    assert (unit, by, findings[0].rule, findings[0].severity) == ("YL001", "head", "WBK-009", None)
    assert (findings[0].facts["a"], findings[0].facts["b"]) == ("样例二小", "样例一小")
    _, _, findings = identify(document("样例一小", **marked("F2", unit="YL001")), INDEX, "", "样例二小募捐.xlsx")
    assert [(f.rule, f.severity) for f in findings] == [("WBK-009", "warning")]
    _, _, findings = identify(document("样例一小", **marked("F2", unit="YL002")), INDEX, "", "样例一小.xlsx")
    assert [(f.rule, f.severity) for f in findings] == [("WBK-009", "warning")]


def coded(name: str, code: str, **more: object) -> Document:
    return read(sheet("汇总表", f"填报单位：{name}  单位代码：{code}\n{HEAD}\n{ROW}"), SLIPS, **more)


@pytest.mark.parametrize(
    ("head", "code", "mark", "name", "folder", "unit", "severity", "said"),
    [
        # one against one: the stronger is asked, and where the head contradicts itself nobody's
        ("样例二小", "YL001", "", "", "", None, None, "表内代码为“样例一小”，表内名称为“样例二小”，不一致"),
        ("样例一小", "", "", "", "样例二小", "YL001", None, "文件夹为“样例二小”，表内名称为“样例一小”，不一致"),
        ("", "", "", "样例一小", "样例二小", "YL001", None, "文件夹为“样例二小”，文件名为“样例一小”，不一致"),
        ("", "", "YL001", "样例二小", "", "YL001", None, "文件名为“样例二小”，识别标记为“样例一小”，不一致"),
        # two against one
        ("样例二小", "YL001", "YL001", "", "", None, None, "表内代码、识别标记为“样例一小”，表内名称为“样例二小”，不一致"),
        ("样例二小", "YL001", "", "样例一小", "", None, None, "表内代码、文件名为“样例一小”，表内名称为“样例二小”，不一致"),
        ("样例一小", "", "", "样例二小", "样例二小", None, None, "文件名、文件夹为“样例二小”，表内名称为“样例一小”，不一致"),
        ("", "", "YL001", "样例二小", "样例二小", None, None, "文件名、文件夹为“样例二小”，识别标记为“样例一小”，不一致"),
        # two for the head
        ("样例二小", "YL001", "YL002", "", "", "YL002", "warning", "表内代码为“样例一小”，表内名称、识别标记为“样例二小”，不一致"),
        ("样例二小", "YL001", "", "样例二小", "", "YL002", "warning", "表内代码为“样例一小”，表内名称、文件名为“样例二小”，不一致"),
        ("样例一小", "YL001", "YL001", "样例二小", "样例二小", "YL001", "warning", "文件名、文件夹为“样例二小”，表内名称、识别标记为“样例一小”，不一致"),
        ("样例一小", "", "YL001", "", "样例二小", "YL001", "warning", "文件夹为“样例二小”，表内名称、识别标记为“样例一小”，不一致"),
        ("样例一小", "", "", "样例一小", "样例二小", "YL001", "warning", "文件夹为“样例二小”，表内名称、文件名为“样例一小”，不一致"),
        # two against two: somebody else's form, the name alone put right
        ("样例二小", "YL001", "YL001", "样例二小", "", "YL002", None, "表内代码、识别标记为“样例一小”，表内名称、文件名为“样例二小”，不一致"),
    ],
)  # fmt: skip
def test_evidence_that_differs(
    head: str, code: str, mark: str, name: str, folder: str, unit: str | None, severity: str | None, said: str
) -> None:
    more = marked("F2", unit=mark) if mark else {}
    d = coded(head, code, **more) if code else document(head, **more)
    found_unit, _, findings = identify(d, INDEX, folder, f"{name}募捐.xlsx")
    assert (found_unit, [(f.rule, f.severity) for f in findings]) == (unit, [("WBK-009", severity)])
    assert book().rules["WBK-009"].message.format(**findings[0].facts) == said


def test_two_lines_of_one_sheet_name_two_units() -> None:
    d = read(sheet("汇总表", f"填报单位：样例一小\n填报单位：样例二小\n{HEAD}\n{ROW}"), SLIPS)
    unit, _, findings = identify(d, INDEX, "", "x.xlsx")
    assert (unit, [(f.rule, f.cell) for f in findings]) == ("YL001", [("WBK-021", "A2")])
    d = read(sheet("汇总表", f"填报单位：样例一小\n单位（盖章）：样例第一小学\n{HEAD}\n{ROW}"), SLIPS)
    assert who(d) == ("YL001", "head", [])


@pytest.mark.parametrize(
    ("text", "code"),
    [("YL001样例一小", "YL001"), ("样例一小 YL001", "YL001"), ("YL001-样例第一小学", "YL001"), ("YL002样例一小", None), ("样例第一小學", "YL001"),
     ("YL001樣例第一小學", "YL001")],
)  # fmt: skip
def test_a_name_with_its_code_or_in_traditional_characters(text: str, code: str | None) -> None:
    index = replace(INDEX, simplified={ord("學"): "学", ord("樣"): "样"})
    assert index.find(text)[0] == code


def test_a_file_whose_name_and_marks_name_another_unit_than_its_head_is_nobodys() -> None:
    """A colleague's form with the wrong school chosen on the cover: nobody's people may go to somebody else."""
    unit, by, findings = identify(document("样例一小", **marked("F2", unit="YL002")), INDEX, "", "样例二小募捐.xlsx")
    assert (unit, by, [(f.rule, f.severity) for f in findings]) == (None, "", [("WBK-009", None)])
    assert findings[0].related[0].unit == "YL002"


def test_a_head_the_register_does_not_know() -> None:
    assert who(document("别处小学")) == (None, "", ["XRG-001"])
    unit, by, findings = identify(document("别处小学"), INDEX, "样例一小", "募捐.xlsx")
    assert (unit, by, [(f.rule, f.severity) for f in findings]) == ("YL001", "folder", [("XRG-001", "warning")])


def test_an_alias_is_resolved_and_said() -> None:
    unit, _, findings = identify(document("海燕幼儿园"), INDEX, "", "x.xlsx")
    assert (unit, findings[0].rule, findings[0].cell, findings[0].value) == ("YL004", "XRG-002", "A1", "海燕幼儿园")


def test_several_units_in_one_file() -> None:
    table = HEAD.rstrip("|") + "| 学校 |\n" + ROW.rstrip("|") + "| 样例一小 |\n" + ROW.rstrip("|") + "| 样例二小 |"
    d = read(sheet("汇总表", f"填报单位：样例一小\n{table}"), SLIPS)
    unit, _, findings = identify(d, INDEX, "", "x.xlsx")
    assert unit == "YL001" and [f.rule for f in findings] == ["WBK-021"]
    assert found(d, "SHT-005")[0].cell == "J2"


def test_a_title_names_the_unit_where_no_head_does() -> None:
    d = read(sheet("汇总表", f"样例二小2020年联合募捐汇总表\n{HEAD}\n{ROW}"), SLIPS)
    assert who(d) == ("YL002", "head", [])


def test_version_words_of_a_name_are_said() -> None:
    assert who(document("样例一小"), name="募捐(1).xlsx")[2] == ["WBK-010"]
    assert who(document("样例一小"), name="募捐最终版.xlsx")[2] == ["WBK-010"]


def test_an_unreadable_file_is_assigned_by_name_without_a_word() -> None:
    d = replace(document(), outcome="rejected", tables=(), head={}, named=())
    assert who(d, name="样例一小.xlsx") == ("YL001", "name", [])
    assert who(d) == (None, "", [])


def test_one_finding_per_document_of_an_unknown_unit() -> None:
    assert one(replace(document(), findings=tuple(identify(document(), INDEX, "", "x.xlsx")[2])), "WBK-008")
