"""A worksheet part with a new last column in; its page set so that a clerk can read it on A4, out."""

from __future__ import annotations

from lxml import etree

from pipeline.writing.marked.sheetxml import Grid

LONG_SIDE, SHORT_SIDE = 11.69, 8.27  # inches of A4, what every office here prints on
UNIT, PADDING, DOTS = 7, 5, 96  # pixels of a width unit, of a column's edges, of an inch
USUAL = 8.43
MARGIN = 0.7
READABLE = 9 / 11  # of the usual eleven points
MOST = 3  # pages side by side
TRUE = {"1", "true"}
BEFORE_SETUP = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges",
    "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr",
    "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
)  # fmt: skip


def fit(grid: Grid, before: int, last: int, kept: int) -> bool:
    """Set the page for columns up to `last` (`before`: the last printed one so far). True: two pages side by side, on which
    the columns up to `kept` are to be repeated.

    A sheet spread over several pages already is left as its school set it; one pressed on a single page may run over to a
    second, for remarks make rows higher. Where one page would be smaller than anybody reads, two stand side by side.
    """
    fitting, setup = _found(grid, "sheetPr", "pageSetUpPr"), grid.root.find(f"{{{grid.ns}}}pageSetup")
    fits = fitting is not None and fitting.get("fitToPage") in TRUE
    one = fits and (setup is None or setup.get("fitToWidth", "1") == "1")
    if fits and not one:
        return False
    if not fits and _printed(grid, before) * _scale(setup) > _room(grid, setup):
        return False
    setup = _fitted(grid)
    setup.attrib.pop("scale", None)
    room = _room(grid, setup)
    if room / _printed(grid, last) >= READABLE:
        setup.set("fitToWidth", "1")
        return False
    wide = _printed(grid, last) + (_printed(grid, kept) if kept else 0)
    setup.set("fitToWidth", str(min(MOST, -(-wide * READABLE // room).__int__()) or 1))
    setup.set("pageOrder", "overThenDown")
    return True


def _found(grid: Grid, *path: str) -> etree._Element | None:
    found = grid.root
    for tag in path:
        found = found.find(f"{{{grid.ns}}}{tag}") if found is not None else None
    return found


def _fitted(grid: Grid) -> etree._Element:
    """The page set-up of a sheet that is fitted to pages, as high as it needs; made where there is none."""
    properties, fitting, setup = (
        _found(grid, *path) for path in (("sheetPr",), ("sheetPr", "pageSetUpPr"), ("pageSetup",))
    )
    if properties is None:
        properties = etree.Element(f"{{{grid.ns}}}sheetPr")
        grid.root.insert(0, properties)
    if fitting is None:
        fitting = etree.SubElement(properties, f"{{{grid.ns}}}pageSetUpPr")
    fitting.set("fitToPage", "1")
    if setup is None:
        setup = etree.Element(f"{{{grid.ns}}}pageSetup", paperSize="9")
        _after_what_precedes(grid, setup)
    setup.set("fitToHeight", "0")
    return setup


def _after_what_precedes(grid: Grid, made: etree._Element) -> None:
    earlier = [c for c in grid.root if isinstance(c.tag, str) and etree.QName(c).localname in BEFORE_SETUP]
    earlier[-1].addnext(made)


def _scale(setup: etree._Element | None) -> float:
    return float(setup.get("scale") or 100) / 100 if setup is not None else 1.0


def _room(grid: Grid, setup: etree._Element | None) -> float:
    """Inches between the margins."""
    margins = grid.root.find(f"{{{grid.ns}}}pageMargins")
    side = [float(margins.get(edge) or MARGIN) if margins is not None else MARGIN for edge in ("left", "right")]
    return (LONG_SIDE if setup is not None and setup.get("orientation") == "landscape" else SHORT_SIDE) - sum(side)


def _printed(grid: Grid, last: int) -> float:
    """Inches of the columns up to `last`."""
    usual = grid.root.find(f"{{{grid.ns}}}sheetFormatPr")
    width = float(usual.get("defaultColWidth") or USUAL) if usual is not None else USUAL
    wide = {}
    for item in grid.root.iter(f"{{{grid.ns}}}col"):
        shown = 0.0 if item.get("hidden") in TRUE else float(item.get("width") or width)
        for col in range(int(item.get("min", "1")), min(int(item.get("max", "1")), last) + 1):
            wide[col] = shown
    return sum((w * UNIT + PADDING if w else 0) for w in (wide.get(c, width) for c in range(1, last + 1))) / DOTS
