"""The book in; its forms without figures of their own name, and what of each is added up, out."""

from __future__ import annotations

from pipeline.book.spec import Book, Form, Resource

NAMED = frozenset({"F1", "F2", "F3", "F4", "F5"})  # pipeline/merging/figures.py knows what theirs are


def plain_forms(book: Book) -> tuple[Form, ...]:
    return tuple(form for form in book.forms.values() if form.name not in NAMED)


def plain_sums(resource: Resource) -> dict[str, str]:
    """Field -> key of its figure: every amount, and of the whole numbers those the form itself totals.

    Adding up ages or years would say nothing; `x-total` tells a count from them.
    """
    at = f"{resource.form}.{resource.name}"
    return {
        f.name: f"{'amount_fen' if f.kind == 'money' else 'sums'}.{at}.{f.name}"
        for f in resource.active
        if f.kind == "money" or (f.kind == "integer" and f.total)
    }
