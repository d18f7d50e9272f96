"""From rows as they were read to persons and members."""

from __future__ import annotations

from datetime import date

from pipeline.model import Document, Place, Registered, Row, Sheet, Table
from pipeline.people import Tables, link, register_persons, sheet_members, sheet_persons

from .conftest import valid

NUMBER, WIFE = valid("79010119700103001"), valid("79010119720304004")
FILE = Document("甲校/F1.xlsx", "0" * 64, 1, "xlsx", "readable")


def sheet(resource: str, columns: list[str], *lines: list[str]) -> Sheet:
    rows = []
    for number, line in enumerate(lines, 5):
        raw = {name: text for name, text in zip(columns, line, strict=True) if text}
        values = {k: int(v) if k == "birth_year" else v for k, v in raw.items()}
        rows.append(Row(number, values, raw))
    at = {name: i for i, name in enumerate(columns, 1)}
    table = Table("F1", resource, resource, (4, 4), at, {}, tuple(rows))
    return Sheet(table, "YL001", FILE.path, FILE.sha256, date(2019, 12, 1), FILE)


APPLICANTS = sheet(
    "applications",
    ["seq", "name", "id_number", "mobile", "account_no"],
    ["1", "张伟", NUMBER, "10123456789", ""],
    ["2", "王芳", "7.90101197203040E+17", "", "6200990000000000001"],
    ["3", "", "", "", ""],
    ["4", "李敏", "", "", ""],
    ["5", "李敏", "", "", ""],
)


def test_the_clerks_own_text_counts_and_the_cell_is_cited() -> None:
    people = sheet_persons(APPLICANTS)
    assert [p.name for p in people] == ["张伟", "王芳", "李敏", "李敏"]
    assert people[0].place == Place("YL001", FILE.path, "applications", "C5")
    assert (people[0].kind, people[0].unit, people[0].row, people[0].phone) == ("F1", "YL001", 5, "10123456789")
    assert people[1].number == "7.90101197203040E+17"
    assert len({p.key for p in people}) == 4


def test_registers_bring_unit_and_birth_date() -> None:
    row = Row(7, {"unit_code": "YL002", "birth": date(1972, 3, 4)}, {"name": "王芳", "id_number": WIFE})
    place = Place("", "_district/R2.xlsx", "R2", "C7")
    (person,) = register_persons(Registered("R2", (row, Row(8, {}, {})), (place, place)))
    assert (person.kind, person.unit, person.born, person.place) == ("R2", "YL002", date(1972, 3, 4), place)


def test_members_find_their_applicant_or_are_left_out(tables: Tables) -> None:
    columns = ["staff_name", "staff_id_tail", "member_name", "relation", "member_id", "birth_year"]
    household = sheet(
        "members",
        columns,
        ["张伟", NUMBER[-4:], "王芳", "配偶", "", "1972"],
        ["张伟", "9999", "某人", "配偶", "", ""],
        ["李敏", "", "某人", "配偶", "", ""],
        ["赵六", "", "某人", "配偶", "", ""],
    )
    people = sheet_persons(APPLICANTS)
    (member,) = sheet_members(household, people)
    assert (member.name, member.birth_year, member.of, member.place.cell) == ("王芳", 1972, people[0].key, "C5")
    wife = wife_in_register()
    found = link([*people, wife], tables, [member])
    (tie,) = (t for t in found.ties if t.kind == "spouse")
    assert people[0].key in tie.people
    assert tie.via == (member.key,)


def wife_in_register():  # type: ignore[no-untyped-def]
    row = Row(7, {"unit_code": "YL002"}, {"name": "王芳", "id_number": WIFE})
    return register_persons(Registered("R2", (row,), (Place("", "_district/R2.xlsx", "R2", "C7"),)))[0]
