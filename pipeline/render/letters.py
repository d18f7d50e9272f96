"""A Word template and a view in; a .docx out. The template is opened and patched once, then only its text is filled.

Filling is one jinja pass over the body and a re-pack of the zip: no XML tree is built per letter (performance.md 5).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from html import escape, unescape
from itertools import count
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, meta
from jinja2.sandbox import SandboxedEnvironment

from pipeline.render.complaints import WRONG, complaint
from pipeline.render.figures import CLOSE, MIDDLE, OPEN, Fig, bookmark, clean
from pipeline.render.imprint import BODY, EDGE, of_parts

CORE, STAMP = "docProps/core.xml", (1980, 1, 1, 0, 0, 0)
_RUN = re.compile(r"<w:r(?: [^>]*)?>(?:(?!</w:r>).)*" + OPEN + r"(?:(?!</w:r>).)*</w:r>", re.DOTALL)
_PROPERTIES = re.compile(r"<w:rPr>.*?</w:rPr>", re.DOTALL)
_TEXT = re.compile(r"<w:t(?: [^>]*)?>(.*?)</w:t>", re.DOTALL)
_FIGURE = re.compile(f"{OPEN}([^{MIDDLE}]*){MIDDLE}([^{CLOSE}]*){CLOSE}")
_ELEMENT = re.compile(r"<w:(?:t|br|tab)\b[^>]*?(?:/>|>.*?</w:t>)", re.DOTALL)
_MARK = '<w:bookmarkStart w:id="{n}" w:name="{name}"/>{run}<w:bookmarkEnd w:id="{n}"/>'


class Letter:
    """One compiled template; `fill` may be called any number of times."""

    def __init__(self, data: bytes, path: str) -> None:
        self._path = path
        self._environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=_finalize)
        try:
            shell = DocxTemplate(io.BytesIO(data))
            shell.init_docx()
            body = shell.patch_xml(shell.get_xml())
            edges = {name: shell.patch_xml(text) for name, text in _edges(data).items()}
            self._edges = {name: self._environment.from_string(text) for name, text in edges.items()}
            self._template = self._environment.from_string(re.sub(r"<w:p([ >])", r"\n<w:p\1", body))
        except (*WRONG, KeyError, zipfile.BadZipFile) as error:
            raise complaint(path, error) from error
        self._asked = {
            name
            for text in (body, *edges.values())
            for name in meta.find_undeclared_variables(self._environment.parse(text))
        }
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            whole = package.read(BODY).decode("utf-8")
            self._shell = _shell(package, {BODY, CORE, *self._edges})
            still = (n for n in package.namelist() if EDGE.fullmatch(n) and n not in self._edges)
            self._still = {name: package.read(name) for name in still}
        self._before = whole[: whole.index("<w:body")]
        self._after = whole[whole.index("</w:body>") + len("</w:body>") :]

    def asks_for(self) -> set[str]:
        """The names the template expects from its view."""
        return set(self._asked)

    def fill(self, view: Mapping[str, Any], title: str = "", author: str = "") -> bytes:
        """One .docx, the same bytes for the same view. `title` and `author` go into the document's properties."""
        try:
            body = self._template.render(view)
            edges = {name: _FIGURE.sub(r"\2", template.render(view)) for name, template in self._edges.items()}
        except WRONG as error:
            raise complaint(self._path, error) from error
        body = _with_bookmarks(re.sub(r"\n<w:p([ >])", r"<w:p\1", body))
        out = io.BytesIO(self._shell)
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
            text = (self._before + _only_body(body) + self._after).encode("utf-8")
            filled = {BODY: text, **{name: edge.encode("utf-8") for name, edge in edges.items()}}
            core = _core(title, author, of_parts({**self._still, **filled}))
            for name, part in {**filled, CORE: core}.items():
                package.writestr(zipfile.ZipInfo(name, STAMP), part, zipfile.ZIP_DEFLATED)
        return out.getvalue()


def _edges(data: bytes) -> dict[str, str]:
    """Heads and feet of pages that ask for something of the view: part name -> XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {n: package.read(n).decode("utf-8") for n in package.namelist() if EDGE.fullmatch(n)}
    return {name: text for name, text in parts.items() if "{{" in text or "{%" in text}


def _shell(package: zipfile.ZipFile, own: set[str]) -> bytes:
    """Everything but the parts a letter fills itself (`own`), packed once."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as shell:
        for name in package.namelist():
            if name not in own:
                shell.writestr(zipfile.ZipInfo(name, STAMP), package.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _only_body(xml: str) -> str:
    """docxtpl hands the body element with its own namespace declarations; the document element declares them already."""
    return "<w:body>" + xml[xml.index(">", xml.index("<w:body")) + 1 :]


def _finalize(value: Any) -> Any:
    if isinstance(value, Fig):
        return f"{OPEN}{value.key}{MIDDLE}{value.text}{CLOSE}"
    return clean(value).replace("\n", " ") if isinstance(value, str) else value


def _with_bookmarks(xml: str) -> str:
    """Split each run that prints a figure, so that a bookmark stands around exactly the figure, style kept."""
    number = count(1)
    return _RUN.sub(lambda m: _split_run(m.group(0), number), xml) if OPEN in xml else xml


def _split_run(run: str, number: Any) -> str:
    properties = _PROPERTIES.search(run)
    style = properties.group(0) if properties else ""
    out = []
    for element in _ELEMENT.findall(run[properties.end() :] if properties else run):
        text = _TEXT.fullmatch(element)
        if not text or OPEN not in text.group(1):
            out.append(f"<w:r>{style}{element}</w:r>")
            continue
        out += _pieces(text.group(1), style, number)
    return "".join(out)


def _pieces(text: str, style: str, number: Any) -> list[str]:
    out, end = [], 0
    for match in _FIGURE.finditer(text):
        if match.start() > end:
            out.append(_run(text[end : match.start()], style))
        n = next(number)
        out.append(_MARK.format(n=n, name=bookmark(unescape(match.group(1)), n), run=_run(match.group(2), style)))
        end = match.end()
    if end < len(text):
        out.append(_run(text[end:], style))
    return out


def _run(text: str, style: str) -> str:
    return f'<w:r>{style}<w:t xml:space="preserve">{text}</w:t></w:r>'


def _core(title: str, author: str, mark: str) -> bytes:
    """Core properties of ours alone: no author of the template, no revision history, a fixed date."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(clean(title), quote=False)}</dc:title><dc:creator>{escape(clean(author), quote=False)}</dc:creator>"
        f"<dc:identifier>{mark}</dc:identifier>"
        "</cp:coreProperties>"
    ).encode()
