"""The path of a file nobody could read and the day it came in; the forms it was probably meant to be out."""

from __future__ import annotations

from datetime import date

from pipeline.book.spec import Book
from pipeline.model import Season


def forms_named(path: str, book: Book) -> frozenset[str]:
    """The forms a path names, by code, title, synonym or the title of a sheet."""
    return frozenset(
        f.name
        for f in book.forms.values()
        if any(word in path for word in (f.name, f.title, *f.synonyms, *(r.title for r in f.resources)))
    )


def forms_hinted(path: str, received: date, book: Book, season: Season) -> frozenset[str]:
    """The forms its path names, else every form whose stage was open on the day it came."""
    open_then = (f for s in season.stages if s.opens and s.opens <= received <= s.due for f in s.forms)
    return forms_named(path, book) or frozenset(open_then)
