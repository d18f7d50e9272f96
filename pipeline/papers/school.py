"""One unit's part of the night in; the view of its 回执 out: verdict, deadline, at most three steps, then the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.model import Filed, FormState
from pipeline.papers.counting import Numbers, Sections, both, for_school, pick
from pipeline.papers.deadlines import at_the_office, deadline
from pipeline.papers.grouping import blocks, entry
from pipeline.papers.material import Material
from pipeline.papers.wording import day, head, joined, remedy, scrubbed, severity

LEVEL_OF = {
    "passed": "passed", "zero": "passed", "exempt": "quiet", "not_due": "quiet", "partly": "warning", "returned": "error",
    "wrong_form": "error", "unreadable": "error", "overdue": "error", "missing": "warning", "pending": "info",
}  # fmt: skip
FILES = 3  # marked copies a step names
COUNTED = (
    ("repaired", "repaired_line"), ("desk", "desk_line"), ("explained", "explained_line"), ("waived", "waived_line"),
)  # fmt: skip
LETTER_LINES = 15  # of the list in Word; the rest stands in the marked workbook
CARDS = (
    ("people", "people.F1", "persons"), ("requested", "requested_fen", "fen"), ("donations", "donations_fen.total", "fen"),
    ("slips", "slips_fen", "fen"), ("headcount", "headcount", "persons"), ("donors", "donors", "persons"),
    ("paid_people", "people.F3", "persons"), ("paid", "amount_fen.F3.total", "fen"),
)  # fmt: skip


def school_line(m: Material, numbers: Numbers, code: str) -> dict[str, Any]:
    """What 发送清单 tells of a unit: parts of its `school_view`."""
    sections, states = for_school(m, code), m.states_of.get(code, ())
    return {
        "verdict": _verdict(m, numbers, code, states, sections),
        "forms": _forms(m, states),
        "issues": bool(sections.listed),
    }


def school_view(m: Material, numbers: Numbers, code: str) -> dict[str, Any]:
    """`code` '' = files of no unit (units/_未识别): their findings and nothing else."""
    sections = for_school(m, code)
    states = m.states_of.get(code, ())
    verdict = _verdict(m, numbers, code, states, sections)
    at = f"@{code or '_'}"
    listed = blocks(sections.listed, m, own=True, scope=code or "_")
    ruled = [entry(f, m, own=True) for f in (*sections.waived, *sections.explained)]
    flat = [_with_ruling(e) for e in (*(e for b in listed for e in b["entries"]), *ruled)]
    return {
        **head(m),
        "unit": {
            "code": code,
            "name": m.unit_name(code) or m.words["unassigned"]["title"],
            "short": m.short_name(code),
        },
        "verdict": verdict if code else _unclaimed(m),
        "deadline": deadline(m, states) if code else {"text": m.words["unassigned"]["then"], "late": False},
        "steps": _steps(m, code, states, sections) if code else _claims(m),
        "forms": _forms(m, states),
        "counts": {
            level: {**severity(level, m), "n": pick(numbers, f"findings.{level}{at}")}
            for level in ("error", "warning", "info")
        },
        "progress": {name: pick(numbers, f"findings.{name}{at}") for name in ("before", "now", "fixed")},
        "lines": _lines(m, numbers, code, sections) if code else [],
        "cards": _cards(m, numbers, code),
        "blocks": listed,
        "issues": flat[:LETTER_LINES],
        "issues_rest": max(0, len(flat) - LETTER_LINES),
        "ruled": ruled,
        "fixed": [
            {"label": m.words["item"].format(n=f.number or ""), "message": scrubbed(f.message)} for f in sections.fixed
        ],
        "files": _files(m, code),
        "marked": sorted(m.marked.get(code, ())),
    }


def _with_ruling(line: Mapping[str, Any]) -> dict[str, Any]:
    """In Word the sentence and what was decided about it stand in one cell."""
    return {**line, "message": f"{line['message']} {line['ruling']}".rstrip()}


def _unclaimed(m: Material) -> dict[str, Any]:
    """The page of files of no unit is read by the office: what they are and where to claim them."""
    waiting = sum(f.state in {"held", "unreadable"} for f in m.filed_of.get("", ()))
    return _said("error" if waiting else "info", m.words["unassigned"]["verdict"].format(n=waiting), m)


def _claims(m: Material) -> list[str]:
    words, broken = m.words["unassigned"], unopened(m, "")
    again = [words["again"].format(files=joined([_name(f) for f in broken], m))] if broken else []
    return [words["claim"], *again, words["leave"]]


def _due(m: Material, states: Sequence[FormState], *keys: str) -> list[FormState]:
    return [s for s in states if m.state_key(s.state) in keys]


def _titles(m: Material, states: Sequence[FormState]) -> str:
    return joined([m.book.forms[s.form].title for s in states], m)


def _verdict(
    m: Material, numbers: Numbers, code: str, states: Sequence[FormState], sections: Sections
) -> dict[str, Any]:
    """One line: the worst thing first. A unit with nothing due and nothing sent hears that nothing is due."""
    words, at = m.words["verdict"], f"@{code or '_'}"
    errors, warnings = pick(numbers, f"findings.error{at}"), pick(numbers, f"findings.warning{at}")
    broken, wrong = unopened(m, code), _due(m, states, "wrong_form")
    if broken and errors.value > _of_files(m, sections, broken):
        before, after = words["unreadable_too"].replace("{files}", str(len(broken))).split("{n}")
        return {**_said("error", before, m), "n": errors, "after": after}
    if broken:
        return _said("error", words["unreadable"].format(n=len(broken)), m)
    if wrong:
        return _said("error", words["wrong_form"].format(forms=_titles(m, wrong)), m)
    if errors.value:
        before, after = words["error"].split("{n}")
        return {**_said("error", "", m), "before": before, "n": errors, "after": after}
    for key, level in (("returned", "error"), ("overdue", "error"), ("missing", "warning"), ("pending", "info")):
        found = _due(m, states, key)
        if found:
            return _said(level, words[key].format(forms=_titles(m, found)), m)
    if warnings.value:
        before, after = words["warning"].split("{n}")
        return {**_said("warning", "", m), "before": before, "n": warnings, "after": after}
    if _due(m, states, "partly"):
        return _said("info", words["partly"], m)
    if _due(m, states, "passed", "zero"):
        return _said("passed", words["passed"], m)
    return _said("info", words["quiet"], m)


def _said(level: str, text: str, m: Material) -> dict[str, Any]:
    return {**severity(level, m), "before": text, "n": "", "after": ""}


def verdict_text(verdict: Mapping[str, Any]) -> str:
    return f"{verdict['before']}{verdict['n']}{verdict['after']}"


def _steps(m: Material, code: str, states: Sequence[FormState], sections: Sections) -> list[str]:
    """At most three things to do, in order."""
    words, steps = m.words["steps"], []
    errors, warnings = len(sections.level(m, "error")), len(sections.level(m, "warning"))
    marked = sorted(m.marked.get(code, ()))
    # a file nobody could open stands in a step of its own; the list counts it too
    broken = unopened(m, code)
    errors -= _of_files(m, sections, broken)
    if errors > 0:
        files = [words["quoted"].format(file=name) for name in _to_mend(m, sections, marked)]
        text = words["fix"] if files else words["fix_list"]
        steps.append(
            text.format(files="".join(files[:FILES]) + (words["others"] if len(files) > FILES else ""), n=errors)
        )
    if len(broken) == 1:
        steps.append(words["resend_one"].format(file=_name(broken[0]), how=_how(m, broken[0])))
    elif broken:
        steps.append(words["resend_unreadable"].format(files=joined([_name(f) for f in broken], m)))
    missing = _due(m, states, "missing", "overdue")
    if missing:
        steps.append(words["send_missing"].format(forms=_titles(m, missing)))
    if warnings and len(steps) < 2:
        on_copy = any(f.file for f in sections.level(m, "warning")) and bool(marked)
        steps.append(words["check" if on_copy else "check_list"].format(n=warnings))
    steps = steps[:2] if steps else []
    steps.append(words["again"] if steps else words["nothing"])
    return steps


def unopened(m: Material, code: str) -> list[Filed]:
    """The unit's files that nobody could open and that no later file has made up for."""
    settled = {f.file for f in m.by_unit.get(code, ()) if f.status == "fixed"}
    return [f for f in m.filed_of.get(code, ()) if f.state == "unreadable" and f.arrival.path not in settled]


def _of_files(m: Material, sections: Sections, files: Sequence[Filed]) -> int:
    """How many of the unit's errors are about these very files."""
    paths = {f.arrival.path for f in files}
    return sum(f.file in paths for f in sections.level(m, "error"))


def _how(m: Material, broken: Filed) -> str:
    """What to do about this very file: the remedy of the finding that refused it."""
    found = [f for f in m.open if f.file == broken.arrival.path and m.severity(f) == "error"]
    return remedy(found[0], m, own=True).rstrip(m.words["stop"]) if found else str(m.words["steps"]["resend_how"])


def _to_mend(m: Material, sections: Sections, marked: Sequence[str]) -> list[str]:
    """The marked copies in which something must be mended; all of them where a name tells nothing."""
    paths = {f.file for f in sections.level(m, "error") if f.file}
    stems = {scrubbed(p.replace("!", "/").rpartition("/")[2].rpartition(".")[0]) for p in paths}
    ending = str(m.book.words["returns"]["suffix"])
    named = [name for name in marked if name.rpartition(ending)[0] in stems]
    return named or list(marked)


def _name(filed: Filed) -> str:
    return scrubbed(filed.arrival.path.rsplit("/", 1)[-1])


def _forms(m: Material, states: Sequence[FormState]) -> list[dict[str, Any]]:
    return [_form(m, s) for s in states if m.state_key(s.state) != "exempt"]


def _form(m: Material, state: FormState) -> dict[str, Any]:
    key = m.state_key(state.state)
    return {
        "form": state.form,
        "title": m.book.forms[state.form].title,
        "state": m.state_word(state),
        "level": LEVEL_OF.get(key, "info"),
        "file": scrubbed(state.file.rsplit("/", 1)[-1]),
        "received": day(state.received, m) if state.received else "",
        "deadline": day(state.deadline, m) if state.deadline else "",
        "late": m.words["late"].format(n=state.days_late) if state.late else "",
        "rows": state.rows,
        "held": state.held_rows,
        "held_word": m.words["held"]["office" if at_the_office(m, state) else "school"],
    }


def _lines(m: Material, numbers: Numbers, code: str, sections: Sections) -> list[dict[str, Any]]:
    """Counts that ask nothing of the school: repaired, at the office, attachments, checks that could not run."""
    at, lines = f"@{code or '_'}", []
    for name, key in COUNTED:
        n = pick(numbers, f"findings.{name}{at}")
        if n.value and (name != "repaired" or sections.repaired):
            before, after = m.words[key].split("{n}")
            lines.append({"before": before, "n": n, "after": after})
    case_numbers = sorted({f.case for f in sections.desk if f.case})
    if case_numbers:
        text = m.words["case_line"].replace("{cases}", joined([str(n) for n in case_numbers], m))
        lines.append({"before": text + _other_units(m, code, sections), "n": "", "after": ""})
    own = m.filed_of.get(code, ())
    attachments = sum(
        f.state == "attachment" and not f.document.members and not f.document.findings for f in own
    )  # as WBK-024 counts them
    files = {f.arrival.path for f in own} if code and sections.listed else set()
    blocked = {rule for path in files for rule in m.blocked.get(path, ())}
    for count, key in ((attachments, "attachment_line"), (len(blocked), "blocked_line")):
        if count:
            before, after = m.words[key].split("{n}")
            lines.append({"before": before, "n": str(count), "after": after})
    return lines


def _other_units(m: Material, code: str, sections: Sections) -> str:
    """The other schools of this school's cases, where season.toml lets them be named (season.md 4)."""
    units = dict.fromkeys(p.unit for f in sections.desk if f.case for p in f.related if p.unit and p.unit != code)
    if not units or not m.season.name_other_unit:
        return ""
    return str(m.words["case_units"]).replace("{units}", joined([m.short_name(u) for u in units], m))


def _cards(m: Material, numbers: Numbers, code: str) -> list[dict[str, Any]]:
    """Totals to compare with the paper form: only figures this unit has."""
    own, cards = m.district.by_unit.get(code, {}), []
    for name, key, measure in CARDS:
        if key in own:
            sides = both(numbers, key, code)
            cards.append({"title": m.words["figures"][name], "unit_of": m.words["units_of"][measure], **sides})
    return cards


def _files(m: Material, code: str) -> list[dict[str, str]]:
    files = []
    for one in m.filed_of.get(code, ()):
        state = m.words["file_states"].get(one.state, one.state)
        files.append(
            {
                "name": _name(one),
                "state": state,
                "received": day(one.arrival.received, m),
                "sha256": one.arrival.sha256[:16],
            }
        )
    return files
