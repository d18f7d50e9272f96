"""Open whatever a school sent: in go path, bytes and limits, out comes one RawBook (a zip: itself and one per member).

Every book has exactly one outcome (contract.md 3); whatever is refused carries a finding. Nothing is executed, followed or written.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from pipeline.model import Finding
from pipeline.reading import sniff
from pipeline.reading.container_locked import unlock
from pipeline.reading.container_ods import open_ods
from pipeline.reading.container_ole import open_xls
from pipeline.reading.container_xlsx import open_package
from pipeline.reading.limits import DAMAGE, FORM, Limits, Refused, damaged, too_big
from pipeline.reading.prescan_biff import is_encrypted
from pipeline.reading.raw import RawBook
from pipeline.reading.sniff_ole import open_compound
from pipeline.reading.texts import BLIND as TEXT_BLIND
from pipeline.reading.texts import open_csv
from pipeline.reading.texts_html import open_html
from pipeline.reading.texts_xml import BLIND as XML_BLIND
from pipeline.reading.texts_xml import open_xml2003
from pipeline.reading.zips import Entry, directory, inflate
from pipeline.reading.zips_mail import open_members

PACKAGES = frozenset(("xlsx", "xlsm", "xlsb"))
WORKBOOKS = PACKAGES | {"xls", "et", "ods", "locked"}
MAIN_TYPE = re.compile(rb'ContentType\s*=\s*["\']([^"\']*\.main(?:\+xml)?)["\']')
LOCAL_NAME = re.compile(rb"PK\x03\x04.{22}(..)(?:..)", re.S)


def open_book(path: str, data: bytes, limits: Limits = FORM, members_only: bool = False) -> list[RawBook]:
    """Open one file. Never raises for what is in the file; MemoryError, panics and bugs of ours go through.

    `members_only`: a zip's members are listed but not opened; for any other file nothing comes back.
    """
    if members_only and not _is_archive(data, limits):
        return []
    return _open(path, data, limits, members_only)


def _is_archive(data: bytes, limits: Limits) -> bool:
    try:
        return sniff.sniff("", data) == "zip" and _kind_of(data, directory(data, limits.parts), limits) == "zip"
    except Refused:
        return False


def _open(path: str, data: bytes, limits: Limits, listed: bool = False, inside: bool = False) -> list[RawBook]:
    book = RawBook(path, hashlib.sha256(data).hexdigest(), len(data), "unknown", "readable")
    if sniff.is_system(path):
        return [_ignored(book)]
    members: list[RawBook] = []
    try:
        members = _fill(book, data, limits, listed, inside)
    except Refused as refused:
        _refuse(book, refused)
    except (*DAMAGE, RecursionError):
        _refuse(book, damaged("unreadable"))
    if book.outcome in ("rejected", "not-a-workbook") and not book.attachment and _by_name(book):
        book.kind, book.outcome, book.attachment, book.findings = sniff.suffix(path)[1:], "not-a-workbook", True, ()
    return [book, *members]


def _by_name(book: RawBook) -> bool:
    """Called a document or a picture and, as far as its bytes tell, nothing else: an attachment, whole or not."""
    known = (WORKBOOKS - {"locked"}) | sniff.ARCHIVES | sniff.OLD_SHEETS | {"program"}
    return sniff.suffix(book.path) in sniff.ATTACHED and book.kind not in known


def _fill(book: RawBook, data: bytes, limits: Limits, listed: bool, inside: bool) -> list[RawBook]:
    book.kind = sniff.sniff(book.path, data)
    if book.kind == "zip":
        return _fill_zip(book, data, limits, listed, inside)
    if book.kind == "ole":
        _fill_ole(book, data, limits)
    elif book.kind in ("txt", "html", "xml2003"):
        _fill_text(book, data, limits)
    else:
        _classify(book)
    _remark(book)
    return []


def _fill_zip(book: RawBook, data: bytes, limits: Limits, listed: bool, inside: bool) -> list[RawBook]:
    try:
        entries = directory(data, limits.parts)
    except Refused:
        book.kind = sniff.zip_kind(_stray_names(data), "", "")
        if book.kind in sniff.ATTACHMENTS:
            _classify(book)
            return []
        raise
    book.kind = _kind_of(data, entries, limits)
    if book.kind == "zip":
        if inside:
            raise Refused("WBK-014", why="nested")
        return _fill_archive(book, data, entries, limits, listed)
    if book.kind in PACKAGES or book.kind == "ods":
        _workbook_size(data, limits)
        try:
            (open_ods if book.kind == "ods" else open_package)(book, data, entries, limits)
        except Refused as refused:
            raise _for_package(refused) from None
    else:
        _classify(book)
    _remark(book)
    return []


def _kind_of(data: bytes, entries: Sequence[Entry], limits: Limits) -> str:
    names = {e.raw_name.decode("utf-8", "replace").replace("\\", "/").lstrip("/"): e for e in entries}
    known: dict[str, bytes] = {}
    for name in ("mimetype", "[Content_Types].xml"):
        try:
            known[name] = inflate(data, names[name], limits, 2**20) if name in names else b""
        except Refused:
            known[name] = b""
    types = known["[Content_Types].xml"].replace(b"\0", b"")
    main = MAIN_TYPE.search(types)
    return sniff.zip_kind(names, known["mimetype"].decode("latin-1").strip(), main[1].decode("latin-1") if main else "")


def _stray_names(data: bytes) -> list[str]:
    """Member names by their local headers, for a zip whose directory is gone."""
    found = []
    for hit in LOCAL_NAME.finditer(data):
        size = int.from_bytes(hit[1], "little")
        found.append(data[hit.end() : hit.end() + size].decode("utf-8", "replace"))
    return found


def _for_package(refused: Refused) -> Refused:
    """WBK-014 speaks of archives; in a workbook the same trick is a file too large or damaged."""
    if refused.rule != "WBK-014":
        return refused
    why = refused.facts.get("why", "")
    return too_big("inflated", "") if why in ("ratio", "members") else damaged("unreadable")


def _workbook_size(data: bytes, limits: Limits) -> None:
    if len(data) > limits.size:
        raise too_big("size", f"{limits.size // 2**20} MB")


def _fill_archive(book: RawBook, data: bytes, entries: Sequence[Entry], limits: Limits, listed: bool) -> list[RawBook]:
    if len(data) > limits.archive_size:
        raise Refused("WBK-014", why="size", limit=f"{limits.archive_size // 2**20} MB")
    members, guessed = open_members(data, entries, limits)
    opened: list[RawBook] = []
    for member in members:
        path = f"{book.path}!{member.label}"
        if member.refused or member.skipped:
            bare = RawBook(path, hashlib.sha256(member.data).hexdigest(), 0, "unknown", "readable")
            opened.append(_ignored(bare) if member.skipped else _refuse(bare, member.refused or damaged("part")))
        elif listed:
            opened.append(
                RawBook(path, hashlib.sha256(member.data).hexdigest(), len(member.data), "locked", "readable")
            )
        else:
            opened += _open(path, member.data, limits, inside=True)
    book.members = tuple((m.label, m.data) for m in members if not m.refused and not m.skipped)
    if guessed:
        _note(book, "WBK-013")
    if not any(m.kind in WORKBOOKS or m.outcome in ("rejected", "encrypted") for m in opened):
        book.outcome = "not-a-workbook"
        book.attachment = any(m.attachment for m in opened)
        if not book.attachment:
            _note(book, "WBK-001", kind="zip")
    return opened


def _fill_ole(book: RawBook, data: bytes, limits: Limits) -> None:
    compound = open_compound(data)
    kind = book.kind = sniff.ole_kind(compound.streams)
    if kind not in ("xls", "locked"):
        return _classify(book)
    _workbook_size(data, limits)
    if kind == "xls":
        book.kind = "et" if sniff.suffix(book.path) in (".et", ".ett") else "xls"
        stream = next(n for n in compound.streams if n.lower() in ("workbook", "book"))
        if is_encrypted(compound.read(stream)):
            plain = unlock(data, package=False)
            if plain is None:
                raise Refused("WBK-003", "encrypted")
            _note(book, "WBK-004")
            data, compound = plain, open_compound(plain)
        compound.check_whole()
        return open_xls(book, data, compound, limits)
    plain = unlock(data, package=True)
    if plain is None or sniff.sniff(book.path, plain) != "zip":
        raise Refused("WBK-003", "encrypted")
    entries = directory(plain, limits.parts)
    inner = _kind_of(plain, entries, limits)
    if inner not in PACKAGES:
        raise Refused("WBK-003", "encrypted")
    book.kind = inner
    _note(book, "WBK-004")
    try:
        open_package(book, plain, entries, limits)
    except Refused as refused:
        raise _for_package(refused) from None
    return None


def _fill_text(book: RawBook, data: bytes, limits: Limits) -> None:
    end = sniff.suffix(book.path)
    if end not in sniff.NEEDS_NAME:
        return _classify(book)
    _workbook_size(data, limits)
    name = PurePosixPath(book.path.replace("!", "/")).stem[:31]
    if book.kind == "xml2003":
        book.sheets, book.cannot_see = tuple(open_xml2003(data, limits)), XML_BLIND
        return None
    sheets = open_html(data, name, limits) if book.kind == "html" else open_csv(data, name, end == ".csv", limits)
    if sheets is None:
        return _classify(book)
    book.kind = "html" if book.kind == "html" else "csv"
    book.sheets = tuple(sheets)
    book.cannot_see = TEXT_BLIND - {"merged"} if book.kind == "html" else TEXT_BLIND
    return None


def _classify(book: RawBook) -> None:
    """The outcome of everything that is no workbook we read."""
    kind, end = book.kind, sniff.suffix(book.path)
    if kind in ("empty", "zeros"):
        raise damaged(kind)
    if kind in sniff.ARCHIVES:
        raise Refused("WBK-014", why="archive", kind=kind)
    if kind in sniff.OLD_SHEETS:
        raise Refused("WBK-001", kind=kind)
    if kind == "unknown" and end in sniff.TABLES | {".zip"}:
        raise damaged("unreadable")
    book.outcome = "not-a-workbook"
    known = kind in sniff.ATTACHMENTS and kind != "txt"
    book.attachment = known or kind == "attachment" or _by_name(book)
    if not book.attachment:
        _note(book, "WBK-001", kind=kind)
    elif end in sniff.TABLES:  # a form is awaited under this name, and what came cannot be one
        _note(book, "WBK-001", kind=kind)
        book.findings = (*book.findings[:-1], replace(book.findings[-1], severity="warning"))


def _remark(book: RawBook) -> None:
    """What an opened workbook has to say about itself."""
    if book.outcome != "readable":
        return
    end = sniff.suffix(book.path)
    if end not in sniff.FITS.get("xls" if book.kind == "et" else book.kind, frozenset()):
        _note(book, "WBK-002", kind=book.kind, suffix=end)
    if book.kind in ("xls", "et"):
        _note(book, "WBK-006", kind=book.kind)
    if book.active:
        _note(book, "WBK-005", what=",".join(book.active))
    if book.outside:
        _note(book, "WBK-017", what=",".join(book.outside))
    if book.date1904:
        _note(book, "WBK-019")


def _note(book: RawBook, rule: str, **facts: str) -> None:
    book.findings = (*book.findings, Finding(rule, file=book.path, sha256=book.sha256, facts=facts))


def _refuse(book: RawBook, refused: Refused) -> RawBook:
    book.outcome, book.sheets, book.members = refused.outcome, (), ()
    book.findings = tuple(f for f in book.findings if f.rule != "WBK-004")
    _note(book, refused.rule, **refused.facts)
    book.findings = (
        *book.findings[:-1],
        replace(book.findings[-1], holds="file"),
    )  # WBK-018 of one sheet holds that sheet only
    return book


def _ignored(book: RawBook) -> RawBook:
    return replace(book, outcome="ignored", findings=(Finding("WBK-015", file=book.path, sha256=book.sha256),))
