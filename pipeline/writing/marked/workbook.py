"""workbook.xml of a marked copy: the 问题清单 in front, XLM sheets out, names kept in step, our own earlier marks found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from pipeline.model import column_letters
from pipeline.writing.marked.package import STRICT, TRANSITIONAL, CannotMark, Package, relative, resolve
from pipeline.writing.marked.sheetxml import column_number
from pipeline.writing.marked.strip import SHEET_KINDS, drop_external_names

LIST_NAME, COLUMN_NAME = "_wn_return_sheet_1", "_wn_return_col_"
PRINT_AREA, PRINT_TITLES = "_xlnm.Print_Area", "_xlnm.Print_Titles"
SPAN = re.compile(r"^(.+!)\$?([A-Z]{1,3})(\$?[0-9]+)?:\$?([A-Z]{1,3})(\$?[0-9]+)?$")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
MAIN_KINDS = {"officeDocument"}


@dataclass(slots=True)
class Workbook:
    package: Package
    part: str
    root: etree._Element
    ns: str
    strict: bool
    sheets: dict[str, str]  # sheet name -> part name (worksheets only)

    @property
    def rel_ns(self) -> str:
        return STRICT if self.strict else TRANSITIONAL


def open_workbook(package: Package) -> Workbook:
    """Find the workbook part and its worksheets. Raises CannotMark when there is none."""
    main = next((r for r in package.rels("") if r.kind in MAIN_KINDS), None)
    part = resolve("", main.target) if main else "xl/workbook.xml"
    if part not in package.parts:
        raise CannotMark("workbook")
    root = package.xml(part)
    ns = etree.QName(root).namespace or ""
    strict = "purl.oclc.org" in ns
    book = Workbook(package, part, root, ns, strict, {})
    targets = {r.id: r for r in package.rels(part)}
    for sheet in root.iter(f"{{{ns}}}sheet"):
        rel = targets.get(sheet.get(f"{{{book.rel_ns}}}id") or "")
        if rel and rel.kind == "worksheet" and not rel.external and resolve(part, rel.target) in package.parts:
            book.sheets[sheet.get("name", "")] = resolve(part, rel.target)
    if not book.sheets:
        raise CannotMark("sheets")
    return book


def keep_sheets(book: Workbook, drop: set[str]) -> None:
    """Take out sheets whose relationship is gone (XLM) and those named in `drop`; renumber the names' localSheetId."""
    alive = {r.id: r for r in book.package.rels(book.part)}
    sheets = book.root.find(f"{{{book.ns}}}sheets")
    mapping, kept = {}, 0
    for i, sheet in enumerate(list(sheets)):
        rel = alive.get(sheet.get(f"{{{book.rel_ns}}}id") or "")
        name = sheet.get("name", "")
        if rel is None or rel.kind not in SHEET_KINDS | {"dialogsheet"} or name in drop:
            sheets.remove(sheet)
            if rel is not None:
                book.package.drop(resolve(book.part, rel.target))
                book.package.put_rels(book.part, [r for r in book.package.rels(book.part) if r.id != rel.id])
            book.sheets.pop(name, None)
        else:
            mapping[i] = kept
            kept += 1
    for name in list(book.root.iter(f"{{{book.ns}}}definedName")):
        local = name.get("localSheetId")
        if local is not None:
            if int(local) not in mapping:
                name.getparent().remove(name)
            else:
                name.set("localSheetId", str(mapping[int(local)]))
    drop_external_names(book.root, book.ns)


def put_first(book: Workbook, title: str, data: bytes) -> str:
    """Add a worksheet in front, active; the title it really got (unique in the book)."""
    package = book.package
    name = package.free("xl/worksheets/wnlist{}.xml")
    package.parts[name] = data
    package.override(name, SHEET)
    rel = package.add_rel(book.part, "worksheet", relative(book.part, name), book.strict)
    sheets = book.root.find(f"{{{book.ns}}}sheets")
    taken = {s.get("name", "") for s in sheets}
    title = next(t for t in (title, *(f"{title}{i}" for i in range(2, 100))) if t not in taken)
    number = max((int(s.get("sheetId", "0")) for s in sheets), default=0) + 1
    prefix = {f"{{{book.rel_ns}}}id": rel}
    sheets.insert(0, etree.Element(f"{{{book.ns}}}sheet", {"name": title, "sheetId": str(number), **prefix}))
    for defined in book.root.iter(f"{{{book.ns}}}definedName"):
        if defined.get("localSheetId") is not None:
            defined.set("localSheetId", str(int(defined.get("localSheetId")) + 1))
    for view in book.root.iter(f"{{{book.ns}}}workbookView"):
        view.set("activeTab", "0")
        view.set("firstSheet", "0")
    return title


def define(book: Workbook, name: str, value: str, hidden: bool = True, local: int | None = None) -> None:
    """Add a defined name (replacing one of ours with the same name)."""
    names = book.root.find(f"{{{book.ns}}}definedNames")
    if names is None:
        names = etree.Element(f"{{{book.ns}}}definedNames")
        anchor = book.root.find(f"{{{book.ns}}}externalReferences")
        if anchor is None:
            anchor = book.root.find(f"{{{book.ns}}}functionGroups")
        if anchor is None:
            anchor = book.root.find(f"{{{book.ns}}}sheets")
        anchor.addnext(names)
    for old in list(names):
        if old.get("name") == name and old.get("localSheetId") == (str(local) if local is not None else None):
            names.remove(old)
    made = etree.SubElement(names, f"{{{book.ns}}}definedName", name=name)
    if local is not None:
        made.set("localSheetId", str(local))
    if hidden:
        made.set("hidden", "1")
    made.text = value


def earlier_marks(book: Workbook) -> tuple[str | None, dict[str, int]]:
    """(our earlier list sheet, sheet -> our earlier column) of a marked copy that came back."""
    listed, columns = None, {}
    for name in list(book.root.iter(f"{{{book.ns}}}definedName")):
        label, text = name.get("name", ""), name.text or ""
        match = re.match(r"'?((?:[^']|'')+?)'?!\$([A-Z]+)", text)
        if not match or not (label == LIST_NAME or label.startswith(COLUMN_NAME)):
            continue
        sheet = match.group(1).replace("''", "'")
        if label == LIST_NAME:
            listed = sheet
        else:
            columns[sheet] = column_number(match.group(2))
        name.getparent().remove(name)
    return listed, columns


def widen_print_area(book: Workbook, sheet: str, col: int) -> int:
    """Take the 审核意见 column into a sheet's print area: the last column before, 0 where nothing is to be widened.

    A sheet without a print area prints all it has; one of several ranges or of a formula is the school's own and stays.
    """
    name = _local(book, sheet, PRINT_AREA)
    match = SPAN.match(name.text or "") if name is not None else None
    last = column_number(match.group(4)) if match else 0
    if name is None or match is None or last >= col:
        return 0
    where, first, top, _, bottom = match.groups("")
    name.text = f"{where}${first}{top}:${column_letters(col)}{bottom}"
    return last


def has_print_area(book: Workbook, sheet: str) -> bool:
    return _local(book, sheet, PRINT_AREA) is not None


def repeat_columns(book: Workbook, sheet: str, last: int, row: int) -> None:
    """The columns up to `last` stand on every printed page of a sheet; `row`: its header, where it repeats none yet."""
    name = _local(book, sheet, PRINT_TITLES)
    where = "'" + sheet.replace("'", "''") + "'!"
    columns = f"{where}$A:${column_letters(last)}"
    if name is None:
        define(
            book,
            PRINT_TITLES,
            f"{columns},{where}${row}:${row}" if row else columns,
            hidden=False,
            local=_place(book, sheet),
        )
    elif name.text and re.fullmatch(r"[^,]*!\$?[0-9]+:\$?[0-9]+", name.text):
        name.text = f"{columns},{name.text}"


def _place(book: Workbook, sheet: str) -> int:
    return [s.get("name", "") for s in book.root.iter(f"{{{book.ns}}}sheet")].index(sheet)


def _local(book: Workbook, sheet: str, label: str) -> etree._Element | None:
    """The sheet's own name of that kind, None where it has none."""
    for name in book.root.iter(f"{{{book.ns}}}definedName"):
        if name.get("name") == label and name.get("localSheetId") == str(_place(book, sheet)):
            return name
    return None
