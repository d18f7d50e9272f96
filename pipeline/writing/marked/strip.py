"""What may not travel on: macros, XLM sheets, ActiveX, OLE, external links and connections leave with their relationships.

Source: contract.md 1 "Marked copies"; reliability.md X3-X5, I12.
"""

from __future__ import annotations

import re

from lxml import etree

from pipeline.writing.marked.package import CannotMark, Package, Rel, resolve

ACTIVE = {
    "vbaProject", "wordVbaData", "xlMacrosheet", "xlIntlMacrosheet", "control", "activeXControlBinary", "activeXControl",
    "oleObject", "package", "externalLink", "externalLinkPath", "connections", "queryTable", "ctrlProp", "attachedToolbars",
    "vbaProjectSignature", "vbaProjectSignatureAgile", "vbaProjectSignatureV3",
}  # fmt: skip
SHEET_KINDS = {"worksheet", "chartsheet"}
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
EXTERNAL = re.compile(r"\[[0-9]+\]|\[[^\]]+\.xl[a-z]*\]", re.IGNORECASE)


def strip_active(package: Package, workbook: str) -> list[str]:
    """Remove everything active; the kinds that were found, for the note to the school. Data stays as it is."""
    found: set[str] = set()
    for part in [p for p in package.parts if not p.endswith(".rels")]:
        if part in package.parts:
            found |= _strip_rels(package, part, sheet=part.startswith("xl/worksheets/"))
    package.override(workbook, MAIN)
    return sorted(found)


def _strip_rels(package: Package, part: str, sheet: bool) -> set[str]:
    rels = package.rels(part)
    if not rels:
        return set()
    kept, gone, found = [], set(), set()
    for rel in rels:
        if rel.kind in ACTIVE:
            found.add(rel.kind)
            gone.add(rel.id)
            if not rel.external:
                _drop_tree(package, resolve(part, rel.target))
        elif rel.external:
            found.add("hyperlink" if rel.kind == "hyperlink" else "externalLink")
            if sheet or part.startswith("xl/workbook"):
                gone.add(rel.id)
            else:
                kept.append(Rel(rel.id, rel.type, "#A1", False))  # a drawing's link: its id must stay valid
        else:
            kept.append(rel)
    if len(kept) != len(rels) or gone or any(r.target == "#A1" for r in kept):
        package.put_rels(part, kept)
        if gone:
            _drop_references(package, part, gone)
    return found


def _drop_tree(package: Package, part: str) -> None:
    for rel in package.rels(part):
        if (
            not rel.external
            and rel.kind in ACTIVE | {"image"}
            and part.startswith(("xl/activeX", "xl/externalLinks", "xl/embeddings", "xl/ctrlProps"))
        ):
            package.drop(resolve(part, rel.target)) if rel.kind != "image" else None
    package.drop(part)


def _drop_references(package: Package, part: str, gone: set[str]) -> None:
    """Take out the elements that name a removed relationship; an AlternateContent around one goes whole."""
    if not part.endswith(".xml"):
        return
    root = package.xml(part)
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        ids = {v for k, v in element.attrib.items() if k.endswith("}id") and "relationships" in k}
        if ids & gone:
            _remove(element)
    _drop_empty(root)
    package.put(part, root)


def _remove(element: etree._Element) -> None:
    for parent in element.iterancestors():
        if etree.QName(parent).localname == "AlternateContent":
            element = parent
    parent = element.getparent()
    if parent is None:
        raise CannotMark("root")
    parent.remove(element)


def _drop_empty(root: etree._Element) -> None:
    for element in list(root):
        if (
            isinstance(element.tag, str)
            and etree.QName(element).localname in {"hyperlinks", "controls", "oleObjects", "externalReferences"}
            and len(element) == 0
        ):
            root.remove(element)


def freeze_external_formulas(root: etree._Element, ns: str) -> bool:
    """A formula that reads another file keeps its cached value only. True when any was found."""
    found = False
    for formula in list(root.iter(f"{{{ns}}}f")):
        if formula.text and EXTERNAL.search(formula.text):
            if formula.get("t") == "shared":
                raise CannotMark("shared external formula")
            formula.getparent().remove(formula)
            found = True
    return found


def drop_external_names(root: etree._Element, ns: str) -> None:
    """Names that reach into another file or run something; LibreOffice writes the attributes out even where they say no."""
    for name in list(root.iter(f"{{{ns}}}definedName")):
        runs = any(name.get(kind, "0") in {"1", "true"} for kind in ("function", "vbProcedure", "xlm"))
        if runs or (name.text and EXTERNAL.search(name.text)):
            name.getparent().remove(name)
