"""The sentences of F5 beside the figures of F4 in; a total in the text that no figure bears out, out.

Only a number that says it is the total is compared: a word for all of it (共, 合计 …), the thing counted, the number and
its measure stand together in one clause. Years, days, telephones, ordinals, parts, averages, last year's figures and
rounded ones carry other words and are not asked about; nor is a number that some line of F4 of that measure does say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from pipeline.cells.text import compact
from pipeline.checking.env import Env
from pipeline.checking.known import form_here
from pipeline.checking.registry import CannotRun, Hit, kind
from pipeline.checking.subjects import Subject, World
from pipeline.model import Row

FIGURES = ("F4", "figures")
CLAUSE = re.compile("[\uff0c\u3002\uff1b\uff01\uff1f\u3001,;!?()\uff08\uff09\\n]")
NUMBER = "(?P<number>[0-9]{1,9}(?:,[0-9]{3})*(?:\\.[0-9]{1,4})?)"
NEAR = 8  # signs that may stand between a word for the whole, the thing and its number


@kind("text_against_figures", facts="val calc ind", required="totals not others ten_thousand lines",
      reads="measures problems experience case suggestions early_signs publicity")  # fmt: skip
def text_against_figures(s: Subject, env: Env) -> Iterable[Hit]:
    """XFM-018. `lines`: code of F4 -> {words, measures, money}; `totals`: words for the whole; `not`: words that make a
    number something else; `others`: words after a thing that make it another."""
    world = env.world
    form_here(world, s.sheet.unit, FIGURES[0])
    rows = {str(r.get("code") or "").strip(): r for f in world.subjects(*FIGURES, s.sheet.unit) for r in (f.row,)}
    said = _figures(rows)
    hits, unread = [], ""
    for name in sorted(env.on):
        for clause in _clauses(s.raw(name)):
            for code, line in env.mapping("lines").items():
                found = _told(clause, line, env)
                if found is None or code not in rows:
                    continue
                if code not in said:
                    unread = _culprit(world, s.sheet.unit, code) or unread
                elif not any(abs(found[1] - v) <= found[2] for v in said.values()):  # of a part we do not know by name
                    hits.append(_hit(name, found, rows[code], said[code], line))
    if unread and not hits:
        raise CannotRun("unknown", rule=unread)
    return hits


def _clauses(text: str) -> list[str]:
    """Thousands keep their comma: it stands between digits."""
    flat = re.sub("(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", compact(text))
    return [c for c in CLAUSE.split(flat) if c]


def _told(clause: str, line: Mapping[str, str], env: Env) -> tuple[str, Decimal, Decimal] | None:
    """(as written, value, half of its last digit) of the total a clause states for a line; None where it states none."""
    if any(word in clause for word in (*env.many("not"), *line.get("not", "").split())):
        return None
    things, measures = f"(?:{_any(line['words'])})(?!{_any(env.many('others'))})", _any(line["measures"])
    total, gap = f"(?:{_any(env.many('totals'))})", f"[^0-9]{{0,{NEAR}}}"
    number = f"(?<![0-9.]){NUMBER}(?P<wan>{re.escape(env.text('ten_thousand'))})?(?:{measures})(?![0-9])"
    for pattern in (
        f"{total}{gap}{things}{gap}{number}",
        f"{things}{gap}{total}{gap}{number}",
        f"{total}{gap}{number}{things}",
    ):
        match = re.search(pattern, clause)
        if match:
            scale = 10_000 if match["wan"] else 1
            digits = match["number"]
            last = Decimal(1).scaleb(-len(digits.partition(".")[2])) if match["wan"] else Decimal(0)
            return digits + (match["wan"] or ""), Decimal(digits) * scale, last * scale / 2
    return None


def _any(words: str | Iterable[str]) -> str:
    listed = words.split() if isinstance(words, str) else words
    return "|".join(re.escape(w) for w in sorted(listed, key=len, reverse=True))


def _figures(rows: Mapping[str, Row]) -> dict[str, Decimal]:
    """Code -> what the school says of it: 更正数, else 本年; a line with an unread cell says nothing."""
    said = {}
    for code, row in rows.items():
        value = row.get("correction") if row.get("correction") is not None else row.get("value")
        if value is not None and not {"correction", "value"} & row.unknown:
            said[code] = Decimal(value)
    return said


def _culprit(world: World, unit: str, code: str) -> str:
    for s in world.subjects(*FIGURES, unit):
        if str(s.get("code") or "").strip() == code:
            name = next((n for n in ("correction", "value") if s.unknown(n)), "")
            return world.culprit(s, name) if name else ""
    return ""


def _hit(name: str, found: tuple[str, Decimal, Decimal], row: Row, said: Decimal, line: Mapping[str, str]) -> Hit:
    shown = f"{said:,.2f}" if line.get("money") else f"{said.normalize():f}"
    return Hit(name, {"val": found[0], "calc": shown, "ind": str(row.get("indicator") or row.raw.get("indicator", ""))})
