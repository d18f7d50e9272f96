"""Cell styles for marks: the cell's own style plus a fill, made once per (own style, level)."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from lxml import etree

MINIMAL = (
    '<styleSheet xmlns="{ns}"><fonts count="1"><font><sz val="11"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
)
FILL = {"error": "FFFFC7CE", "warning": "FFFFEB9C", "head": "FFE8EDF3"}
INK = {
    "error": "FF9C0006",
    "warning": "FF9C5700",
    "waived": "FF4B5563",
    "explained": "FF4B5563",
    "head": "FF1F2937",
    "plain": "FF1F2937",
    "link": "FF1D4ED8",
}
ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")


@dataclass(slots=True)
class Styles:
    """styles.xml opened for additions."""

    root: etree._Element
    ns: str
    face: str  # font of what we add
    made: dict[tuple[object, ...], int] = field(default_factory=dict)

    def _section(self, name: str) -> etree._Element:
        section = self.root.find(f"{{{self.ns}}}{name}")
        if section is None:
            minimal = etree.fromstring(MINIMAL.format(ns=self.ns))
            section = copy.deepcopy(minimal.find(f"{{{self.ns}}}{name}"))
            before = [s for n in ORDER[: ORDER.index(name)] if (s := self.root.find(f"{{{self.ns}}}{n}")) is not None]
            self.root.insert(self.root.index(before[-1]) + 1 if before else 0, section)
        return section

    def _append(self, section_name: str, xml: str) -> int:
        key = (section_name, xml)
        if key not in self.made:
            section = self._section(section_name)
            section.append(etree.fromstring(f'<w xmlns="{self.ns}">{xml}</w>')[0])
            self.made[key] = len(section) - 1
            section.set("count", str(len(section)))
        return self.made[key]

    def fill(self, level: str) -> int:
        return self._append(
            "fills",
            f'<fill><patternFill patternType="solid"><fgColor rgb="{FILL[level]}"/><bgColor indexed="64"/></patternFill></fill>',
        )

    def font(self, ink: str, bold: bool = False, underline: bool = False, size: int = 11) -> int:
        marks = ("<b/>" if bold else "") + ("<u/>" if underline else "")
        return self._append(
            "fonts",
            f'<font>{marks}<sz val="{size}"/><color rgb="{INK[ink]}"/><name val="{self.face}"/><family val="2"/></font>',
        )

    def border(self) -> int:
        side = '<{0} style="thin"><color rgb="FFBFC7D1"/></{0}>'
        return self._append(
            "borders",
            "<border>" + "".join(side.format(s) for s in ("left", "right", "top", "bottom")) + "<diagonal/></border>",
        )

    def marked(self, own: int, level: str) -> int:
        """The style `own` with the level's fill."""
        key = ("marked", own, level)
        if key not in self.made:
            xfs = self._section("cellXfs")
            base = xfs[own] if 0 <= own < len(xfs) else xfs[0]
            xf = copy.deepcopy(base)
            xf.set("fillId", str(self.fill(level)))
            xf.set("applyFill", "1")
            self.made[key] = self._add_xf(xf)
        return self.made[key]

    def filled_by_us(self, colours: set[str]) -> set[int]:
        """Style numbers whose fill has one of our colours."""
        q = f"{{{self.ns}}}"
        fills = {
            i for i, f in enumerate(self._section("fills")) for c in f.iter(f"{q}fgColor") if c.get("rgb") in colours
        }
        return {i for i, xf in enumerate(self._section("cellXfs")) if int(xf.get("fillId") or 0) in fills}

    def unfilled(self, own: int) -> int:
        """The style `own` without its fill."""
        key = ("unfilled", own)
        if key not in self.made:
            xf = copy.deepcopy(self._section("cellXfs")[own])
            xf.set("fillId", "0")
            self.made[key] = self._add_xf(xf)
        return self.made[key]

    def own(
        self,
        ink: str = "plain",
        fill: str = "",
        bold: bool = False,
        underline: bool = False,
        wrap: bool = True,
        unlocked: bool = False,
        centre: bool = False,
        size: int = 11,
        boxed: bool = True,
    ) -> int:
        """A style of ours for the list and the 审核意见 column."""
        key = ("own", ink, fill, bold, underline, wrap, unlocked, centre, size, boxed)
        if key not in self.made:
            q = f"{{{self.ns}}}"
            xf = etree.Element(
                f"{q}xf",
                numFmtId="49",
                fontId=str(self.font(ink, bold, underline, size)),
                fillId=str(self.fill(fill) if fill else 0),
                borderId=str(self.border() if boxed else 0),
                xfId="0",
            )
            for name in (
                "applyNumberFormat",
                "applyFont",
                "applyFill",
                "applyBorder",
                "applyAlignment",
                "applyProtection",
            ):
                xf.set(name, "1")
            etree.SubElement(
                xf,
                f"{q}alignment",
                vertical="center",
                wrapText="1" if wrap else "0",
                horizontal="center" if centre else "left",
                indent="0" if centre else "1",
            )
            etree.SubElement(xf, f"{q}protection", locked="0" if unlocked else "1")
            self.made[key] = self._add_xf(xf)
        return self.made[key]

    def _add_xf(self, xf: etree._Element) -> int:
        xfs = self._section("cellXfs")
        xfs.append(xf)
        xfs.set("count", str(len(xfs)))
        return len(xfs) - 1
