"""In: a Book; out: the rulebook and the form guide as Markdown in the words of schemas/words/book.yaml."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from pipeline.book.problems import near
from pipeline.book.spec import SCOPES, Book, Field, Form, Register, Resource, Rule
from pipeline.model import WennuanError

BRACED = re.compile(r"\{(\w+)\}")


def rulebook(book: Book) -> str:
    """Every rule, grouped by scope: what it says, what to do, why, and whether it is in force."""
    words = _words(book)
    stages = Counter(rule.stage for rule in book.rules.values())
    counts = {stage: stages[stage] for stage in words["stages"]}
    lines = [f"# {words['rules_title']}", "", words["rules_intro"].format(total=len(book.rules), **counts), ""]
    for scope in SCOPES:
        rules = [r for r in book.rules.values() if r.scope == scope]
        enforced = sum(r.stage == "enforced" for r in rules)
        lines += [f"## {words['scopes'][scope]}", "", words["count"].format(n=len(rules), enforced=enforced), ""]
        for rule in sorted(rules, key=lambda r: r.id):
            lines += [*_rule(rule, book, words), ""]
    return "\n".join(lines).rstrip() + "\n"


def explain(book: Book, rule_id: str) -> dict[str, Any]:
    """One rule as the contract's `explain` object. `example` is its fail and pass case, None while it has none.

    Raises WennuanError `rule_unknown` for an id nobody knows.
    """
    rule = book.rules.get(rule_id) or book.rules.get(rule_id.upper())
    if rule is None:
        raise WennuanError("rule_unknown", code=2, rule=rule_id, near=near(rule_id.upper(), book.rules))
    data = book.raw.get(f"rules/examples/{rule.id}.yaml")
    return {
        "rule": rule.id,
        "severity": rule.severity,
        "cure": rule.cure,
        "holds": rule.held,
        "scope": rule.scope,
        "where": list(rule.where),
        "places": [_place(word, book, _words(book)) for word in rule.where],
        "stage": rule.stage,
        "title": rule.title,
        "message": rule.message,
        "remedy": rule.remedy,
        "why": rule.why,
        "params": dict(rule.params),
        "example": yaml.load(data, Loader=yaml.BaseLoader) if data else None,
    }


def form_guide(book: Book) -> str:
    """Every form and register sheet by sheet: column, whether to fill, how, example, choices; then the code lists."""
    words = _words(book)
    lines = [
        f"# {words['forms_title']}",
        "",
        words["forms_intro"],
        "",
        f"## {words['cover']}",
        "",
        str(book.cover.get("note", "")),
        "",
    ]
    lines += [*_columns((f for f in book.head if f.on), book, words), ""]
    for form in book.forms.values():
        lines += _form(form, book, words)
    lines += [words["registers"], ""]
    for register in book.registers.values():
        lines += _register(register, book, words)
    lines += [words["codes"], ""]
    for code in book.codes.values():
        others = words["joiner"].join(code.synonyms)
        tail = words["code_others"].format(words=others) if others else ""
        lines.append(
            words["code"].format(
                title=code.title, name=code.name, values=words["joiner"].join(code.values), others=tail
            )
        )
    return "\n".join(lines).rstrip() + "\n"


def _words(book: Book) -> Mapping[str, Any]:
    words: Mapping[str, Any] = book.words["book"]["guide"]
    return words


def _rule(rule: Rule, book: Book, words: Mapping[str, Any]) -> list[str]:
    where = words["joiner"].join(_place(word, book, words) for word in rule.where)
    head = words["line"].format(
        mark=words["marks"][rule.severity],
        severity=words["severities"][rule.severity],
        cure=words["cures"][rule.cure],
        holds=words["holds"][rule.held],
        where=where,
        stage=words["stages"][rule.stage],
    )
    lines = [words["rule"].format(id=rule.id, title=rule.title or _shown(rule.message, words)), "", head, ""]
    lines.append(words["message"].format(text=_shown(rule.message, words)))
    if rule.desk:
        lines.append(words["desk"].format(text=_shown(rule.desk, words)))
    lines.append(words["remedy"].format(text=_shown(rule.remedy, words) or words["missing"]))
    lines.append(words["why"].format(text=rule.why or words["missing"]))
    if rule.params:
        shown = words["comma"].join(f"{key} = {_flat(value, words)}" for key, value in rule.params.items())
        lines.append(words["params"].format(text=shown))
    if not rule.to_school:
        lines.append(words["office_only"])
    return lines


def _shown(message: str, words: Mapping[str, Any]) -> str:
    """The message with each fact by its Chinese name in brackets."""
    return BRACED.sub(lambda found: str(words["fact"]).format(name=words["facts"].get(found[1], found[1])), message)


def _flat(value: Any, words: Mapping[str, Any]) -> str:
    if isinstance(value, Mapping):
        return str(words["joiner"]).join(f"{k}:{_flat(v, words)}" for k, v in value.items())
    return (
        str(words["joiner"]).join(_flat(v, words) for v in value)
        if isinstance(value, list)
        else _shown(str(value), words)
    )


def _place(word: str, book: Book, words: Mapping[str, Any]) -> str:
    """A rule's `where` as people say it: all, a form, a sheet of a form, a register, a topic."""
    form, _, sheet = word.partition(".")
    if word == "all":
        return str(words["everywhere"])
    if word in book.registers:
        title = book.registers[word].title
        return word if word == title else f"{word} {title}"
    if form in book.forms:
        found = book.forms[form].resource(sheet) if sheet else None
        return f"{form} {found.title if found else book.forms[form].title}"
    return str(book.words["book"]["topics"].get(word, word))


def _form(form: Form, book: Book, words: Mapping[str, Any]) -> list[str]:
    lines = [words["form"].format(name=form.name, title=form.title, version=form.version), ""]
    lines += [f"{n}. {line}" for n, line in enumerate(form.guide, 1)]
    if form.zero:
        lines += ["", words["zero"].format(no=book.cover["no"][0])]
    for sheet in form.resources:
        lines += ["", words["sheet"].format(title=sheet.title), ""]
        lines += [] if sheet.on else [words["off_sheet"], ""]
        lines += _sheet(sheet, book, words)
    return [*lines, ""]


def _register(register: Register, book: Book, words: Mapping[str, Any]) -> list[str]:
    head = words["register_line"].format(
        area=words["areas"][register.area], need=register.need, merge=words["merges"][register.merge]
    )
    lines = [words["register"].format(name=register.name, title=register.title), "", head, ""]
    if register.head:
        lines += [*_columns(register.head, book, words), ""]
    return [*lines, *_sheet(register.resource, book, words), ""]


def _sheet(sheet: Resource, book: Book, words: Mapping[str, Any]) -> list[str]:
    lines = [sheet.note, ""] if sheet.note else []
    lines += _columns(sheet.active, book, words)
    off = [f.title for f in sheet.fields if not f.on]
    if off:
        lines += ["", words["off"].format(names=words["joiner"].join(off))]
    if sheet.items:
        rows = [[i["code"], i["label"], i["measure"], words["by"][i["by"] or "office"]] for i in sheet.items]
        lines += ["", words["fixed"], "", *_table(words["item_heads"], rows)]
    return lines


def _columns(fields: Iterable[Field], book: Book, words: Mapping[str, Any]) -> list[str]:
    rows = []
    for f in fields:
        condition = words["when"].format(text=f.when) if f.when else ""
        how = " ".join(part for part in (f.hint, f.description, condition) if part)
        choices = words["joiner"].join(book.codes[f.codes].values) if f.codes else ""
        rows.append([f.title, words[_need(f)], how, f.example, choices])
    return _table(words["heads"], rows)


def _need(f: Field) -> str:
    if f.computed:
        return "computed"
    if f.locked:
        return "locked"
    return "required" if f.required else "conditional" if f.when else "optional"


def _table(heads: list[str], rows: Iterable[list[str]]) -> list[str]:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return lines + ["| " + " | ".join(_cell(c) for c in row) + " |" for row in rows]


def _cell(text: str) -> str:
    """A Markdown table cell: no bars, no line breaks."""
    return " ".join(text.replace("|", "\\|").split())
