"""A template's path and what went wrong in it in; the office's error that names it out."""

from __future__ import annotations

import re

from jinja2 import TemplateError, UndefinedError

from pipeline.model import WennuanError

WRONG = (TemplateError, TypeError, ValueError)  # the last two: a filter or a sum over what is no number any more
_ASKED = re.compile(r"'([^']*)' is undefined|has no (?:attribute|element) '?([^']*)'?$")


def complaint(path: str, error: Exception) -> WennuanError:
    """`template_asks`: it wants something this program does not give; `template`: anything else, with its line if known."""
    said = str(getattr(error, "message", None) or error)
    asked = _ASKED.search(said)
    if isinstance(error, UndefinedError) and asked:
        return WennuanError("template_asks", file=path, name=asked[1] or asked[2])
    return WennuanError("template", file=path, line=getattr(error, "lineno", None) or "-", why=said)


def text_of(path: str, data: bytes) -> str:
    """A template's text. Raises WennuanError where an editor saved it in another encoding."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise WennuanError("template_encoding", file=path) from wrong
