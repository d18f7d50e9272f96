"""Deliveries and the unit register in; whose file each is, by its head, its marks, its name or its neighbours in a zip, out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.arranging import Named
from pipeline.book.spec import Book
from pipeline.model import Arrival, Document, Finding, Office, Unit
from pipeline.reading.identify import identify, is_blank_name
from pipeline.reading.units import UnitIndex


def opened(arrival: Arrival, documents: Sequence[Document]) -> Iterable[tuple[Arrival, Document]]:
    """A file, or a zip and each member as a delivery of its own received with it."""
    for d in documents:
        yield replace(arrival, path=d.path, sha256=d.sha256, size=d.size), d


def aliases(office: Office) -> Iterable[tuple[str, str]]:
    register = office.registers.get("R7")
    for row in register.rows if register else ():
        yield str(row.get("alias") or ""), str(row.get("canonical") or "")


def index_of(office: Office, book: Book) -> UnitIndex:
    """The names of all units; a name in traditional characters is the same name."""
    signs = book.words["hanzi"]["simplified"]
    return UnitIndex(
        office.units,
        tuple(aliases(office)),
        book.words["reading"]["names"],
        dict(zip(map(ord, signs["from"]), signs["to"], strict=True)),
    )


def drafted(documents: Iterable[Document]) -> tuple[Unit, ...]:
    """Without R1: the units that the forms themselves name, by code, else by name; a name some form gives with a code is
    that unit's."""
    named: dict[str, str] = {}
    bare: dict[str, str] = {}
    for d in documents:
        name = str(d.head["unit_name"].value or "") if "unit_name" in d.head else ""
        code = d.marks.unit or (str(d.head["unit_code"].value or "") if "unit_code" in d.head else "")
        if code:
            named[code] = named.get(code) or name
        elif name:
            bare[name] = name
    units = sorted(named.items()) + [(name, name) for name in bare if name not in named.values()]
    return tuple(Unit(code, name or code, name or code, order=i) for i, (code, name) in enumerate(units, 1))


def whose(forms: Sequence[tuple[Arrival, Document]], index: UnitIndex) -> list[Named]:
    found = []
    for arrival, document in forms:
        folder, _, name = arrival.path.replace("!", "/").rpartition("/")
        unit, by, findings = identify(document, index, folder, name)
        if document.outcome == "readable" and not document.tables and not document.declared:
            findings = ()  # no form of ours: whose it is comes second
        found.append(Named(arrival, _asked_once(document, findings), unit, by, findings))
    return _with_siblings(found)


def _asked_once(document: Document, findings: Sequence[Finding]) -> Document:
    """Where nothing tells whose a file is, its blank name is no mistake of its own."""
    if not any(f.rule == "WBK-008" for f in findings):
        return document
    return replace(document, findings=tuple(f for f in document.findings if not is_blank_name(f)))


def _with_siblings(named: Sequence[Named]) -> list[Named]:
    """An attachment or unreadable file in a zip belongs to the one unit its siblings belong to; so does the zip itself."""
    units: dict[str, set[str]] = {}
    for n in named:
        if "!" in n.arrival.path and n.unit and n.document.tables:
            units.setdefault(n.arrival.path.rpartition("!")[0], set()).add(n.unit)
    out = []
    for n in named:
        inside = units.get(n.arrival.path.rpartition("!")[0] if "!" in n.arrival.path else n.arrival.path, set())
        loose = n.unit is None and (n.document.attachment or n.document.members or n.document.outcome != "readable")
        out.append(replace(n, unit=next(iter(inside)), by="zip") if loose and len(inside) == 1 else n)
    return out
