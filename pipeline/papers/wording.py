"""Dates, marks, masked values and places in; the words a paper prints, out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pipeline.book.spec import STANDING
from pipeline.cells.money import fen_text
from pipeline.masking import L1, OWN, STAR, mask, mask_text
from pipeline.model import Figure, Finding, fill
from pipeline.papers.material import Material
from pipeline.render.figures import Fig

OURS = (STANDING - {"val", "new"}) | {"field", "missing", "other"}  # facts in our own words: columns, places
LONGEST = 200  # signs of a reason or an explanation


def day(value: date, m: Material) -> str:
    return str(m.words["dates"]["day"]).format(y=value.year, m=value.month, d=value.day)


def full(value: date, m: Material) -> str:
    return str(m.words["dates"]["full"]).format(y=value.year, m=value.month, d=value.day)


def clock(value: datetime, m: Material) -> str:
    text = str(m.words["dates"]["clock"])
    return text.format(y=value.year, m=value.month, d=value.day, hh=f"{value.hour:02}", mm=f"{value.minute:02}")


def night(m: Material) -> str:
    return str(m.words["night_of"]).format(n=m.run.night, day=day(m.run.as_of, m))


def joined(parts: list[str], m: Material) -> str:
    return str(m.words["list_mark"]).join(parts)


def figure(key: str, value: int, measure: str = "rows", unit: str = "") -> Fig:
    """A printed number: fen as 1,234.50, everything else as 1,234."""
    text = fen_text(value) if measure == "fen" else f"{value:,}"
    return Fig(f"{key}@{unit}" if unit else key, value, text, measure)


def pair(key: str, found: Figure | None, measure: str, unit: str = "") -> dict[str, Fig]:
    """Both sides of a figure, never one alone."""
    figure_ = found or Figure(measure=measure)
    return {side: figure(f"{key}.{side}", getattr(figure_, side), measure, unit) for side in ("accepted", "pending")}


def severity(level: str, m: Material) -> dict[str, str]:
    words = m.words["severity"][level]
    return {"level": level, "mark": words["mark"], "word": words["word"]}


def scrubbed(text: str) -> str:
    """Free text without identity, account and phone numbers: the last net under every mask."""
    return mask_text(text)


def mask_of(form: str | None, resource: str | None, name: str | None, m: Material) -> str:
    """Which mask a field asks for ('' = none); heads have their own fields."""
    if not name:
        return ""
    found = m.book.resource(form or "", resource or "")
    field = found.field(name) if found else next((f for f in m.book.head if f.name == name), None)
    return field.mask if field else ""


def shown(value: str, what: str, own: bool, m: Material) -> str:
    """A cell's text as its reader may see it: the unit itself reads names in full, everybody else by L1. Where a unit wrote
    words into a number's cell it must see which. A dash or 'as above' says nothing of anybody."""
    if (own and value and not any(c.isdigit() for c in value)) or value in m.lexicon.ditto | m.lexicon.placeholders:
        return value
    return mask(value, what, OWN if own else L1, m.lexicon) if value else ""


def message(finding: Finding, m: Material, own: bool, desk: bool = False) -> str:
    """The finding's sentence, with its value masked as the value itself is."""
    rule = m.rule(finding)
    text = _sentence(finding, finding.message, rule.message if rule else finding.rule, m, own)
    if desk and rule and rule.desk:
        text = fill(rule.desk, _facts(finding, m, own))
    if finding.absorbed and not own:
        rules = joined([f"{rule}{title}" for rule, title in finding.absorbed], m)
        text += str(m.words["absorbed"]).format(rules=rules)
    return scrubbed(text + (_whom(finding, m) if own else ""))


def _whom(f: Finding, m: Material) -> str:
    """The people of last year a finding on a whole unit is about: their own school must know whom to look for."""
    known = (m.last_year.get((p.file, p.sheet, p.cell)) for p in f.related) if not f.file else ()
    one, several = m.words["listed_person"], m.words["listed_people"]
    names = [one.format(name=name, tail=tail) if tail else name for name, tail in filter(None, known)]
    return str(several).format(names=joined(names, m)) if names else ""


def _sentence(finding: Finding, said: str, template: str, m: Material, own: bool) -> str:
    """A sentence of the rule with the masked values in their places: a value is often a word of the sentence as well. Last
    night's words about what is fixed now were masked then."""
    if finding.status == "fixed":
        return said
    if said in ("", fill(template, finding.said)):
        return fill(template, _facts(finding, m, own))
    return _replaced(said, finding, m, own)


def _facts(finding: Finding, m: Material, own: bool) -> Mapping[str, str]:
    """What fills the sentence, masked by the finding's own field; what names columns and places is nobody's."""
    what, said = mask_of(finding.form, finding.resource, finding.field, m), finding.said
    if not what:
        return said
    masked = {name: text if name in OURS else _fact(name, text, finding, m, own) for name, text in said.items()}
    if masked["val"] == masked["new"] and said["val"] != said["new"]:
        masked["val"] = STAR * 3  # two words of one class: that the class became the class says nothing
    return masked


def _fact(name: str, text: str, finding: Finding, m: Material, own: bool) -> str:
    what, mark = mask_of(finding.form, finding.resource, finding.field, m), m.lexicon.separator
    if name in ("val", "new"):
        return shown(text, what, own, m)
    if name == "names":
        return mark.join(shown(one, what, own, m) for one in text.split(mark))
    if what == "health" and len(text) > 1 and not text.isdigit() and text in finding.value:
        return shown(text, what, own, m)
    return _replaced(text, finding, m, own)


def _replaced(text: str, finding: Finding, m: Material, own: bool) -> str:
    """A text with the finding's value masked wherever it stands, each sign once."""
    what = mask_of(finding.form, finding.resource, finding.field, m)
    values = sorted((v for v in (finding.value, finding.new_value) if what and len(v) > 1), key=len, reverse=True)
    if not any(v in text for v in values):
        return text
    return re.sub("|".join(map(re.escape, values)), lambda found: shown(found[0], what, own, m), text)


OWN_WORDS = ("explained", "remark")  # what a school has written itself


def ruling(finding: Finding, m: Material, own: bool = False) -> str:
    """What the office decided or the school explained about it, in one sentence; '' where nobody did. A school does not read
    the office's own words about a row of two schools: they may speak of the other one and its people."""
    said = finding.ruling
    if said is None:
        return ""
    if own and said.kind not in OWN_WORDS and any(p.unit and p.unit != finding.unit for p in finding.related):
        said = replace(said, text="")
    words: dict[str, Any] = m.words["ruling"]
    parts = {
        "by": words["approved_by" if said.kind == "exception" else "by"].format(by=said.by) if said.by else "",
        "text": words["text"].format(text=shortened(said.text, m)) if said.text else "",
        "on": words["on"].format(on=full(said.on, m)) if said.on else "",
        "until": words["until"].format(until=full(said.until, m)) if said.until else words["to_the_end"],
    }
    if said.changed:
        kind, changed = words["names"], joined([m.words["evidence"][part] for part in said.changed], m)
        text = words["lapsed_reply" if said.kind == "explained" else "lapsed"]
        return scrubbed(text.format(changed=changed, kind=kind[said.kind], **parts))
    kept = ("_here" if said.unit == finding.unit else "_there") if said.kind == "same" and said.unit else ""
    return scrubbed(words[said.kind + kept].format(**parts))


def shortened(text: str, m: Material) -> str:
    """Somebody's own words, on one line and of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[:LONGEST] + str(m.words["cut"])


def remedy(finding: Finding, m: Material, own: bool = False) -> str:
    rule = m.rule(finding)
    return scrubbed(_sentence(finding, finding.remedy, rule.remedy if rule else "", m, own))


def place(finding: Finding, m: Material) -> str:
    """Where, as Excel shows it: sheet!cell, else sheet and row, sheet, file, form, the whole unit."""
    words = m.words
    if finding.sheet and finding.cell:
        return str(words["place_cell"]).format(sheet=finding.sheet, cell=finding.cell)
    if finding.sheet and finding.row:
        return str(words["place_row"]).format(sheet=finding.sheet, row=finding.row)
    if finding.sheet:
        return str(words["place_sheet"]).format(sheet=finding.sheet)
    if finding.file:
        return scrubbed(str(words["place_file"]).format(file=finding.file.rsplit("/", 1)[-1]))
    if finding.form:
        form = m.book.forms.get(finding.form)
        return str(words["place_form"]).format(form=form.title if form else finding.form)
    return str(words["place_unit"])


def signed_off(m: Material) -> bool:
    """The season's papers carry the draft mark until the day it is signed off (season.toml `signed`)."""
    return m.season.signed is not None and m.season.signed <= m.run.as_of


def ran_note(m: Material, rules: Sequence[str]) -> str:
    """How many of these rules gave a verdict tonight; '' when all did."""
    ran = sum(r in m.ran for r in rules)
    draft = sum(r not in m.book.rules or m.book.rules[r].stage == "draft" for r in rules if r not in m.ran)
    if ran == len(rules):
        return ""
    words = m.words["ran"]
    parts = [words["whole"].format(n=len(rules), ran=ran)]
    parts += [words["draft"].format(n=draft)] if draft else []
    parts += [words["idle"].format(n=len(rules) - ran - draft)] if len(rules) - ran - draft else []
    return str(words["mark"]).join(parts)


def head(m: Material) -> dict[str, Any]:
    """What every paper prints at its head and foot."""
    return {
        "season": m.season.title,
        "year": m.season.year,
        "issuer": m.season.issuer,
        "night": night(m),
        "as_of": full(m.run.as_of, m),
        "made": clock(m.run.started, m),
        "made_iso": m.run.started.isoformat(),
        "run": m.run.id,
        "previous": m.run.previous,
        "draft": "" if signed_off(m) else str(m.words["draft"]),
        "sample": str(m.words["sample"]) if m.season.sample or any(u.sample for u in m.office.units) else "",
        "contact": {"name": "", "phone": "", **m.season.contact},
        "register_present": m.register_present,
    }
