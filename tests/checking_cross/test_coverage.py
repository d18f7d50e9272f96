"""Rules noticed outside the checking room: what the coverage says of them. Deliveries in, `rule subject verdict` out."""

from __future__ import annotations

from dataclasses import replace

from pipeline.checking import of_arranging, of_running
from pipeline.checking.tally import of_reading
from pipeline.model import Finding, Office

from .conftest import District


def verdicts(
    district: District, rule: str, *found: Finding, office: Office | None = None
) -> list[tuple[str, str, int]]:
    given = office or Office(registers={"R1": district.registers["R1"]})
    return [
        (c.subject, c.verdict, c.count)
        for c in of_arranging(district.book, district.filed, found, given)
        if c.rule == rule
    ]


def lay(district: District) -> None:
    district.register("R1", [{"unit_code": "YL001"}])
    district.send("YL001", district.table("F1.applications", []), path="a.xlsx")
    district.send("YL001", path="b.xlsx", state="unreadable", outcome="rejected")
    district.send("YL001", district.table("F1.applications", []), path="c.xlsx", state="superseded")
    district.send("YL001", path="d.pdf", state="attachment", outcome="not-a-workbook")
    district.filed[-1] = replace(district.filed[-1], document=replace(district.filed[-1].document, attachment=True))


def test_a_rule_about_a_forms_inside_says_of_every_path_what_became_of_it(district: District) -> None:
    lay(district)
    assert verdicts(district, "WBK-009", Finding("WBK-009", file="a.xlsx")) == [
        ("a.xlsx", "found", 1),
        ("b.xlsx", "could_not_run", 1),
        ("c.xlsx", "not_applicable", 0),
        ("d.pdf", "not_applicable", 0),
    ]


def test_a_path_that_came_twice_has_one_verdict_and_withdrawn_or_older_versions_say_nothing(district: District) -> None:
    """n1 a.xlsx counts, n2 a.xlsx cannot be opened; b.xlsx was withdrawn and came again; c.xlsx is older."""
    lay(district)
    district.send("YL001", path="a.xlsx", state="unreadable", outcome="rejected")
    district.send("YL001", district.table("F1.applications", []), path="w.xlsx", state="withdrawn")
    noticed = Finding("SHT-003", file="w.xlsx")
    district.filed[-1] = replace(district.filed[-1], document=replace(district.filed[-1].document, findings=(noticed,)))
    district.filed[2] = replace(district.filed[2], document=replace(district.filed[2].document, findings=(noticed,)))
    lines = [*of_reading(district.book, district.filed), *of_arranging(district.book, district.filed, [], Office())]
    assert len(lines) == len({(c.rule, c.subject) for c in lines})
    said = {c.subject: c.verdict for c in lines if c.rule == "SHT-003"}
    assert said == {
        "a.xlsx": "could_not_run",
        "b.xlsx": "could_not_run",
        "c.xlsx": "not_applicable",
        "d.pdf": "not_applicable",
        "w.xlsx": "not_applicable",
    }


def test_without_the_register_of_units_nobody_can_be_a_stranger(district: District) -> None:
    lay(district)
    assert verdicts(district, "XRG-001", office=Office()) == [("", "not_applicable", 0)]


def test_attachments_are_counted_by_unit_and_decisions_for_the_district(district: District) -> None:
    lay(district)
    assert verdicts(district, "WBK-024", Finding("WBK-024", unit="YL001", file="d.pdf")) == [("YL001", "found", 1)]
    assert verdicts(district, "WBK-025") == [("", "not_applicable", 0)]


def test_the_calendar_passed_or_there_would_be_no_night_and_the_gate_says_what_it_saw(district: District) -> None:
    lines = of_running(district.book, ("loader", "gate"), [Finding("OUT-009", file="district/x.html")])
    said = {c.rule: (c.subject, c.verdict, c.count) for c in lines}
    assert len(said) == len(lines)
    assert said.pop("OUT-009") == ("", "found", 1)
    assert {"CAL-015", "CAL-016", "MNY-014", "OUT-005", "OUT-007", "OUT-011", "OUT-012"} <= said.keys()
    assert set(said.values()) == {("", "passed", 1)}
