"""check(): unknown is neither blank nor passed, a blank is said once, what is off is not judged, and nothing is silently absent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipeline.book.spec import Book
from pipeline.checking import check
from pipeline.model import Checked, Coverage, Finding, Office, Past, Season

from .conftest import AS_OF, Checker, means, person, sheets, table


def rules(checked: Checked) -> list[str]:
    return sorted(f.rule for f in checked.findings)


def covered(checked: Checked, rule: str, file: str = "甲.xlsx") -> list[Coverage]:
    return [c for c in checked.coverage if c.rule == rule and c.subject == file]


def test_a_form_filled_right_says_nothing(checker: Checker) -> None:
    assert checker.run({"甲.xlsx": checker.f1(person())}).findings == ()


def test_blank_is_said_once_and_nothing_that_follows_from_it(checker: Checker) -> None:
    """Without 困难类别, 主要致困原因 or 申请金额 only CEL-001 speaks, at the physical cell."""
    checked = checker.run({"甲.xlsx": checker.f1(person(category=None, cause_main=None, amount_requested=None))})
    assert rules(checked) == ["CEL-001", "CEL-001", "CEL-001"]
    assert {(f.sheet, f.row, f.field, f.value) for f in checked.findings} == {
        ("申报表", 3, n, "") for n in ("category", "cause_main", "amount_requested")
    }
    assert all(f.cell and f.title and f.resource == "applications" for f in checked.findings)


@pytest.mark.parametrize(
    ("field", "silenced"),
    [
        ("category", "ROW-008"),
        ("household_size", "ROW-008"),
        ("household_size", "ROW-007"),
        ("id_number", "ROW-003"),
        ("cause_main", "ROW-009"),
        ("amount_requested", "CEL-031"),
    ],
)
def test_unknown_blocks_every_rule_reading_it_and_names_the_culprit(
    checker: Checker, field: str, silenced: str
) -> None:
    noticed = Finding(
        "CEL-016" if field == "id_number" else "CEL-028", form="F1", file="甲.xlsx", sheet="申报表", row=3, field=field
    )
    row = {**person(**{field: None}), f"{field}?": "看不清"}
    checked = checker.run({"甲.xlsx": checker.f1(row)}, {"甲.xlsx": [noticed]})
    assert checked.findings == ()  # the typing failure is the reader's own finding
    lines = covered(checked, silenced)
    assert [(c.verdict, noticed.rule in c.why) for c in lines if c.verdict == "could_not_run"] == [
        ("could_not_run", True)
    ]
    assert not [c for c in lines if c.verdict == "found"]


def test_unknown_on_one_row_leaves_the_others_judged(checker: Checker) -> None:
    noticed = Finding("CEL-003", form="F1", file="甲.xlsx", sheet="申报表", row=3, field="category")
    bad = {**person(category=None), "category?": "特特困"}
    good = person(name="何雪", id_number="610104196209276908", mobile="13800138002", category="深度困难")
    checked = checker.run({"甲.xlsx": checker.f1(bad, good)}, {"甲.xlsx": [noticed]})
    assert rules(checked) == ["ROW-008"]
    assert [(c.verdict, c.count, "CEL-003" in c.why) for c in covered(checked, "ROW-008")] == [("found", 1, True)]


def test_a_missing_required_column_cannot_run_and_is_not_a_heap_of_blanks(checker: Checker) -> None:
    tables = checker.f1(person(mobile=None), without=("mobile",), blocked=("mobile",))
    checked = checker.run({"甲.xlsx": tables})
    assert checked.findings == ()
    assert any(c.verdict == "could_not_run" and "SHT-003" in c.why for c in covered(checked, "CEL-001"))


def test_a_missing_optional_column_is_not_judged(checker: Checker) -> None:
    """Last year's plain table without 患者 and 病种: nothing to point at, so nothing is asked."""
    tables = checker.f1(person(patient=None, disease=None), without=("patient", "disease"), plain=True)
    assert checker.run({"甲.xlsx": tables}).findings == ()


def test_off_fields_are_not_applicable_and_the_rest_of_the_rule_is_judged(checker: Checker) -> None:
    """ROW-009 judges 患者, 病种 and 医疗支出 although 确诊日期 is off; ROW-001 has no judgement left."""
    checked = checker.run({"甲.xlsx": checker.f1(person(disease=None))})
    assert rules(checked) == ["ROW-009"]
    assert [c.verdict for c in covered(checked, "ROW-001")] == ["not_applicable"]
    assert all(c.why for c in covered(checked, "ROW-001"))


def test_someone_without_a_line_of_means_is_asked_once(checker: Checker) -> None:
    """The companion sheet has a line for the first person only: its blank required cell is named where it belongs."""
    two = (person(), person(name="何雪", id_number="610104196209276908", mobile="13800138002", category="深度困难"))
    checked = checker.run({"甲.xlsx": checker.f1(*two, economy=[means()])})
    assert [(f.rule, f.sheet, f.row, f.field) for f in checked.findings] == [
        ("CEL-001", "家庭经济", 4, "household_income_year")
    ]


def test_companion_rows_follow_the_name_even_when_sorted_apart(checker: Checker) -> None:
    rich = means(
        seq=1,
        name="何雪",
        household_income_year=6000000,
        medical_cost_year=0,
        education_cost_year=1200000,
        net_per_head=133333,
    )
    study = {"cause_main": "子女上学", "patient": None, "disease": None, "priority": None}
    two = (person(), person(seq=2, name="何雪", id_number="610104196209276908", mobile="13800138002", **study))
    swapped = [rich, means(seq=2)]
    assert checker.run({"甲.xlsx": checker.f1(*two, economy=swapped)}).findings == ()


def test_findings_go_home_to_their_own_file(checker: Checker) -> None:
    files = {
        f"{i}.xlsx": checker.f1(person(), person(name="何雪", id_number="610104196209276908", mobile="13800138002"))
        for i in range(6)
    }
    files["3.xlsx"] = checker.f1(person(), person(name="何雪", id_number="610104196209276908", mobile=None))
    checked = checker.run(files)
    found = [f for f in checked.findings if f.rule != "XSC-001"]  # the files repeat the same people
    assert [(f.rule, f.file, f.unit, f.row) for f in found] == [("CEL-001", "3.xlsx", "YL004", 4)]


def test_same_person_same_project_within_a_sheet_only(checker: Checker) -> None:
    """SHT-007 names and holds both rows; the same person for another project, or in another file, is not it."""
    again = person(seq=2, amount_requested=100000)
    other = person(seq=3, aid_type="助学帮困")
    checked = checker.run({"甲.xlsx": checker.f1(person(), again, other), "乙.xlsx": checker.f1(person())})
    found = [f for f in checked.findings if f.rule == "SHT-007"]
    assert [(f.file, f.row, f.rows, f.field) for f in found] == [("甲.xlsx", 4, (3, 4), "id_number")]
    assert found[0].related[0].cell


@pytest.mark.parametrize("hidden", ["林晓", "440308199901101512", "恶性肿瘤"])
def test_no_message_fact_carries_a_person_or_an_illness(checker: Checker, hidden: str) -> None:
    rows = (
        person(),
        person(seq=2),
        person(seq=3, id_number="440308199901102013", mobile="13800138009", declaration=False, category="深度困难"),
    )
    checked = checker.run({"甲.xlsx": checker.f1(*rows)})
    assert len(checked.findings) >= 4
    assert not [f for f in checked.findings if any(hidden in v for v in f.facts.values())]


def test_every_rule_is_in_the_coverage(checker: Checker, book: Book) -> None:
    """Found, passed, not applicable, could not run or not enforced: never silently absent."""
    checked = checker.run({"甲.xlsx": checker.f1(person())})
    named = {c.rule for c in checked.coverage}
    elsewhere = {r.id for r in book.rules.values() if r.stage != "draft" and r.kind in {"arrange", "gate", "loader"}}
    elsewhere |= {
        r.id
        for r in book.rules.values()
        if r.stage != "draft"
        and not any(
            w.startswith("F1") or w not in {"F2", "F3", "F4", "F5", "综合平衡表"}
            for w in (x.partition(".")[0] for x in r.where)
        )
    }
    assert set(book.rules) - named <= elsewhere
    assert {c.verdict for c in checked.coverage} <= {
        "passed",
        "found",
        "not_applicable",
        "could_not_run",
        "not_enforced",
    }
    assert all(c.why for c in checked.coverage if c.verdict in {"not_applicable", "could_not_run"})


def test_a_container_that_hides_a_symptom_could_not_run_that_rule(checker: Checker, book: Book, season: Season) -> None:
    made, filed = sheets(checker.f1(person()), "甲.xls")
    blind = replace(filed, document=replace(filed.document, kind="xls", cannot_see=frozenset({"hidden"})))
    checked = check(made, [blind], Office(), book, season, AS_OF, Past())
    assert [c.verdict for c in covered(checked, "SHT-014", "甲.xls")] == ["could_not_run"]
    assert [c.verdict for c in covered(checked, "SHT-009", "甲.xls")] == ["passed"]


def test_control_totals_compare_with_the_rows_as_declared(checker: Checker, book: Book) -> None:
    """A subtotal may stand for the rows since the last one; a wrong grand total is one finding with what the sum is."""
    rows = [person(amount_requested=n * 100) for n in (10, 20, 30)]
    spec = table("applications", [*rows, {"amount_requested": 3000}, {"amount_requested": 7000}], book)
    split = replace(spec, rows=spec.rows[:3], totals=spec.rows[3:], plain=True)
    checked = checker.run({"甲.xlsx": [split]})
    found = [f for f in checked.findings if f.rule == "SHT-010"]
    assert [(f.row, f.facts["calc"]) for f in found] == [(6, "60.00"), (7, "60.00")]


def test_same_input_same_output(checker: Checker) -> None:
    files: dict[str, Any] = {f"{i}.xlsx": checker.f1(person(category="深度困难"), person(seq=2)) for i in range(5)}
    first, second = checker.run(files), checker.run(files)
    assert first == second


def test_an_addition_in_a_second_file_is_still_the_same_person(checker: Checker, book: Book, season: Season) -> None:
    """追加: two current files of one unit. The later row is named in its own file, the first one is related."""
    first, one = sheets(checker.f1(person()), "甲.xlsx")
    later, two = sheets(checker.f1(person()), "补报.xlsx")
    checked = check([*first, *later], [one, two], Office(), book, season, AS_OF, Past())
    found = [f for f in checked.findings if f.rule == "SHT-007"]
    assert [(f.file, f.row, f.rows, f.related[0].file) for f in found] == [("补报.xlsx", 3, (3,), "甲.xlsx")]


@pytest.mark.parametrize(
    ("resource", "form", "row", "other", "field"),
    [
        ("slips", "F2", {"slip_no": "20200108001", "amount": 1}, {"slip_no": "20200108002", "amount": 1}, "slip_no"),
        ("slips", "F2", {"remit_date": AS_OF, "amount": 1}, {"remit_date": AS_OF, "amount": 2}, "remit_date"),
        ("payments", "F3", {"name": "林晓", "id_tail": "151X", "aid_type": "大病帮困", "fund": "区教育工会"}, {"name": "林晓", "id_tail": "151X", "aid_type": "大病帮困", "fund": "校工会经费"}, "name"),
    ],
)  # fmt: skip
def test_money_of_an_addition_is_not_counted_twice(
    book: Book, season: Season, resource: str, form: str, row: dict[str, Any], other: dict[str, Any], field: str
) -> None:
    """Equal slips or payments on one sheet are several; a second file that repeats one of the first holds its own row back."""
    first, one = sheets([table(resource, [row, row, other], book, form)], "发放/甲.xlsx")
    later, two = sheets([table(resource, [other | {"seq": 1}, row, row, row], book, form)], "补报/甲.xlsx")
    checked = check([*first, *later], [one, two], Office(), book, season, AS_OF, Past())
    found = [f for f in checked.findings if f.rule == "SHT-007"]
    assert [(f.file, f.rows, f.field) for f in found] == [("补报/甲.xlsx", (n,), field) for n in (3, 4, 5)]
    assert [(f.facts["r1"], f.facts["file"], f.facts["r2"]) for f in found] == [
        (str(n), "先收到的“发放/甲.xlsx”", m) for n, m in ((3, "5"), (4, "3"), (5, "4"))
    ]


def test_who_was_not_paid_needs_a_reason_but_no_date(checker: Checker, book: Book) -> None:
    """F3: with 未发原因 the blank 实发, 日期 and 方式 are answered; without it they are blanks."""
    due = {"name": "林晓", "id_tail": "1512", "aid_type": "大病帮困", "fund": "区教育工会", "amount_due": 300000}
    told = table("payments", [{**due, "unpaid_reason": "住院"}], book, form="F3")
    silent = table("payments", [due], book, form="F3")
    assert checker.run({"甲.xlsx": [told]}).findings == ()
    assert {f.field for f in checker.run({"甲.xlsx": [silent]}).findings} == {"amount_paid", "pay_date", "pay_method"}
    nothing = table("payments", [{**due, "amount_paid": 0}], book, form="F3")
    assert [(f.rule, f.field) for f in checker.run({"甲.xlsx": [nothing]}).findings] == [("ROW-035", "unpaid_reason")]


def test_what_a_sheet_rule_could_not_read_stands_beside_what_it_found(checker: Checker) -> None:
    noticed = Finding("CEL-026", form="F3", file="甲.xlsx", sheet="发放登记", row=5, field="account_no")
    paid = {
        "aid_type": "大病帮困",
        "fund": "区教育工会",
        "amount_due": 1,
        "amount_paid": 1,
        "pay_date": AS_OF,
        "pay_method": "银行转账",
        "account_no": "6212345678901234569",
    }
    rows = [
        {**paid, "name": "林晓", "id_tail": "1512"},
        {**paid, "name": "何雪", "id_tail": "6908"},
        {**paid, "name": "秦川", "id_tail": "0014", "account_no?": "62"},
    ]
    del rows[2]["account_no"]
    checked = checker.run({"甲.xlsx": [table("payments", rows, checker.book, form="F3")]}, {"甲.xlsx": [noticed]})
    assert [(f.rule, f.rows) for f in checked.findings] == [("SHT-021", (3, 4))]
    assert [(c.verdict, c.count, "CEL-026" in c.why) for c in covered(checked, "SHT-021")] == [("found", 1, True)]


@pytest.mark.parametrize(("without", "where"), [((), "unpaid_reason"), (("unpaid_reason",), "amount_paid")])
def test_paying_less_asks_for_a_reason_even_where_the_table_has_no_column_for_it(
    without: tuple[str, ...], where: str, checker: Checker, book: Book
) -> None:
    paid = {
        "seq": 1, "name": "林晓", "id_tail": "1512", "aid_type": "大病帮困", "fund": "区教育工会", "amount_due": 300000,
        "amount_paid": 200000, "pay_date": AS_OF, "pay_method": "银行转账",
    }  # fmt: skip
    checked = checker.run({"甲.xlsx": [table("payments", [paid], book, "F3", without=without)]})
    (hit,) = (f for f in checked.findings if f.rule == "ROW-035")
    assert (hit.field, hit.row) == (where, 3)
    full = {**paid, "amount_paid": 300000}
    checked = checker.run({"甲.xlsx": [table("payments", [full], book, "F3", without=without)]})
    assert "ROW-035" not in rules(checked)


def test_a_doubt_that_leaves_its_cell_unknown_is_named_where_it_blocks(checker: Checker, book: Book) -> None:
    """Several names in one cell are a warning; the rules on officers say that it kept them from judging."""
    cash = {
        "seq": 1, "name": "林晓", "id_tail": "1512", "aid_type": "大病帮困", "fund": "区教育工会", "amount_due": 300000,
        "amount_paid": 300000, "pay_date": AS_OF, "pay_method": "现金", "officer1?": "方远、高原、何雪", "officer2": "李清",
    }  # fmt: skip
    made = table("payments", [cash], book, "F3")
    said = Finding("CEL-044", form="F3", sheet=made.sheet, row=3, field="officer1")
    checked = checker.run({"甲.xlsx": [made]}, {"甲.xlsx": [said]})
    (line,) = covered(checked, "ROW-023")
    assert line.verdict == "could_not_run" and "CEL-044" in line.why
