"""Grants and the findings of the night in; what the office must hear about its own exceptions, out: WBK-029, 030, 031."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.book.spec import Book
from pipeline.model import Decision, Finding, Season
from pipeline.office.granting import EXCEPTION, Grant, Refused
from pipeline.office.ruling import Rulings

REFUSED, ENDING, UNUSED, NOBODYS = "WBK-029", "WBK-030", "WBK-031", "WBK-028"


def announcements(
    rulings: Rulings, refused: Iterable[Refused], findings: Sequence[Finding], book: Book, season: Season
) -> list[Finding]:
    """`findings` with their ids. An exception that is refused does nothing; one that has ended does nothing any more."""
    words: Mapping[str, Any] = book.words["papers"]
    out = [_on(r.decision, REFUSED, (r.at,), {"why": words["exception_refused"][r.why]}) for r in refused]
    out += [_on(g.decision, NOBODYS, ("unit",), {"why": _not_of_pair(g, words)}) for g in rulings.astray(findings)]
    exceptions = [g for g in rulings.grants if g.word == EXCEPTION]
    used = rulings.used(findings) if exceptions else set()
    days = _days(book, season)
    for grant in exceptions:
        if (ending := _ending(grant, rulings, findings, days, words)) is not None:
            out.append(ending)
        if grant.key not in used and not grant.ended(rulings.as_of):
            out.append(_on(grant.decision, UNUSED, ("target", "rule_id", "unit_code", "unit"), {}))
    return out


def _not_of_pair(grant: Grant, words: Mapping[str, Any]) -> str:
    return str(words["decision_unknown"]["not_of_pair"]).replace("{val}", grant.decision.unit)


def _days(book: Book, season: Season) -> int:
    asked = book.rules[ENDING].params["days"]
    return (
        int(season.thresholds.get(str(asked["season"]), asked["default"])) if isinstance(asked, Mapping) else int(asked)
    )


def _ending(
    grant: Grant, rulings: Rulings, findings: Sequence[Finding], days: int, words: Mapping[str, Any]
) -> Finding | None:
    """Soon: an info. Past: a warning while there is still something it would cover, else an info."""
    until = grant.decision.until
    left = (until - rulings.as_of).days if until else days + 1
    if until is None or left > days:
        return None
    said = words["exception_ends"]["soon" if left >= 0 else "over"].format(y=until.year, m=until.month, d=until.day)
    open_ = left < 0 and any(grant in rulings.covering(f, {}) for f in findings)
    return _on(grant.decision, ENDING, ("until",), {"why": said}, "warning" if open_ else "info")


def _on(
    d: Decision, rule: str, fields: Sequence[str], facts: Mapping[str, str], severity: str | None = None
) -> Finding:
    """At the cell of the first of these fields that is filled, else of the first the sheet has."""
    shown: dict[str, object] = {
        "target": d.written,
        "rule_id": d.rule,
        "unit_code": d.unit,
        "unit": d.unit,
        "until": d.until,
    }
    name = next((n for n in fields if n in d.at and shown.get(n)), next((n for n in fields if n in d.at), ""))
    row, col = d.at.get(name, (None, None))
    return Finding(
        rule, file=d.place.file, sheet=d.place.sheet, row=row, col=col, field=name or None, value=str(shown.get(name) or ""),
        facts=facts, severity=severity, key="|".join((d.number, d.kind, d.written, d.rule, d.unit)),
    )  # fmt: skip
