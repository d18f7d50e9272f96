"""The 问题清单 sheet as worksheet XML: one line per remark, a native link to its cell, an empty unlocked 学校说明."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from pipeline.model import address, column_letters
from pipeline.writing.marked.sheetxml import clean, lines_of
from pipeline.writing.marked.styles import Styles
from pipeline.writing.remarks import Remark, Return, say

HEAD_ROW = 5
PRINT = (
    '<printOptions horizontalCentered="1"/><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/><headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter>'
)


def listing_xml(order: Return, styles: Styles, ns: str, removed: str) -> bytes:
    """The whole part. Columns as `heads` in the words: number, level, place, field, value, problem, remedy, reply, id."""
    words = order.words
    heads = list(words["heads"])
    plain = styles.own(boxed=False)
    rows = [_top_row(1, say(words, "title"), styles.own(ink="head", bold=True, size=18, boxed=False), 34)]
    rows += [
        _top_row(2, _subtitle(order), styles.own(bold=True, size=12, boxed=False), 24),
        _top_row(3, say(words, "how"), plain, 22),
    ]
    rows.append(_top_row(4, removed, styles.own(ink="warning", boxed=False), 20 if removed else 6))
    rows.append(_row(HEAD_ROW, [(h, styles.own(ink="head", fill="head", bold=True, centre=True)) for h in heads], 26))
    links = []
    for i, remark in enumerate(order.remarks):
        number = HEAD_ROW + 1 + i
        rows.append(_row(number, _cells(remark, order, styles), _height(remark, order)))
        link = _link(remark, number)
        if link:
            links.append(link)
    last = HEAD_ROW + len(order.remarks)
    return _page(ns, order, rows, links, last, column_letters(len(heads))).encode()


def _page(ns: str, order: Return, rows: Sequence[str], links: Sequence[str], last: int, end: str) -> str:
    widths = "".join(
        f'<col min="{i}" max="{i}" width="{w}" customWidth="1"/>' for i, w in enumerate(order.words["widths"], 1)
    )
    merges = "".join(f'<mergeCell ref="A{r}:{end}{r}"/>' for r in range(1, 5))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{ns}">'
        '<sheetPr><tabColor rgb="FF9C0006"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{end}{max(last, HEAD_ROW)}"/><sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
        f'<pane ySplit="{HEAD_ROW}" topLeftCell="A{HEAD_ROW + 1}" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A{HEAD_ROW + 1}"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="18"/><cols>{widths}</cols><sheetData>{"".join(rows)}</sheetData>'
        '<sheetProtection sheet="1" formatColumns="0" formatRows="0" sort="0" autoFilter="0"/>'
        f'<autoFilter ref="A{HEAD_ROW}:{end}{max(last, HEAD_ROW)}"/><mergeCells count="4">{merges}</mergeCells>'
        + (f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")
        + PRINT
        + "</worksheet>"
    )


def _subtitle(order: Return) -> str:
    counts = {level: sum(r.level == level for r in order.remarks) for level in ("error", "warning")}
    return say(
        order.words, "subtitle", unit=order.unit, round=order.round, errors=counts["error"], warnings=counts["warning"]
    )


def place_of(remark: Remark, nowhere: str) -> str:
    if not remark.sheet:
        return nowhere
    return f"{remark.sheet}!{address(remark.row, remark.col)}" if remark.row and remark.col else remark.sheet


def _cells(remark: Remark, order: Return, styles: Styles) -> list[tuple[str, int]]:
    words, body = order.words, styles.own()
    return [
        (say(words, "nth", n=remark.number), styles.own(centre=True)),
        (words["levels"][remark.level], styles.own(ink=remark.level, bold=True, centre=True)),
        (place_of(remark, words["nowhere"]), styles.own(ink="link", underline=bool(remark.sheet))),
        (remark.title, body),
        (remark.value, body),
        (remark.message, body),
        (remark.remedy, body),
        (remark.reply, styles.own(unlocked=True)),
        (remark.id, body),
    ]


def _link(remark: Remark, row: int) -> str:
    if not remark.sheet:
        return ""
    at = address(remark.row or 1, remark.col or 1)
    sheet = remark.sheet.replace("'", "''")
    location = quoteattr(f"'{sheet}'!{at}")
    return f'<hyperlink ref="C{row}" location={location} display={quoteattr(place_of(remark, ""))}/>'


def _height(remark: Remark, order: Return) -> int:
    widths = [float(w) for w in order.words["widths"]]
    texts = (place_of(remark, str(order.words["nowhere"])), remark.title, remark.value, remark.message, remark.remedy)
    return min(max(24, 8 + 15 * max(lines_of(t, w) for t, w in zip(texts, widths[2:], strict=False))), 240)


def _top_row(number: int, text: str, style: int, height: int) -> str:
    return _row(number, [(text, style)], height)


def _row(number: int, cells: Sequence[tuple[str, int]], height: int) -> str:
    body = "".join(
        f'<c r="{address(number, i)}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(clean(text))}</t></is></c>'
        if text
        else f'<c r="{address(number, i)}" s="{style}"/>'
        for i, (text, style) in enumerate(cells, 1)
    )
    return f'<row r="{number}" ht="{height}" customHeight="1">{body}</row>'
