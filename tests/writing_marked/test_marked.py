"""A school's own workbook goes out marked and comes back: what we add, what stays as sent, what may not travel on."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from pipeline.book.spec import Book
from pipeline.writing.marked import CannotMark, Remark, Return, Spot, mark

HEADS = ["序号", "姓名", "证件号码", "申请金额"]


def workbook(change: Callable[[Any, Any], None] = lambda book, sheet: None) -> bytes:
    """A plain 申报表: heads in row 3, people in rows 4–7."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("申报表")
        other = book.add_worksheet("备查")
        other.write(0, 0, "学校自己的内容")
        sheet.write_row(2, 0, HEADS)
        for i in range(4):
            sheet.write_row(3 + i, 0, [i + 1, f"赵{'一二三四'[i]}", "00990119680101001X", 3000])
        change(book, sheet)
    return out.getvalue()


def remark(
    level: str = "error",
    row: int | None = 5,
    col: int | None = 3,
    number: int = 1,
    sheet: str | None = "申报表",
    message: str = "校验位不正确",
) -> Remark:
    return Remark(level, number, f"{number:012x}", sheet, row, col, "证件号码", "=1+1", message, "请对照证件核对")


def order(book: Book, *remarks: Remark) -> Return:
    return Return(remarks or (remark(),), (Spot("申报表", 3, 5),), "样例第一小学", "第1次反馈", book.words["returns"])


def reopened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        return {n: z.read(n) for n in z.namelist()}


def test_the_list_stands_in_front_and_links_to_the_cell(book: Book) -> None:
    made = reopened(
        mark(
            workbook(),
            order(book, remark(), remark("warning", 6, 4, 2), remark(row=None, col=None, sheet=None, number=3)),
        )
    )
    listed = made.worksheets[0]
    assert (listed.title, made.active.title) == ("问题清单", "问题清单")
    assert [listed.cell(5, c).value for c in range(1, 10)] == book.words["returns"]["heads"]
    assert [listed.cell(r, 3).value for r in (6, 7, 8)] == ["申报表!C5", "申报表!D6", "整个文件"]
    assert listed["C6"].hyperlink.location == "'申报表'!C5"
    assert listed["H6"].value is None
    assert not listed["H6"].protection.locked
    assert listed["G6"].protection.locked


def test_what_a_school_typed_stays_text(book: Book) -> None:
    cell = reopened(mark(workbook(), order(book))).worksheets[0]["E6"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_the_row_gets_its_remark_the_cell_its_fill_and_note(book: Book) -> None:
    sheet = reopened(mark(workbook(), order(book, remark(), remark("warning", 6, 4, 2))))["申报表"]
    assert sheet["E3"].value == "审核意见"
    assert sheet["E5"].value == "× 校验位不正确〔第1条〕"
    assert sheet["E6"].value.startswith("▲ ")
    assert sheet["C5"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["D6"].fill.fgColor.rgb == "FFFFEB9C"
    assert "校验位不正确" in sheet["C5"].comment.text
    assert sheet["D6"].comment is None  # notes are for what must be mended
    assert [sheet.cell(5, c).value for c in range(1, 5)] == [2, "赵二", "00990119680101001X", 3000]


def test_must_mend_wins_over_please_check_on_one_cell(book: Book) -> None:
    sheet = reopened(mark(workbook(), order(book, remark("warning", number=1), remark("error", number=2))))["申报表"]
    assert sheet["C5"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["E5"].value.startswith("× ")


def test_a_note_of_the_school_keeps_its_words(book: Book) -> None:
    data = workbook(lambda b, s: s.write_comment("C5", "学校自己的批注"))
    text = reopened(mark(data, order(book)))["申报表"]["C5"].comment.text
    assert text.index("校验位不正确") < text.index("学校自己的批注")


def test_every_other_part_is_byte_for_byte_as_sent(book: Book) -> None:
    data = workbook(lambda b, s: s.insert_textbox(10, 1, "文本框里的说明"))
    before, after = parts(data), parts(mark(data, order(book)))
    touched = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    for name, content in before.items():
        if name not in touched and "worksheets/" not in name:
            assert after[name] == content, name


def test_marked_twice_nothing_piles_up(book: Book) -> None:
    once = mark(workbook(), order(book))
    twice = reopened(mark(once, order(book, remark("error", 6, 2, 7))))
    assert twice.sheetnames.count("问题清单") == 1
    sheet = twice["申报表"]
    assert [c.value for c in sheet[3]] == [*HEADS, "审核意见"]
    assert sheet["E5"].value is None
    assert sheet["C5"].fill.fill_type is None
    assert sheet["C5"].comment is None
    assert "校验位不正确" in sheet["B6"].comment.text


def with_part(data: bytes, extra: dict[str, bytes], replace: dict[str, tuple[bytes, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, content in {**parts(data), **extra}.items():
            old, new = replace.get(name, (b"", b""))
            z.writestr(name, content.replace(old, new) if old else content)
    return out.getvalue()


def test_macros_and_external_links_do_not_travel_on(book: Book) -> None:
    rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    data = with_part(
        workbook(
            lambda b, s: (
                s.write_formula("D5", "=[1]外部!A1", value=42),
                s.write_url("B9", "http://example.invalid/x", string="链接"),
            )
        ),
        {
            "xl/vbaProject.bin": b"MACRO",
            "xl/externalLinks/externalLink1.xml": b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
        },
        {
            "xl/_rels/workbook.xml.rels": (
                b"</Relationships>",
                f'<Relationship Id="rV" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>'
                f'<Relationship Id="rE" Type="{rels}/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>'.encode(),
            ),
            "xl/workbook.xml": (
                b"</sheets>",
                b'</sheets><externalReferences><externalReference r:id="rE"/></externalReferences>',
            ),
        },
    )
    made = mark(data, order(book))
    names = parts(made)
    assert not [n for n in names if "vba" in n.lower() or "externalLink" in n]
    assert b"externalReference" not in names["xl/workbook.xml"]
    assert not [n for n, content in names.items() if n.endswith(".rels") and b'TargetMode="External"' in content]
    sheet = reopened(made)
    assert sheet["申报表"]["D5"].value == 42  # the cached value stays, the formula does not
    assert sheet["问题清单"]["A4"].value.startswith("本反馈文件已去除")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_what_is_no_package_is_left_to_the_rebuilder(book: Book, data: bytes) -> None:
    with pytest.raises(CannotMark):
        mark(data, order(book))


def test_names_bound_to_a_sheet_move_with_it(book: Book) -> None:
    def change(b: Any, s: Any) -> None:
        s.print_area("A1:D7")

    made = reopened(mark(workbook(change), order(book)))
    assert made["申报表"].print_area == "'申报表'!$A$1:$E$7"


def printed(change: Callable[[Any, Any], None], book: Book) -> Any:
    return reopened(mark(workbook(change), order(book)))["申报表"]


def test_the_remarks_are_on_paper_too(book: Book) -> None:
    """A print area that ends before the 审核意见 column is widened to take it in, and stays one page wide."""
    sheet = printed(lambda b, s: s.print_area("A1:D9"), book)
    assert sheet.print_area == "'申报表'!$A$1:$E$9"
    assert (
        sheet.sheet_properties.pageSetUpPr.fitToPage,
        sheet.page_setup.fitToWidth,
        sheet.page_setup.fitToHeight,
    ) == (True, 1, 0)
    assert (
        reopened(mark(mark(workbook(lambda b, s: s.print_area("A1:D9")), order(book)), order(book)))[
            "申报表"
        ].print_area
        == "'申报表'!$A$1:$E$9"
    )


def test_a_sheet_that_prints_all_it_has_keeps_its_page(book: Book) -> None:
    assert not printed(lambda b, s: None, book).print_area


def test_a_sheet_spread_over_pages_by_its_school_stays_spread(book: Book) -> None:
    def wide(_: Any, sheet: Any) -> None:
        sheet.print_area("A1:D9")
        sheet.set_column(0, 3, 60)

    sheet = printed(wide, book)
    assert sheet.print_area.endswith("$E$9")
    assert not (sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage)


def test_a_form_of_one_page_stays_one_page_wide_and_may_run_over(book: Book) -> None:
    def fitted(_: Any, sheet: Any) -> None:
        sheet.print_area("A1:D9")
        sheet.fit_to_pages(1, 1)

    sheet = printed(fitted, book)
    assert (sheet.print_area, sheet.page_setup.fitToHeight) == ("'申报表'!$A$1:$E$9", 0)


def test_characters_excel_refuses_are_shown_as_replaced(book: Book) -> None:
    made = reopened(mark(workbook(), order(book, remark(message="含\x01控制符\ud800"))))
    assert made["申报表"]["E5"].value == "× 含\ufffd控制符\ufffd〔第1条〕"


def test_a_row_whose_height_is_fixed_grows_until_its_remark_can_be_read(book: Book) -> None:
    def fixed(made: Any, sheet: Any) -> None:
        sheet.set_row(4, 18)
        sheet.set_row(5, 75)

    long = "校验位不正确，请对照证件逐位核对，" * 6
    sheet = reopened(mark(workbook(fixed), order(book, remark(message=long), remark(row=6, number=2))))["申报表"]
    assert sheet.row_dimensions[5].height > 4 * 15
    assert sheet.row_dimensions[6].height == 75  # high enough as it was
    assert sheet.row_dimensions[7].height is None  # grows by itself when opened


def wide_order(book: Book) -> Return:
    return Return((remark(),), (Spot("申报表", 3, 19, 2),), "样例第一小学", "第1次反馈", book.words["returns"])


def fitted(last: str, titles: bool) -> Callable[[Any, Any], None]:
    """A sheet like our own forms: eighteen columns, one page wide, its head repeated."""

    def change(_: Any, sheet: Any) -> None:
        sheet.set_column(4, 17, 12)
        sheet.write_row(2, 4, ["说明"] * 14)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.25, right=0.25)
        if last:
            sheet.print_area(f"A1:{last}7")
        if titles:
            sheet.repeat_rows(1, 2)

    return change


@pytest.mark.parametrize(("last", "titles"), [("R", True), ("", True), ("R", False)])
def test_a_sheet_too_wide_to_read_goes_on_two_pages_with_the_names_on_both(last: str, titles: bool, book: Book) -> None:
    made = mark(workbook(fitted(last, titles)), wide_order(book))
    for _ in range(2):  # sent back and marked again
        sheet = reopened(made)["申报表"]
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (2, 0)
        assert sheet.page_setup.pageOrder == "overThenDown" and sheet.page_setup.orientation == "landscape"
        assert (sheet.print_title_cols, sheet.print_title_rows) == ("$A:$B", "$2:$3" if titles else "$3:$3")
        assert not last or sheet.print_area == "'申报表'!$A$1:$S$7"
        made = mark(made, wide_order(book))


def test_a_sheet_one_can_read_on_one_page_stays_on_it(book: Book) -> None:
    sheet = printed(lambda b, s: (s.set_landscape(), s.fit_to_pages(1, 0), s.print_area("A1:D9")), book)
    assert (sheet.page_setup.fitToWidth, sheet.print_title_cols) == (1, None)


def test_the_list_prints_on_a4_with_letters_of_nine_points_and_its_head_on_every_page(book: Book) -> None:
    listed = reopened(mark(workbook(), order(book))).worksheets[0]
    assert (listed.page_setup.paperSize, listed.page_setup.orientation, listed.print_title_rows) == (
        9,
        "landscape",
        "$5:$5",
    )
    pixels = sum(d.width * 7 + 5 for d in listed.column_dimensions.values())
    assert 11 * (11.69 - 0.8) * 96 / pixels >= 9
    assert len(listed.column_dimensions) == len(book.words["returns"]["heads"])
