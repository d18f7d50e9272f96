"""Build the Word templates in templates/ from nothing: page, fonts and lines of GB/T 9704-2012 (domain D2, D3).

Run it after changing a letter's structure: python tools/make_docx_templates.py [templates folder]
The office may restyle the resulting files in Word or WPS; the tags in braces are all they need to keep.
"""

from __future__ import annotations

import re
import sys
import zipfile
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor, Twips

FANG, KAI, HEI, SONG, TITLE = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"
FALLBACK = {
    FANG: "仿宋,FangSong,华文仿宋,FandolFang R,Noto Serif CJK SC",
    KAI: "楷体,KaiTi,华文楷体,FandolKai,AR PL KaitiM GB,Noto Serif CJK SC",
    HEI: "SimHei,微软雅黑,Noto Sans CJK SC",
    SONG: "SimSun,Noto Serif CJK SC",
    TITLE: "华文中宋,STZhongsong,宋体,Noto Serif CJK SC",
}
LINE = Twips(579)  # 22 lines on a page (domain D2)
RIGHT, CENTER, LEFT = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
WIDTH = 8844  # twips between the margins


def font(style, name: str, size: float, spacing: int = 0) -> None:
    """Both the Latin and the East Asian font, so that no program picks its own."""
    style.font.name, style.font.size = name, Pt(size)
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{slot}"), name)
    for slot in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{slot}"), None)
    style.font.color.rgb = RGBColor(0, 0, 0)
    if spacing:
        element = OxmlElement("w:spacing")
        element.set(qn("w:val"), str(spacing))
        properties.append(element)
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")


def lines(style, exact=LINE, indent: float = 0, align=None) -> None:
    shape = style.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, exact
    shape.space_before = shape.space_after = Pt(0)
    shape.widow_control = False
    shape.first_line_indent = Pt(indent) if indent else None
    shape.alignment = align


def new_document():
    """An A4 page with the margins, styles and page numbers of an official paper."""
    document = Document()
    for paragraph in list(document.paragraphs):
        paragraph._element.getparent().remove(paragraph._element)
    section = document.sections[0]
    section.page_width, section.page_height = Twips(11906), Twips(16838)
    section.top_margin, section.left_margin, section.right_margin, section.bottom_margin = (
        Twips(2098),
        Twips(1588),
        Twips(1474),
        Twips(1984),
    )
    section.footer_distance = Twips(1984 - 397 - 300)
    styles = document.styles
    font(styles["Normal"], FANG, 16, -5)
    lines(styles["Normal"])
    for name, face, size, align in (
        ("Head", TITLE, 22, CENTER),
        ("One", HEI, 16, None),
        ("Two", KAI, 16, None),
        ("Body", FANG, 16, None),
        ("Right", FANG, 16, RIGHT),
    ):
        style = styles.add_style(name, 1)
        style.base_style = styles["Normal"]
        font(style, face, size, -5 if size == 16 else 0)
        lines(style, Pt(34) if size == 22 else LINE, 0 if name in {"Head", "Right"} else 32, align)
        style.paragraph_format.keep_with_next = name in {"One", "Two"}
    for name, face, size, exact, align in (
        ("Meta", KAI, 12, 20, CENTER),
        ("Cell", FANG, 10.5, 15, None),
        ("CellHead", HEI, 10.5, 16, CENTER),
        ("CellNumber", FANG, 10.5, 15, RIGHT),
        ("CellMid", FANG, 10.5, 15, CENTER),
        ("Note", FANG, 10.5, 16, None),
        ("Verdict", HEI, 18, 34, None),
        ("Step", FANG, 12, 20, None),
        ("Sub", HEI, 12, 22, None),
        ("Seal", FANG, 14, 26, RIGHT),
    ):
        style = styles.add_style(name, 1)
        style.base_style = styles["Normal"]
        font(style, face, size)
        lines(style, Pt(exact), 0, align)
        style.paragraph_format.keep_with_next = name == "Sub"
    page_numbers(document, section)
    marks(document, section)
    return document


def page_numbers(document, section) -> None:
    """— 1 — in 4号 half-width 宋体: odd pages right, even pages left, one sign in."""
    settings = document.settings.element
    settings.append(OxmlElement("w:evenAndOddHeaders"))
    for footer, align in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles["Normal"]
        paragraph.alignment = align
        indent = Pt(14)
        paragraph.paragraph_format.right_indent, paragraph.paragraph_format.left_indent = (
            (indent, None) if align == RIGHT else (None, indent)
        )
        for piece in ("— ", None, " —"):
            run = paragraph.add_run(piece or "")
            run.font.size = Pt(14)
            run.font.name = SONG
            run._element.get_or_add_rPr().find(qn("w:rFonts")).set(qn("w:eastAsia"), SONG)
            if piece is None:
                for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
                    run._element.append(_field(kind, text))


def marks(document, section) -> None:
    """The draft and sample marks stand at the top of every page."""
    section.header_distance = Twips(900)
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        paragraph = header.paragraphs[0]
        paragraph.style = document.styles["Normal"]
        paragraph.alignment = RIGHT
        run = paragraph.add_run(MARKS)
        run.font.size, run.font.name = Pt(12), HEI
        run.font.color.rgb = RGBColor(0x9B, 0x1C, 0x1C)
        run._element.get_or_add_rPr().find(qn("w:rFonts")).set(qn("w:eastAsia"), HEI)


def _field(kind: str | None, text: str | None):
    if kind:
        element = OxmlElement("w:fldChar")
        element.set(qn("w:fldCharType"), kind)
        return element
    element = OxmlElement("w:instrText")
    element.set(qn("xml:space"), "preserve")
    element.text = f" {text} "
    return element


def para(document, style: str, text: str):
    return document.add_paragraph(text, style=style)


def table(
    document, widths: tuple[int, ...], heads: tuple[str, ...], loop: str, cells: tuple[tuple[str, str], ...]
) -> None:
    """Grid 0.5 pt, the head repeated, no row split; `loop` is the jinja for over the rows, cells are (style, text)."""
    made = document.add_table(rows=4, cols=len(widths))
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    _grid(made)
    for i, width in enumerate(widths):
        made.columns[i].width = Twips(width)
        for row in made.rows:
            row.cells[i].width = Twips(width)
    for cell, text in zip(made.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].style, cell.paragraphs[0].text = document.styles["CellHead"], text
        _shade(cell)
    made.rows[1].cells[0].paragraphs[0].text = "{%tr for " + loop + " %}"
    for cell, (style, text) in zip(made.rows[2].cells, cells, strict=True):
        cell.paragraphs[0].style, cell.paragraphs[0].text = document.styles[style], text
    made.rows[3].cells[0].paragraphs[0].text = "{%tr endfor %}"
    for i, row in enumerate(made.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if i == 0:
            properties.append(OxmlElement("w:tblHeader"))


def _grid(made) -> None:
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "7F8A96")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    made._tbl.tblPr.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        gap = OxmlElement(f"w:{side}")
        gap.set(qn("w:w"), "40" if side in {"top", "bottom"} else "85")
        gap.set(qn("w:type"), "dxa")
        margins.append(gap)
    made._tbl.tblPr.append(margins)


def _shade(cell) -> None:
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", "EEF2F6")):
        shade.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


MARKS = "{{ draft }}{% if draft and sample %}　{% endif %}{{ sample }}"
END = "{{ night }}，数据截至{{ as_of }}；编号 {{ run }}{% if previous %}；上一次账本校验 {{ previous }}{% endif %}。"


def receipt():
    """回执: one page to read on paper; the whole list is in the marked workbook and on the web page."""
    d = new_document()
    para(d, "Head", "{{ unit.name }}报送审核回执")
    para(d, "Meta", "{{ season }}　{{ night }}")
    para(d, "Verdict", "{{ verdict.mark }} {{ verdict.before }}{{ verdict.n }}{{ verdict.after }}")
    para(d, "Step", "{{ deadline.text }}")
    para(d, "Step", "{%p for s in steps %}")
    para(d, "Step", "{{ loop.index }}. {{ s }}")
    para(d, "Step", "{%p endfor %}")
    para(d, "Note", "{%p for l in lines %}")
    para(d, "Note", "● {{ l.before }}{{ l.n }}{{ l.after }}")
    para(d, "Note", "{%p endfor %}")
    para(d, "Sub", "{%p if forms %}")
    para(d, "Sub", "各表情况")
    table(
        d,
        (2744, 1200, 2500, 1200, 1200),
        ("表", "状态", "收到日期", "行数", "待改"),
        "f in forms if f.level != 'quiet'",
        (
            ("Cell", "{{ f.form }} {{ f.title }}"),
            ("CellMid", "{{ f.state }}"),
            ("CellMid", "{{ f.received }}{% if f.late %}（{{ f.late }}）{% endif %}"),
            ("CellMid", "{% if f.rows %}{{ f.rows }}{% endif %}"),
            ("CellMid", "{% if f.held %}{{ f.held }}{% endif %}"),
        ),
    )
    para(d, "Sub", "{%p endif %}")
    para(d, "Sub", "{%p if cards %}")
    para(d, "Sub", "请核对人数、金额（与贵校原表应一致）")
    table(
        d,
        (3444, 2700, 2700),
        ("项目", "已通过", "待核"),
        "c in cards",
        (
            ("Cell", "{{ c.title }}（{{ c.unit_of }}）"),
            ("CellNumber", "{{ c.accepted }}"),
            ("CellNumber", "{{ c.pending }}"),
        ),
    )
    para(d, "Sub", "{%p endif %}")
    para(d, "Sub", "{%p if issues %}")
    para(d, "Sub", "问题清单")
    table(
        d,
        (1350, 1900, 2947, 2647),
        ("编号", "位置", "问题", "怎样改"),
        "f in issues",
        (
            ("CellMid", "{{ f.mark }}{{ f.label }}"),
            ("Cell", "{{ f.place }}{% if f.title %} {{ f.title }}{% endif %}"),
            ("Cell", "{{ f.message }}"),
            ("Cell", "{{ f.remedy }}"),
        ),
    )
    para(
        d,
        "Note",
        "{% if issues_rest %}其余{{ issues_rest }}处见随附“_校验结果”工作簿的问题清单。{% endif %}× 必改，▲ 请核实，● 提示；编号为贵校专用，多次反馈不变。收到提示不等于填错，确实无误的请在“学校说明”栏写明。",
    )
    para(d, "Sub", "{%p endif %}")
    para(d, "Note", "联系人：{{ contact.name }}　电话：{{ contact.phone }}。贵校原文件未作任何改动。")
    para(d, "Note", END)
    para(d, "Seal", "{{ issuer }}　{{ as_of }}　　")
    return d


def circular():
    """情况通报, to all units: names units for 报送 and 缴款 only."""
    d = new_document()
    para(d, "Head", "关于{{ season }}{{ work }}")
    para(d, "Head", "报送情况的通报")
    para(d, "Body", "")
    para(d, "Normal", "各基层学校（单位）：")
    para(
        d,
        "Body",
        "截至{{ today }}，{{ season }}{{ work }}{% if register_present %}应参加单位{{ unit_count }}个{% else %}单位名录尚未建立，已有{{ unit_count }}个单位报送，谁未报未能判断{% endif %}。现将报送、募捐、发放和审核情况通报如下。",
    )
    para(d, "One", "一、报送情况")
    para(d, "Body", "{%p for f in reported %}")
    para(d, "Two", "（{{ f.numeral }}）{{ f.title }}")
    para(
        d,
        "Body",
        "{% if register_present %}应报{{ f.due }}个单位，其中{% endif %}{% for c in f.counts %}{{ c.word }}{{ c.n }}个{% if not loop.last %}，{% endif %}{% endfor %}。",
    )
    para(d, "Body", "{%p if f.any_missing %}")
    para(d, "Body", "尚未报送的单位：{{ f.missing_names }}。")
    para(d, "Body", "{%p endif %}")
    para(d, "Body", "{%p if f.any_late %}")
    para(d, "Body", "迟报的单位：{{ f.late_names }}。")
    para(d, "Body", "{%p endif %}")
    para(d, "Body", "{%p endfor %}")
    para(d, "One", "二、募捐及汇款情况")
    para(
        d,
        "Body",
        "各单位上报募捐合计，已通过{{ totals.donations.accepted }}元，待核{{ totals.donations.pending }}元；上报汇款单据，已通过{{ totals.slips.accepted }}元，待核{{ totals.slips.pending }}元。{% if registered %}银行到账已对应{{ bank.arrived }}元，未到账{{ bank.not_arrived }}元。{% else %}到账情况尚未核对。{% endif %}请尚未缴款的单位尽快缴款，汇款时注明单位、金额和用途。",
    )
    para(d, "One", "三、帮困发放情况")
    para(
        d,
        "Body",
        "各单位申报困难教工，已通过{{ totals.people.accepted }}人，待核{{ totals.people.pending }}人；申请金额，已通过{{ totals.requested.accepted }}元，待核{{ totals.requested.pending }}元。已核定{{ totals.approved.accepted }}元。发放登记，已通过{{ totals.paid_people.accepted }}人、{{ totals.paid.accepted }}元，待核{{ totals.paid_people.pending }}人、{{ totals.paid.pending }}元。{% if funds %}已通过的发放按资金来源：{% for f in funds %}{{ f.name }}{{ f.accepted }}元{% if not loop.last %}，{% endif %}{% endfor %}。{% endif %}",
    )
    para(d, "One", "四、审核发现的主要问题")
    para(d, "Body", "{%p if main_problems %}")
    para(d, "Body", "主要有以下问题（按涉及单位数排列），请各单位对照自查；明细已随回执分别反馈。")
    table(
        d,
        (800, 4244, 1000, 1000, 1800),
        ("序号", "问题", "处数", "单位数", "处理"),
        "b in main_problems",
        (
            ("CellMid", "{{ loop.index }}"),
            ("Cell", "{{ b.title }}"),
            ("CellNumber", "{{ b.count }}"),
            ("CellNumber", "{{ b.unit_count }}"),
            ("CellMid", "{{ b.mark }}{{ b.word }}"),
        ),
    )
    para(d, "Body", "{%p else %}")
    para(d, "Body", "截至目前没有需要集中改正的问题。")
    para(d, "Body", "{%p endif %}")
    para(d, "One", "五、整改要求及时限")
    para(
        d,
        "Body",
        "请各单位收到回执后，逐条核对，改正标为“必改”的内容，对标为“请核实”的内容作出说明，{% if deadline %}于{{ deadline }}前{% endif %}从OA平台重新报送。有疑问请与教育工会办公室联系：{{ contact.name }}，{{ contact.phone }}。",
    )
    para(d, "Body", "")
    para(d, "Body", "附件：各单位报送情况表")
    para(d, "Body", "")
    para(d, "Right", "{{ issuer }}　　")
    para(d, "Right", "{{ today }}　　")
    appendix = para(d, "One", "附件")
    appendix.paragraph_format.page_break_before = True  # a page-break paragraph of its own may leave a blank page
    appendix.paragraph_format.first_line_indent = Pt(0)
    para(d, "Normal", "")
    para(d, "Head", "各单位报送情况表")
    para(d, "Cell", "")
    table(
        d,
        (700, 1100, 3044, 1000, 1000, 1000, 1000),
        ("序号", "代码", "单位", "F1", "F2", "F3", "F4"),
        "u in units",
        (
            ("CellMid", "{{ loop.index }}"),
            ("CellMid", "{{ u.code }}"),
            ("Cell", "{{ u.name }}"),
            *(("CellMid", "{{ u.states[" + str(i) + "].word }}") for i in range(4)),
        ),
    )
    para(d, "Note", "F1 困难教工帮困申报表，F2 联合募捐汇总表，F3 慰问金发放登记表，F4 数据汇总表。" + END)
    return d


def audit():
    """审核报告 for the auditors: page 1 first."""
    d = new_document()
    para(d, "Head", "{{ season }}")
    para(d, "Head", "审核报告")
    para(d, "Meta", "{{ night }}　数据截至{{ as_of }}")
    para(d, "One", "一、总体")
    para(
        d,
        "Body",
        "单位{{ units }}个；困难教工已通过{{ totals.people.accepted }}人、待核{{ totals.people.pending }}人，申请金额已通过{{ totals.requested.accepted }}元、待核{{ totals.requested.pending }}元，核定{{ totals.approved.accepted }}元；发放登记已通过{{ rows.F3.accepted }}笔、{{ totals.paid.accepted }}元，待核{{ rows.F3.pending }}笔；募捐合计已通过{{ totals.donations.accepted }}元、待核{{ totals.donations.pending }}元。待核数据{{ held_rows }}行，未计入已通过。",
    )
    para(d, "One", "二、勾稽")
    para(d, "Body", "{%p for t in ties %}")
    para(
        d,
        "Body",
        "{% if t.kind == 'paid' %}核定{{ t.left }}元＝实发{{ t.right[0] }}元＋未发{{ t.right[1] }}元{% elif t.kind == 'bank' %}实发（区级转账）{{ t.left }}元＝银行借方{% if t.right[0] is none %}（没有台账）{% else %}{{ t.right[0] }}元{% endif %}{% else %}募捐{{ t.left }}元＝到账{% if t.right[0] is none %}（没有台账）{% else %}{{ t.right[0] }}元{% endif %}，其中已转交{% if t.right[1] is none %}（没有台账）{% else %}{{ t.right[1] }}元{% endif %}{% endif %}：{% if t.closes is none %}未能核对。{% elif t.closes %}√ 相符。{% else %}× 不符。{% endif %}",
    )
    para(d, "Body", "{%p endfor %}")
    para(d, "One", "三、疑点（均为待核，未经核实不作结论）")
    table(
        d,
        (1644, 1100, 1700, 800, 800, 2800),
        ("类别", "笔数", "涉及金额（元）", "已核", "未核", "执行情况"),
        "c in classes",
        (
            ("Cell", "{{ c.name }}"),
            ("CellNumber", "{% if c.ran %}{{ c.count }}{% else %}未能判断{% endif %}"),
            (
                "CellNumber",
                "{% if c.ran %}{% if c.count and not c.amount %}—{% else %}{{ c.amount }}{% endif %}{% endif %}",
            ),
            ("CellNumber", "{% if c.ran %}{{ c.checked }}{% endif %}"),
            ("CellNumber", "{% if c.ran %}{{ c.open }}{% endif %}"),
            ("Cell", "{% if c.note %}{{ c.note }}{% else %}全部执行{% endif %}"),
        ),
    )
    para(d, "One", "四、同一人核查")
    para(d, "Body", "{%p if same_person.cases %}")
    para(
        d,
        "Body",
        "得分为各项证据权重之和（Fellegi–Sunter，以2为底的对数），逐项见网页版；“确定”只凭证件号码相同。"
        "{% if same_person.more %}其余{{ same_person.more }}个疑点见汇总表“重复与遗漏”。{% endif %}",
    )
    table(
        d,
        (900, 900, 1900, 2544, 800, 1800),
        ("疑点", "把握", "单位、姓名", "依据", "得分", "处理意见"),
        "c in same_person.cases",
        (
            ("CellMid", "{{ c.number }}号"),
            ("CellMid", "{{ c.grade }}"),
            ("Cell", "{% for p in c.people %}{{ p.unit }}{{ p.name }}{% if not loop.last %}；{% endif %}{% endfor %}"),
            ("Cell", "{{ c.pairs[0].says }}{% if c.pairs|length > 1 %}（共{{ c.pairs|length }}对）{% endif %}"),
            ("CellNumber", "{{ c.pairs[0].score }}"),
            (
                "Cell",
                "{% if c.rulings %}{% for r in c.rulings %}{{ r }}{% if not loop.last %}；{% endif %}{% endfor %}{% else %}尚无{% endif %}",
            ),
        ),
    )
    para(d, "Body", "{%p else %}")
    para(d, "Body", "没有发现疑似同一人。")
    para(d, "Body", "{%p endif %}")
    para(d, "One", "五、例外")
    para(d, "Body", "{%p if exceptions %}")
    table(
        d,
        (1300, 1800, 3244, 1500, 1000),
        ("规则", "单位", "内容", "决定或说明", "审批人或经办人"),
        "e in exceptions",
        (
            ("CellMid", "{{ e.rule }}"),
            ("Cell", "{{ e.unit }}"),
            ("Cell", "{{ e.message }}"),
            (
                "Cell",
                "{{ e.status }}{% if e.reason %}：{{ e.reason }}{% endif %}{% if e.until %}（有效期至{{ e.until }}）{% endif %}{% if e.number %}（{{ e.number }}{% if e.on %}，{{ e.on }}{% endif %}）{% endif %}",
            ),
            ("CellMid", "{{ e.by }}"),
        ),
    )
    para(d, "Body", "{%p else %}")
    para(d, "Body", "没有准予例外或已受理说明的事项。")
    para(d, "Body", "{%p endif %}")
    para(d, "One", "六、抽查清单")
    para(d, "Body", "{%p for l in lists %}")
    para(
        d,
        "Body",
        "{{ l.name }}{% if l.ran %}{{ l.count }}笔，{{ l.amount }}元{% else %}：未能判断（有关规则尚未启用或未能执行）{% endif %}。",
    )
    para(d, "Body", "{%p endfor %}")
    para(d, "One", "七、规则执行")
    para(
        d,
        "Body",
        "{% for v in verdicts %}{{ v.word }}{{ v.n }}{% if not loop.last %}，{% endif %}{% endfor %}（单位：规则×对象）。逐条情况见“审核规则执行情况”工作簿。",
    )
    para(d, "Note", END)
    para(
        d,
        "Note",
        "{% if previous %}上次完整性校验码：{{ previous }}。{% else %}首次汇总，无上次校验码。{% endif %}"
        "输入清单校验码：{{ seal }}。程序：{{ program }}。",
    )
    para(d, "Right", "{{ issuer }}　　")
    para(d, "Right", "{{ as_of }}　　")
    return d


def save(document, path: Path) -> None:
    """Fonts with their fallbacks, no author, no thumbnails; the same bytes every time."""
    document.core_properties.author = document.core_properties.title = document.core_properties.comments = ""
    raw = BytesIO()
    document.save(raw)
    out = BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name in {"docProps/thumbnail.jpeg", "customXml/item1.xml"}:
                continue
            data = old.read(name)
            if name == "word/fontTable.xml":
                data = _fonts(data)
            elif name == "_rels/.rels":
                data = _without(data, b"thumbnail")
            elif name == "word/_rels/document.xml.rels":
                data = _without(data, b"customXml")
            elif name == "[Content_Types].xml":
                data = data.replace(b'<Default Extension="jpeg" ContentType="image/jpeg"/>', b"")
            if not name.startswith("customXml/"):
                new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    path.write_bytes(out.getvalue())


def _without(data: bytes, word: bytes) -> bytes:
    return re.sub(rb"<Relationship [^>]*" + word + rb"[^>]*/>", b"", data)


def _fonts(data: bytes) -> bytes:
    made = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, others in FALLBACK.items()
    )
    return data.replace(b"</w:fonts>", made.encode() + b"</w:fonts>")


def main() -> None:
    base = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "templates"
    for path, make in (
        ("unit/回执.docx", receipt),
        ("district/情况通报.docx", circular),
        ("audit/审核报告.docx", audit),
    ):
        save(make(), base / path)


if __name__ == "__main__":
    main()
