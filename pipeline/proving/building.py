"""One case and the base it starts from in; the small home it describes out: files under inbox/ by path, and season.toml."""

from __future__ import annotations

import base64
import gzip
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pipeline.book.spec import Book, Field, Resource
from pipeline.proving.cellvalues import native
from pipeline.proving.examples import Base, Case
from pipeline.proving.season_text import season_toml
from pipeline.writing.plain import Address, PlainBook, PlainSheet, plain_workbook

TITLE_ROW, HEADER_ROW = 1, 2
CELL = re.compile(r"([A-Z]{1,3})([0-9]+)")


@dataclass(frozen=True, slots=True)
class SmallHome:
    """`files`: path under inbox/ -> (bytes, received)."""

    season: bytes
    as_of: date
    files: Mapping[str, tuple[bytes, date]]


def small_home(case: Case, base: Base, book: Book) -> SmallHome:
    """`book` with the example's own season already laid over it (season_toml(case, base) says which)."""
    as_of = night_of(case, base)
    files: dict[str, tuple[bytes, date]] = {}
    for i, said in enumerate(case.files):
        path = said.get("path") or _path(said, base, i)
        came = date.fromisoformat(said["received"]) if "received" in said else as_of
        files[path] = (file_bytes(said, base, book), came)
    for area, folder in (("registers", "_district"), ("decisions", "_decisions")):
        for name, rows in {**(_r1(case, base) if area == "registers" else {}), **case.said.get(area, {})}.items():
            files[f"{folder}/{name}.xlsx"] = (register_bytes(name, rows, book), as_of)
    return SmallHome(season_toml(case, base), as_of, files)


def night_of(case: Case, base: Base) -> date:
    """The example's own date, else the latest one its forms' base rows are made for."""
    if "as_of" in case.said:
        return date.fromisoformat(case.said["as_of"])
    forms = _forms(case) or list(base.forms)[:1]
    return max(date.fromisoformat(base.forms[f]["as_of"]) for f in forms)


def _forms(case: Case) -> list[str]:
    return [f for said in case.files for f in said.get("forms", ())]


def _path(said: Mapping[str, Any], base: Base, ordinal: int) -> str:
    unit = base.units[said.get("unit", next(iter(base.units)))]
    stem = "_".join(said.get("forms", ())) or "file"
    return f"{stem}_{unit['full_name']}{f'_{ordinal + 1}' if ordinal else ''}.xlsx"


def _r1(case: Case, base: Base) -> dict[str, list[dict[str, str]]]:
    """R1 lists the units the case is about, each owing just the forms the case sends (or `owes`)."""
    codes = case.said.get("units") or list(dict.fromkeys(f.get("unit", next(iter(base.units))) for f in case.files))
    owed = case.said.get("owes") or sorted(dict.fromkeys(_forms(case))) or list(base.forms)[:1]
    return {"R1": [{"unit_code": code, **base.units[code], "owes_forms": ",".join(owed)} for code in codes]}


# -- files --------------------------------------------------------------------------------------------


def file_bytes(said: Mapping[str, Any], base: Base, book: Book) -> bytes:
    """One delivered file."""
    raw = said.get("raw", {})
    if "text" in raw:
        return str(raw["text"]).encode(raw.get("encoding", "utf-8")) * int(raw.get("times", 1))
    if "base64" in raw:
        return base64.b64decode(raw["base64"])
    if "packed" in raw:
        return gzip.decompress(base64.b64decode("".join(raw["packed"].split())))
    if "zip" in raw:
        return _zipped(
            {name: file_bytes({**said, "raw": {}, **one}, base, book) for name, one in raw["zip"].items()},
            raw.get("encoding", "utf-8"),
        )
    data = _with_parts(plain_workbook(_workbook(said, base, book)), said.get("parts", {}))
    return data[: int(raw["cut"])] if "cut" in raw else data


def _with_parts(data: bytes, parts: Mapping[str, str]) -> bytes:
    """What no plain workbook holds (macros, links to other files), added to the package as it stands."""
    if not parts:
        return data
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), text)
    return out.getvalue()


def _zipped(members: Mapping[str, bytes], encoding: str) -> bytes:
    """Names in GBK without the UTF-8 flag are what Chinese Windows writes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = _Named(name, (2020, 1, 1, 0, 0, 0))
            info.encoding = encoding
            archive.writestr(info, data)
    return out.getvalue()


class _Named(zipfile.ZipInfo):
    """A member whose name is written in an encoding of our choice; zipfile itself knows only ASCII and UTF-8."""

    encoding = "utf-8"

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own name
        return self.filename.encode(self.encoding), self.flag_bits | (0x800 if self.encoding == "utf-8" else 0)


def _workbook(said: Mapping[str, Any], base: Base, book: Book) -> PlainBook:
    sheets: dict[str, PlainSheet] = {}
    if said.get("forms"):
        sheets[book.cover["title"]] = _cover(said, base, book)
    for form in said.get("forms", ()):
        for name in base.forms[form]["sheets"]:
            resource = book.forms[form].resource(name)
            if resource is not None and name not in said.get("drop", ()):
                sheets[said.get("names", {}).get(name, resource.title)] = _table(
                    resource, said, base.forms[form]["sheets"][name]
                )
    for name, cells in said.get("sheets", {}).items():
        sheets[name] = PlainSheet(
            {_address(a): native(v) for a, v in cells.items()}, hidden=name in said.get("hidden", ())
        )
    return _marked(_detailed(sheets, said), said, book)


def _cover(said: Mapping[str, Any], base: Base, book: Book) -> PlainSheet:
    unit = said.get("unit", next(iter(base.units)))
    head = {**base.cover, "unit_code": unit, "unit_name": base.units[unit]["full_name"]}
    dates = [base.forms[f]["fill_date"] for f in said["forms"] if "fill_date" in base.forms[f]]
    head = {**head, **({"fill_date": max(dates)} if dates else {}), **said.get("cover", {})}
    cells: dict[Address, Any] = {(1, 1): book.cover["title"]}
    row = 2
    for f in book.head:
        if f.on and f.name in head:
            cells[row, 1] = f.title
            cells[row, 2] = native(head[f.name], f)
            row += 1
    for form in said["forms"]:
        cells[row, 1] = book.forms[form].title
        answer = said.get("declared", {}).get(form, base.words["has"])
        cells[row, 2] = answer or None
        row += 1
    return PlainSheet({k: v for k, v in cells.items() if v is not None})


def _table(resource: Resource, said: Mapping[str, Any], base_rows: list[Mapping[str, Any]]) -> PlainSheet:
    """Title, header, rows, totals. The columns are those of the base's first row, then whatever else the case fills."""
    rows = [
        row
        for r in said.get("rows", {}).get(resource.name, [str(i) for i in range(1, len(base_rows) + 1)])
        for row in _repeated(r, base_rows)
    ]
    for target, value in said.get("set", {}).items():
        sheet, ordinal, name = target.split(".")
        if sheet == resource.name:
            rows[int(ordinal) - 1][name] = value
    names = list(dict.fromkeys([*base_rows[0], *(n for r in rows for n in r)]))
    names = [n for n in names if f"{resource.name}.{n}" not in said.get("drop", ())]
    if resource.layout == "items":
        return _items(resource, names, rows[0])
    titles = {t.partition(".")[2]: v for t, v in said.get("titles", {}).items() if t.partition(".")[0] == resource.name}
    cells: dict[Address, Any] = {(TITLE_ROW, 1): resource.title}
    for col, name in enumerate(names, 1):
        cells[HEADER_ROW, col] = titles.get(name, _field(resource, name).title)
        for i, row in enumerate(rows, HEADER_ROW + 1):
            cells[i, col] = native(row.get(name, ""), _field(resource, name))
    totals = said.get("total", {}).get(resource.name)
    if totals:
        last = HEADER_ROW + len(rows) + 1
        cells[last, 1] = totals["label"]
        cells |= {(last, names.index(n) + 1): native(v, _field(resource, n)) for n, v in totals.items() if n != "label"}
    return PlainSheet({k: v for k, v in cells.items() if v is not None})


def _items(resource: Resource, names: list[str], row: Mapping[str, Any]) -> PlainSheet:
    """One labelled value per line, from the header's row on: the label in A, the value in B."""
    cells: dict[Address, Any] = {(TITLE_ROW, 1): resource.title}
    for i, name in enumerate(names, HEADER_ROW):
        cells[i, 1], cells[i, 2] = _field(resource, name).title, native(row.get(name, ""), _field(resource, name))
    return PlainSheet({k: v for k, v in cells.items() if v is not None})


def _repeated(row: Any, base_rows: list[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """One row, or `times` rows numbered from 1."""
    if isinstance(row, str) or "times" not in row:
        return [_row(row, base_rows)]
    like = _row({k: v for k, v in row.items() if k != "times"}, base_rows)
    return [
        {k: v.replace("{i}", str(i)) if isinstance(v, str) else v for k, v in like.items()}
        for i in range(1, int(row["times"]) + 1)
    ]


def _row(row: Any, base_rows: list[Mapping[str, Any]]) -> dict[str, Any]:
    if isinstance(row, str):
        return dict(base_rows[int(row) - 1])
    like = row.get("like")
    return {**(base_rows[int(like) - 1] if like else {}), **{k: v for k, v in row.items() if k != "like"}}


def _field(resource: Resource, name: str) -> Field:
    found = resource.field(name)
    if found is None:
        raise KeyError(f"{resource.form}.{resource.name} has no field {name}")
    return found


def register_bytes(name: str, rows: list[Mapping[str, Any]], book: Book) -> bytes:
    """An office sheet: title, header, rows."""
    resource = book.registers[name].resource
    names = list(dict.fromkeys(n for r in rows for n in r))
    cells: dict[Address, Any] = {(TITLE_ROW, 1): resource.title}
    for col, field in enumerate(names, 1):
        cells[HEADER_ROW, col] = _field(resource, field).title
        for i, row in enumerate(rows, HEADER_ROW + 1):
            cells[i, col] = native(row.get(field, ""), _field(resource, field))
    return plain_workbook(PlainBook({resource.title: PlainSheet({k: v for k, v in cells.items() if v is not None})}))


# -- cells, merges, hidden parts, marks ----------------------------------------------------------------


def _detailed(sheets: dict[str, PlainSheet], said: Mapping[str, Any]) -> dict[str, PlainSheet]:
    for spot, value in said.get("cells", {}).items():
        name, address = spot.rsplit("!", 1)
        cells = {**sheets[name].cells, _address(address): native(value)}
        sheets[name] = replace(sheets[name], cells={k: v for k, v in cells.items() if v is not None})
    for spot in said.get("merge", ()):
        name, area = spot.rsplit("!", 1)
        first, last = (_address(a) for a in area.split(":"))
        sheets[name] = replace(sheets[name], merged=(*sheets[name].merged, (*first, *last)))
    for spot in said.get("hide", ()):
        name, line = spot.rsplit("!", 1)
        if line.isdigit():
            sheets[name] = replace(sheets[name], hidden_rows=(*sheets[name].hidden_rows, int(line)))
        else:
            sheets[name] = replace(sheets[name], hidden_cols=(*sheets[name].hidden_cols, _column(line)))
    for spot, text in said.get("comments", {}).items():
        name, address = spot.rsplit("!", 1)
        sheets[name] = replace(sheets[name], comments={**sheets[name].comments, _address(address): text})
    return sheets


def _marked(sheets: Mapping[str, PlainSheet], said: Mapping[str, Any], book: Book) -> PlainBook:
    marks = said.get("marks")
    saved = datetime.fromisoformat(said["saved"]) if "saved" in said else None
    plain = PlainBook(sheets, date1904=said.get("date1904") == "yes", saved=saved)
    if not marks:
        return plain
    words = book.words["marks"]
    lines: Iterable[tuple[int, tuple[str, str]]] = enumerate(marks.items(), 1)
    kept = PlainSheet({(i, c): v for i, pair in lines for c, v in enumerate(pair, 1)}, hidden=True)
    properties = {words["property_prefix"] + k: v for k, v in marks.items()}
    names = {words["name_prefix"] + k: v for k, v in marks.items()}
    return replace(plain, sheets={**sheets, words["sheet"]: kept}, properties=properties, names=names)


def _address(text: str) -> Address:
    found = CELL.fullmatch(text)
    if not found:
        raise ValueError(text)
    return int(found[2]), _column(found[1])


def _column(letters: str) -> int:
    number = 0
    for sign in letters:
        number = number * 26 + ord(sign) - 64
    return number
