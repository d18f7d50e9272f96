"""Deliveries and versions (contract.md 3; season.md 3): a season of deliveries in, what became of each out.

In the tables a line is a delivery in order of arrival: `n1 a.xlsx 甲乙` = first night, this path, these people.
"""

from __future__ import annotations

import hashlib
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Finding

from .making import IDS, Season, day, moment


def season(text: str) -> Season:
    """Lines `n1 a.xlsx 甲乙 [salt]` -> deliveries; the same people and salt are the same bytes."""
    made = Season()
    for line in text.strip().splitlines():
        night, path, *rest = line.split()
        people, salt = (rest[0] if rest else ""), (rest[1] if len(rest) > 1 else "")
        made.send(path, people.replace("-", ""), night=int(night[1:]), salt=salt, rows=salt or "1")
    return made


@pytest.mark.parametrize(
    ("deliveries", "states", "said"),
    [
        ("n1 a.xlsx 甲", ["a.xlsx adopted"], []),
        ("n1 a.xlsx 甲\nn2 a.xlsx 甲乙", ["a.xlsx superseded", "a.xlsx adopted"], ["WBK-012 a.xlsx 2"]),
        ("n1 a.xlsx 甲\nn2 b.xlsx 甲乙", ["a.xlsx superseded", "b.xlsx adopted"], ["WBK-012 b.xlsx 2"]),
        ("n1 a.xlsx 甲\nn1 b.xlsx 甲", ["a.xlsx adopted", "b.xlsx duplicate"], ["WBK-011 b.xlsx"]),
        ("n1 a.xlsx 甲\nn2 b.xlsx 甲", ["a.xlsx adopted", "b.xlsx duplicate"], ["WBK-011 b.xlsx"]),
        # bytes that come back to a path that held others are news, and count as the newest
        ("n1 a.xlsx 甲乙\nn2 a.xlsx 甲乙 2\nn3 a.xlsx 甲乙", ["a.xlsx superseded", "a.xlsx superseded", "a.xlsx adopted"], ["WBK-012 a.xlsx 2"]),
        # known bytes at a new path are a resend, even when something newer came in between
        ("n1 a.xlsx 甲乙\nn2 a.xlsx 甲乙 2\nn3 b.xlsx 甲乙", ["a.xlsx superseded", "a.xlsx adopted", "b.xlsx duplicate"], ["WBK-011 b.xlsx", "WBK-012 a.xlsx 2"]),
        # nothing tells the two of one night apart: nobody guesses
        ("n1 a.xlsx 甲\nn1 b.xlsx 甲 2", ["a.xlsx held", "b.xlsx held"], ["WBK-022 a.xlsx 2", "WBK-022 b.xlsx 2"]),
        ("n1 a.xlsx 甲\nn1 b.xlsx 甲 2\nn1 c.xlsx 甲 3", ["a.xlsx held", "b.xlsx held", "c.xlsx held"], [f"WBK-022 {p}.xlsx 3" for p in "abc"]),
        # a tie leaves what was accepted before as it was
        ("n1 a.xlsx 甲\nn2 b.xlsx 甲 2\nn2 c.xlsx 甲 3", ["a.xlsx adopted", "b.xlsx held", "c.xlsx held"], ["WBK-022 b.xlsx 2", "WBK-022 c.xlsx 2"]),
        # and is no question any more once everybody in it stands in a newer version
        ("n1 a.xlsx 甲\nn1 b.xlsx 甲 2\nn2 c.xlsx 甲 3", ["a.xlsx superseded", "b.xlsx superseded", "c.xlsx adopted"], ["WBK-012 c.xlsx 3"]),
        # people are never lost silently
        ("n1 a.xlsx 甲乙\nn2 b.xlsx 甲", ["a.xlsx adopted", "b.xlsx held"], ["SHT-023 b.xlsx 1"]),
        ("n1 a.xlsx 甲乙丙\nn2 b.xlsx -", ["a.xlsx adopted", "b.xlsx held"], ["SHT-023 b.xlsx 3"]),
        ("n1 a.xlsx 甲乙\nn2 b.xlsx 甲\nn3 c.xlsx 甲乙丙", ["a.xlsx superseded", "b.xlsx superseded", "c.xlsx adopted"], ["WBK-012 c.xlsx 3"]),
        ("n1 a.xlsx 甲乙\nn2 b.xlsx 丙\nn3 c.xlsx 甲乙丁", ["a.xlsx superseded", "b.xlsx held", "c.xlsx adopted"], ["SHT-023 b.xlsx 2", "WBK-012 c.xlsx 3"]),
        # the school wrote over the file that waited
        ("n1 a.xlsx 甲乙\nn2 b.xlsx 甲\nn3 b.xlsx 甲 2", ["a.xlsx adopted", "b.xlsx superseded", "b.xlsx held"], ["SHT-023 b.xlsx 1"]),
    ],
)  # fmt: skip
def test_what_becomes_of_each_delivery(deliveries: str, states: list[str], said: list[str]) -> None:
    made = season(deliveries)
    assert made.states() == states
    assert made.said() == said


@pytest.mark.parametrize(
    ("first", "second", "newest"),
    [
        ({"filled": day(1)}, {"filled": day(2)}, "b.xlsx"),
        ({"filled": day(2)}, {"filled": day(1)}, "a.xlsx"),
        ({"saved": moment(1)}, {"saved": moment(2)}, "b.xlsx"),
        ({"saved": moment(2)}, {"saved": moment(1)}, "a.xlsx"),
        ({"filled": day(2), "saved": moment(1)}, {"filled": day(1), "saved": moment(2)}, "a.xlsx"),
        ({"filled": day(1), "saved": moment(2)}, {"filled": day(1), "saved": moment(1)}, "a.xlsx"),
        ({"filled": day(2), "saved": moment(1)}, {"saved": moment(2)}, "b.xlsx"),  # a day only one of them states tells nothing
        ({"filled": day(1)}, {"saved": moment(2)}, ""),
        ({"filled": day(1), "saved": moment(1)}, {"filled": day(1), "saved": moment(1)}, ""),
    ],
)  # fmt: skip
def test_ties_of_one_night_go_by_the_day_of_filling_then_by_the_documents_own_time(
    first: dict, second: dict, newest: str
) -> None:
    made = Season()
    made.send("a.xlsx", "甲", rows="1", **first)
    made.send("b.xlsx", "甲", rows="2", **second)
    adopted = [s.split()[0] for s in made.states() if s.endswith("adopted")]
    assert adopted == ([newest] if newest else [])


def test_equal_content_saved_twice_is_no_question() -> None:
    made = Season()
    made.send("a.xlsx", "甲", salt="x")
    made.send("b.xlsx", "甲", salt="y")
    assert made.states() == ["a.xlsx superseded", "b.xlsx adopted"]
    assert made.said() == []


def test_equal_content_is_no_question_wherever_it_stands_among_the_tied() -> None:
    made = Season()
    made.send("a.xlsx", "甲", salt="x")
    made.send("b.xlsx", "甲", salt="y", rows="2")
    made.send("c.xlsx", "甲", salt="z")
    assert made.said() == ["WBK-022 b.xlsx 2", "WBK-022 c.xlsx 2"]


def test_empty_files_are_no_copies_of_each_other() -> None:
    made, nothing = Season(), hashlib.sha256(b"").hexdigest()
    for path, unit in (("a.xlsx", None), ("b.xlsx", "YL001"), ("c.xlsx", "YL001")):
        made.send(path, None, unit=unit, outcome="rejected", digest=nothing, findings=[Finding("WBK-007")])
    assert made.states() == ["a.xlsx unreadable", "b.xlsx unreadable", "c.xlsx unreadable"]
    assert made.said() == ["WBK-007 a.xlsx", "WBK-007 b.xlsx", "WBK-007 c.xlsx"]


@given(st.permutations(["a.xlsx", "b.xlsx", "c.xlsx"]))
def test_the_order_of_files_in_one_night_decides_nothing(order: list[str]) -> None:
    made, days = Season(), {"a.xlsx": day(1), "b.xlsx": day(3), "c.xlsx": day(2)}
    for path in order:
        made.send(path, "甲", rows=path, filled=days[path])
    assert sorted(made.states()) == ["a.xlsx superseded", "b.xlsx adopted", "c.xlsx superseded"]


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sets(st.sampled_from("甲乙丙丁")), st.integers(1, 3)),
        min_size=1,
        max_size=7,
    )
)
def test_nobody_accepted_is_ever_lost_and_every_delivery_has_one_state(line: list[tuple[str, set[str], int]]) -> None:
    """Night after night one delivery: whoever stood in the version that counted stands in the one that counts next."""
    made, before = Season(), set()
    for night, (path, people, salt) in enumerate(line, 1):
        made.send(f"{path}.xlsx", "".join(sorted(people)), night=night, salt=str(salt), rows=str(salt))
        filed, _ = made.arranged()
        assert len(filed) == night
        assert all(bool(f.current) == (f.state == "adopted") for f in filed)
        now = {r.values["name"] for f in filed if f.current for t in f.document.tables for r in t.rows}
        assert before <= now
        before = now


# -- people: who is still there -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ({"甲": IDS["甲"]}, {"甲": IDS["甲"]}, 0),
        ({"甲": IDS["甲"]}, {"甲 ": IDS["甲"]}, 0),
        ({"甲": IDS["甲"]}, {"夹": IDS["甲"]}, 0),  # a name put right
        ({"甲": IDS["甲"]}, {"甲": IDS["乙"]}, 0),  # a number put right
        ({"甲": IDS["甲"]}, {"甲": ""}, 0),  # a number taken out: another rule asks for it
        ({"甲": ""}, {"甲": IDS["甲"]}, 0),
        ({"甲": IDS["甲"]}, {"夹": IDS["乙"]}, 1),
        ({"甲": IDS["甲"], "乙": IDS["乙"]}, {"甲": IDS["甲"]}, 1),
        ({"甲": IDS["甲"], "乙": IDS["乙"]}, {"甲": IDS["乙"]}, 1),  # the other's number is no correction
        ({"丙": IDS["丙"]}, {"丙": IDS["丙"].lower()}, 0),
    ],
)  # fmt: skip
def test_who_is_still_there(before: dict[str, str], after: dict[str, str], lost: int) -> None:
    made = Season()
    made.send("a.xlsx", before)
    made.send("b.xlsx", after, night=2)
    assert [s for s in made.said() if s.startswith("SHT-023")] == ([f"SHT-023 b.xlsx {lost}"] if lost else [])


def test_a_stated_whereabouts_in_the_newer_file_lets_a_person_go() -> None:
    made = Season()
    made.send("a.xlsx", "甲乙")
    made.send("b.xlsx", "甲", night=2, gone="乙")
    assert made.states() == ["a.xlsx superseded", "b.xlsx adopted"]


def test_a_whereabouts_written_down_by_the_office_lets_a_person_go() -> None:
    made = Season()
    made.send("a.xlsx", "甲乙")
    made.send("b.xlsx", "甲", night=2)
    made.decide("whereabouts", "f00d", extra={"name": "乙", "id_tail": IDS["乙"][-4:], "destination": "调离"})
    assert made.states() == ["a.xlsx superseded", "b.xlsx adopted"]


def test_the_whereabouts_of_somebody_else_lets_nobody_go() -> None:
    made = Season()
    made.send("a.xlsx", "甲乙")
    made.send("b.xlsx", "甲", night=2, gone="丙")
    assert made.states() == ["a.xlsx adopted", "b.xlsx held"]


def test_a_zero_report_after_people_waits() -> None:
    made = Season()
    made.send("a.xlsx", "甲")
    made.send("b.xlsx", None, night=2, zero=["F1"])
    assert made.states() == ["a.xlsx adopted", "b.xlsx held"]
    assert made.said() == ["SHT-023 b.xlsx 1"]


# -- what the office decides ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "states", "said"),
    [
        ("replace", ["a.xlsx superseded", "b.xlsx adopted"], ["WBK-012 b.xlsx 2"]),
        ("add", ["a.xlsx adopted", "b.xlsx adopted"], []),
        ("withdraw", ["a.xlsx adopted", "b.xlsx withdrawn"], []),
        ("choose", ["a.xlsx superseded", "b.xlsx adopted"], []),
    ],
)  # fmt: skip
def test_the_office_ends_the_wait_of_a_shorter_version(kind: str, states: list[str], said: list[str]) -> None:
    made = Season()
    made.send("a.xlsx", "甲乙")
    made.decide(kind, made.send("b.xlsx", "甲", night=2), night=3)
    assert made.states() == states
    assert made.said() == said


@pytest.mark.parametrize("chosen", ["a.xlsx", "b.xlsx"])
def test_a_chosen_version_ends_a_tie(chosen: str) -> None:
    made = Season()
    ids = {path: made.send(path, "甲", rows=path) for path in ("a.xlsx", "b.xlsx")}
    made.decide("choose", ids[chosen], night=2)
    assert [s for s in made.states() if s.endswith("adopted")] == [f"{chosen} adopted"]
    assert made.said() == []


def test_an_older_version_may_be_chosen_and_later_ones_supersede_it_again() -> None:
    made = Season()
    first = made.send("a.xlsx", "甲乙")
    made.send("b.xlsx", "甲乙", night=2, rows="2")
    made.decide("choose", first, night=3)
    assert made.states() == ["a.xlsx adopted", "b.xlsx superseded"]
    made.send("c.xlsx", "甲乙", night=4, rows="3")
    assert made.states() == ["a.xlsx superseded", "b.xlsx superseded", "c.xlsx adopted"]


def test_after_an_addition_the_next_version_must_hold_everybody() -> None:
    made = Season()
    made.send("a.xlsx", "甲")
    made.decide("add", made.send("b.xlsx", "乙", night=2), night=3)
    made.send("c.xlsx", "甲", night=4, rows="2")
    assert made.states() == ["a.xlsx adopted", "b.xlsx adopted", "c.xlsx held"]
    made.send("d.xlsx", "甲乙", night=5)
    assert made.states() == ["a.xlsx superseded", "b.xlsx superseded", "c.xlsx superseded", "d.xlsx adopted"]


def test_a_withdrawn_version_gives_the_word_back_to_the_one_before() -> None:
    made = Season()
    made.send("a.xlsx", "甲")
    made.decide("withdraw", made.send("b.xlsx", "甲乙", night=2), night=3)
    assert made.states() == ["a.xlsx adopted", "b.xlsx withdrawn"]


def test_a_revoked_decision_decides_nothing() -> None:
    made = Season()
    made.decide("withdraw", made.send("a.xlsx", "甲"), revoked=True)
    assert made.states() == ["a.xlsx adopted"]


def test_a_claimed_file_speaks_for_its_unit_and_asks_whose_it_is_no_more() -> None:
    asked = [Finding("WBK-008"), Finding("XRG-001", sheet="封面", row=2, col=2), Finding("WBK-010")]
    made = Season()
    target = made.send("a.xlsx", "甲", unit=None, said=asked)
    assert made.states() == ["a.xlsx held"]
    assert made.said() == ["WBK-008 a.xlsx", "WBK-010 a.xlsx", "XRG-001 a.xlsx"]
    made.decide("claim", target, unit="YL002")
    filed, found = made.arranged()
    assert [(f.unit, f.unit_by, f.state) for f in filed] == [("YL002", "decision", "adopted")]
    assert [(f.rule, f.unit) for f in found] == [("WBK-010", "YL002")]


def test_a_claim_for_a_unit_nobody_knows_leaves_the_file_where_it_is() -> None:
    made = Season()
    made.decide("claim", made.send("a.xlsx", "甲", unit=None), unit="样例第九中学")
    assert made.states() == ["a.xlsx held"]


# -- files nobody could open, attachments, zips, what is gone --------------------------------------------


def test_an_unreadable_file_is_answered_by_newer_readable_bytes_at_its_path() -> None:
    made = Season()
    broken = Finding("WBK-007")
    made.send("a.xlsx", None, outcome="rejected", findings=[broken])
    assert made.states() == ["a.xlsx unreadable"]
    assert made.said() == ["WBK-007 a.xlsx"]
    made.send("a.xlsx", "甲", night=2)
    assert made.states() == ["a.xlsx superseded", "a.xlsx adopted"]
    assert made.said() == []


@pytest.mark.parametrize(
    ("night", "unit", "named", "state"),
    [
        (2, "YL001", (), "superseded"),
        (2, "YL001", ("F1",), "superseded"),
        (2, "YL001", ("F2",), "unreadable"),  # it was the other form
        (2, "YL002", (), "unreadable"),
        (1, "YL001", (), "unreadable"),  # not later
    ],
)  # fmt: skip
def test_an_unreadable_file_is_answered_by_a_later_one_of_its_unit_and_form(
    night: int, unit: str, named: tuple[str, ...], state: str
) -> None:
    made = Season()
    made.send("a.xlsx", None, outcome="encrypted")
    made.send("b.xlsx", "甲", night=night, unit=unit)
    assert made.states(forms_named={"a.xlsx": named})[0] == f"a.xlsx {state}"


def test_a_file_of_no_unit_is_answered_at_its_path_or_by_its_twin_in_a_known_place() -> None:
    for path, people in (("a.xlsx", "甲乙"), ("样例一小/a.xlsx", "甲")):
        made = Season()
        made.send("a.xlsx", "甲", unit=None)
        made.send(path, people, night=2)
        assert [s.split()[1] for s in made.states()] == ["superseded", "adopted"]


def test_rows_of_a_version_that_waits_are_nobodys_to_mend() -> None:
    row, file = Finding("CEL-001", form="F1", sheet="申报表", row=3, col=2), Finding("WBK-005")
    made = Season()
    made.send("a.xlsx", "甲乙")
    made.send("b.xlsx", "甲", night=2, findings=[row, file])
    assert made.said() == ["SHT-023 b.xlsx 1", "WBK-005 b.xlsx"]


def test_what_an_older_version_said_ends_with_it() -> None:
    made = Season()
    made.send(
        "a.xlsx", "甲", findings=[Finding("CEL-001", form="F1", sheet="申报表", row=3, col=2), Finding("WBK-005")]
    )
    made.send("b.xlsx", "甲乙", night=2)
    assert made.said() == ["WBK-012 b.xlsx 2"]


def test_attachments_are_counted_once_per_unit_and_are_no_forms() -> None:
    made = Season()
    made.send("a.xlsx", "甲")
    made.send("证明.pdf", None, outcome="not-a-workbook", attachment=True)
    made.send("说明.docx", None, outcome="not-a-workbook", attachment=True, salt="2")
    made.send("某.jpg", None, outcome="not-a-workbook", attachment=True, unit=None, salt="3")
    assert [s.split()[1] for s in made.states()] == ["adopted", "attachment", "attachment", "attachment"]
    assert made.said() == ["WBK-024 某.jpg 1", "WBK-024 证明.pdf 2"]
    made.send("申报表.xlsx", None, outcome="not-a-workbook", attachment=True, salt="4", findings=[Finding("WBK-001")])
    assert made.said() == [
        "WBK-001 申报表.xlsx",
        "WBK-024 某.jpg 1",
        "WBK-024 证明.pdf 2",
    ]  # said once, and not counted again


def _zip(made: Season, path: str, members: list[str], **more: object) -> None:
    made.send(
        path, None, kind="zip", members=[f"{path}!{m}" for m in members], digest=str(more.pop("digest")) * 64, **more
    )


def test_a_zip_is_what_the_best_of_its_members_is() -> None:
    made = Season()
    _zip(made, "a.zip", ["a.xlsx", "b.pdf"], digest="1")
    made.send("a.zip!a.xlsx", "甲")
    made.send("a.zip!b.pdf", None, outcome="not-a-workbook", attachment=True)
    assert made.states() == ["a.zip adopted", "a.zip!a.xlsx adopted", "a.zip!b.pdf attachment"]


def test_what_is_decided_of_a_zip_goes_for_all_in_it() -> None:
    made = Season()
    made.send("a.zip", None, unit=None, kind="zip", members=["a.zip!a.xlsx", "a.zip!b.pdf"], digest="1" * 64)
    own = made.send("a.zip!a.xlsx", "甲", unit=None)
    made.send("a.zip!b.pdf", None, unit=None, outcome="not-a-workbook", attachment=True)
    assert made.states() == ["a.zip held", "a.zip!a.xlsx held", "a.zip!b.pdf attachment"]
    made.decide("claim", "1" * 12, unit="YL001")
    assert made.states() == ["a.zip adopted", "a.zip!a.xlsx adopted", "a.zip!b.pdf attachment"]
    assert {f.unit for f in made.arranged()[0]} == {"YL001"}
    made.decide("claim", own, unit="YL002")  # a member of its own has the last word
    assert [f.unit for f in made.arranged()[0]] == ["YL001", "YL002", "YL001"]
    made.decide("withdraw", "1" * 12)
    assert made.states() == ["a.zip withdrawn", "a.zip!a.xlsx withdrawn", "a.zip!b.pdf withdrawn"]


def test_what_came_again_unchanged_inside_a_renewed_zip_is_no_news() -> None:
    made = Season()
    _zip(made, "a.zip", ["a.xlsx"], digest="1")
    made.send("a.zip!a.xlsx", "甲")
    _zip(made, "a.zip", ["a.xlsx", "b.xlsx"], digest="2", night=3)
    made.send("a.zip!a.xlsx", "甲")
    made.send("a.zip!b.xlsx", "", form="F2")
    filed, found = made.arranged()
    assert [f.state for f in filed] == ["adopted", "adopted", "adopted", "duplicate", "adopted"]
    assert found == ()
    assert {f.arrival.received for f in filed if f.current == {"F1"}} == {day(1)}


def test_a_zip_sent_again_under_another_name_is_told_once() -> None:
    made = Season()
    for path in ("a.zip", "b.zip"):
        _zip(made, path, ["a.xlsx"], digest="1")
        made.send(f"{path}!a.xlsx", "甲")
    assert made.states() == ["a.zip adopted", "a.zip!a.xlsx adopted", "b.zip duplicate", "b.zip!a.xlsx duplicate"]
    assert made.said() == ["WBK-011 b.zip"]


def test_a_loose_file_that_a_zip_already_brought_is_a_resend() -> None:
    made = Season()
    _zip(made, "a.zip", ["a.xlsx"], digest="1")
    made.send("a.zip!a.xlsx", "甲")
    made.send("b.xlsx", "甲", night=2)
    assert made.states()[-1] == "b.xlsx duplicate"


def test_a_gone_file_stays_received_and_is_told_once() -> None:
    made = Season()
    made.send("a.xlsx", "甲", present=False)
    assert made.states() == ["a.xlsx adopted"]
    assert made.said() == ["WBK-023 a.xlsx"]
    made.send("b.xlsx", "甲乙", night=2)
    assert made.said() == ["WBK-012 b.xlsx 2"]


def test_a_gone_zip_is_one_line_not_one_per_member() -> None:
    made = Season()
    _zip(made, "a.zip", ["a.xlsx"], digest="1", present=False)
    made.send("a.zip!a.xlsx", "甲")
    assert made.said() == ["WBK-023 a.zip"]


def test_the_same_bytes_of_two_units_are_two_reports() -> None:
    made = Season()
    made.send("一/a.xlsx", "甲", unit="YL001")
    made.send("二/a.xlsx", "甲", unit="YL002")
    assert [s.split()[1] for s in made.states()] == ["adopted", "adopted"]


def test_a_file_of_two_forms_may_count_for_one_of_them() -> None:
    made = Season()
    made.send("a.xlsx", "甲乙")
    made.send("b.xlsx", "甲", night=2, zero=["F2"])
    filed, found = made.arranged()
    assert [(f.state, sorted(f.current)) for f in filed] == [("adopted", ["F1"]), ("adopted", ["F2"])]
    assert [(f.rule, f.form, f.file) for f in found] == [("SHT-023", "F1", "b.xlsx")]


def test_every_order_of_equal_decisions_gives_the_same() -> None:
    outcomes = set()
    for order in permutations(range(3)):
        made = Season()
        ids = [made.send(f"{p}.xlsx", "甲", rows=p) for p in "abc"]
        for i in order:
            made.decide("choose" if i == 1 else "withdraw", ids[i], night=2)
        outcomes.add(tuple(made.states()))
    assert outcomes == {("a.xlsx withdrawn", "b.xlsx adopted", "c.xlsx withdrawn")}


def test_late_by_the_clock_of_the_document_changes_nothing_between_nights() -> None:
    made = Season()
    made.send("a.xlsx", "甲", filled=date(2030, 1, 1), saved=moment(59))
    made.send("b.xlsx", "甲乙", night=2, filled=day(1), saved=moment(1))
    assert made.states() == ["a.xlsx superseded", "b.xlsx adopted"]


def test_a_file_that_may_be_somebody_elses_displaces_nobody() -> None:
    """Its head says one unit and its name another (WBK-009): it waits beside the unit's own version, whatever its date."""
    made, doubt = Season(), [Finding("WBK-009", row=2, col=2)]
    made.send("own.xlsx", "甲乙", filled=day(1))
    doubtful = made.send("theirs.xlsx", "丙丁", filled=day(2), said=doubt)
    assert made.states() == ["own.xlsx adopted", "theirs.xlsx held"]
    assert made.said() == ["WBK-009 theirs.xlsx"]
    made.decide("choose", doubtful)
    assert made.states() == ["own.xlsx superseded", "theirs.xlsx adopted"]
    alone = Season()
    alone.send("theirs.xlsx", "丙丁", said=doubt)
    assert alone.states() == ["theirs.xlsx adopted"]  # the school hears of it in its return
