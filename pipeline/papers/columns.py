"""The book of a night in; the columns its forms take in the district's workbooks, for `each:` of a template, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.book.plain import plain_forms, plain_sums
from pipeline.book.spec import Form
from pipeline.papers.material import Material

SIDES = {"accepted": "passed", "pending": "pending"}
STATE, DAY = {"kind": "text", "width": "10"}, {"kind": "date", "width": "11"}


def form_head(m: Material, name: str) -> str:
    """F1 and the short name of the form; a form without one goes by its title."""
    title = m.words["form_heads"].get(name) or m.book.forms[name].title
    return str(m.words["equations"]["form"].format(form=name, title=title))


def return_columns(m: Material) -> list[dict[str, str]]:
    """State and day of receipt of every form; the first state stands in column D, as on every sheet."""
    words, columns = m.words["return_heads"], []
    for i, name in enumerate(m.book.forms):
        group = form_head(m, name)
        columns.append({"group": group if i else "", "title": words["state"], "value": f"state/{name}", **STATE})
        columns.append({"group": group, "title": words["received"], "value": f"received/{name}", **DAY})
    return columns


def other_state(m: Material, states: Mapping[str, str]) -> str:
    """A unit's state in the one form beyond the known ones; where there are several, each is named."""
    names = [form.name for form in plain_forms(m.book)]
    if len(names) == 1:
        return states[names[0]]
    form = m.words["equations"]["form"]
    return str(m.words["list_mark"].join(form.format(form=n, title=states[n]) for n in names if states[n]))


def other_columns(m: Material) -> list[dict[str, str]]:
    """Rows, amounts and totalled counts of the forms without figures of their own name: what is accepted, what waits."""
    return [
        {
            "form": form.name,
            "group": form_head(m, form.name),
            "title": m.words["other_heads"]["sum"].format(title=title, side=m.words["states"][word]),
            "key": key,
            "side": side,
            "kind": "money" if key.startswith("amount_fen.") else "integer",
        }
        for form in plain_forms(m.book)
        for key, title in _keys(m, form)
        for side, word in SIDES.items()
    ]


def _keys(m: Material, form: Form) -> Iterator[tuple[str, str]]:
    words = m.words["other_heads"]
    yield f"rows.{form.name}", words["rows"]
    for resource in form.resources:
        for name, key in plain_sums(resource).items():
            field = resource.field(name)
            title = field.title if field else name
            yield key, title if resource is form.main else words["of_sheet"].format(sheet=resource.title, title=title)
