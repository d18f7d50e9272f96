"""A small invented district, made by hand: eight units, files in every state, findings of every kind."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from pipeline.book.load import load_book
from pipeline.book.spec import Book
from pipeline.cells.ids import check_digit
from pipeline.merging import merge
from pipeline.model import (
    Arrival,
    Coverage,
    Decision,
    Document,
    Entry,
    Filed,
    Finding,
    Office,
    Past,
    Place,
    Registered,
    Row,
    Season,
    Sheet,
    Stage,
    Table,
    Unit,
    gathered,
)
from pipeline.papers.material import Material, Run

ROOT = Path(__file__).resolve().parents[2]
AS_OF = date(2020, 1, 16)
NAMES = ("张三", "李四", "王五六", "赵小七", "钱多多", "孙阿福", "周全", "吴用", "郑和平", "冯春生", "陈大为", "褚小明")


def schema_files() -> dict[str, bytes]:
    base = ROOT / "schemas"
    return {p.relative_to(base).as_posix(): p.read_bytes() for p in base.rglob("*.yaml") if p.name != "demo.yaml"}


def templates() -> dict[str, bytes]:
    base = ROOT / "templates"
    return {
        p.relative_to(base).as_posix(): p.read_bytes()
        for p in base.rglob("*")
        if p.is_file() and not p.name.startswith("~")
    }


def season() -> Season:
    return Season(
        title="2020年元旦春节帮困送温暖",
        year=2020,
        timezone="Asia/Shanghai",
        issuer="样例区教育工会",
        stages=(
            Stage("摸底申报", ("F1",), date(2019, 11, 11), date(2019, 12, 20)),
            Stage("联合募捐", ("F2",), date(2019, 12, 24), date(2020, 1, 17)),
            Stage("发放登记", ("F3",), None, date(2020, 1, 23), by_approval=True),
            Stage("汇总总结", ("F4", "F5"), date(2020, 2, 3), date(2020, 2, 28)),
        ),
        phases={},
        payee={"name": "样例区教育工会", "account": "0000", "bank": "样例银行"},
        contact={"name": "陆老师", "phone": "021-00000000"},
        fields_on={},
        thresholds={},
        lines={},
        sample=True,
    )


@cache
def book() -> Book:
    """The real words and rules, all in force whether or not their examples are written yet."""
    files = {
        name: data.replace(b"stage: enforced", b"stage: draft") if name.startswith("rules/") else data
        for name, data in schema_files().items()
    }
    loaded = load_book(files, season())
    return replace(loaded, rules={name: replace(rule, stage="enforced") for name, rule in loaded.rules.items()})


def units() -> tuple[Unit, ...]:
    names = ("第一小学", "第二小学", "实验幼儿园", "第三中学", "职业学校", "第四小学", "教育局机关", "第五小学")
    return tuple(
        Unit(
            f"YL{n:03}",
            f"样例{name}",
            f"样例{name[:2]}{'' if n != 3 else '幼'}",
            phone=f"021-5555{n:04}",
            headcount=60 + n,
            contacts={"filler": "李某某"},
            order=n,
        )
        for n, name in enumerate(names, 1)
    )


def identity(n: int) -> str:
    first = f"009901{1965 + n % 20}0{1 + n % 9}{10 + n % 18}{n:03}"
    return first + check_digit(first)


def person(number: int, n: int, amount: int | None = 300000, **more: object) -> Row:
    values: dict[str, object] = {
        "seq": number - 4,
        "name": NAMES[n % len(NAMES)],
        "id_number": identity(n),
        "staff_status": "在职在编",
        "mobile": f"138000{n:05}",
        "category": "相对困难" if n % 2 else "深度困难",
        "aid_type": "定向帮困",
        "cause_main": "子女上学",
    }
    if amount is not None:
        values["amount_requested"] = amount
    values |= more
    raw = {k: (f"{v / 100:.2f}" if k.startswith("amount") else str(v)) for k, v in values.items()}
    return Row(number, values, raw)


COLUMNS = {
    "seq": 1,
    "name": 2,
    "id_type": 3,
    "id_number": 4,
    "staff_status": 5,
    "mobile": 6,
    "category": 8,
    "cause_main": 9,
    "aid_type": 15,
    "amount_requested": 16,
}
TITLES = {
    "seq": "序号",
    "name": "姓名",
    "id_type": "证件类型",
    "id_number": "证件号码",
    "staff_status": "人员身份",
    "mobile": "手机号码",
    "category": "困难类别",
    "cause_main": "主要致困原因",
    "aid_type": "帮困项目",
    "amount_requested": "申请金额",
}


def f1(rows: tuple[Row, ...], zero: bool | None = None) -> Table:
    return Table("F1", "applications", "申报表", (4, 5), COLUMNS, TITLES, rows, zero=zero)


def f2(total: tuple[int, ...], slip: int) -> tuple[Table, Table]:
    names = ("ch_union_day", "ch_red_cross", "ch_charity", "ch_elderly", "ch_army", "ch_education")
    values: dict[str, object] = {
        "dept": "全校",
        "headcount": 61,
        "donors": 58,
        **dict(zip(names, total, strict=True)),
        "total": sum(total),
    }
    row = Row(6, values, {k: str(v) for k, v in values.items()})
    columns = {name: i for i, name in enumerate(values, 2)}
    paper = Row(
        6,
        {"remit_date": date(2020, 1, 8), "amount": slip, "payer_name": "样例工会"},
        {"remit_date": "2020-01-08", "amount": f"{slip / 100:.2f}"},
    )
    return (
        Table("F2", "donations", "汇总表", (4, 5), columns, {}, (row,)),
        Table("F2", "slips", "汇款单据", (5, 5), {"remit_date": 1, "amount": 2, "payer_name": 3}, {}, (paper,)),
    )


def f3(rows: tuple[Row, ...]) -> Table:
    columns = {
        "name": 2,
        "id_tail": 3,
        "fund": 6,
        "amount_due": 8,
        "amount_paid": 9,
        "pay_method": 11,
        "voucher_no": 14,
    }
    return Table("F3", "payments", "发放登记", (5, 5), columns, {}, rows)


def paid(number: int, n: int, fund: str, amount: int, method: str = "银行转账") -> Row:
    values = {
        "name": NAMES[n % len(NAMES)],
        "id_tail": identity(n)[-4:],
        "fund": fund,
        "level": "区级",
        "amount_due": amount,
        "amount_paid": amount,
        "pay_method": method,
        "voucher_no": f"V{n:03}",
    }
    return Row(number, values, {k: str(v) for k, v in values.items()})


def document(
    path: str,
    *tables: Table,
    outcome: str = "readable",
    declared: dict[str, Entry] | None = None,
    attachment: bool = False,
    preview: tuple[str, ...] = (),
) -> Document:
    return Document(
        path,
        hashlib.sha256(path.encode()).hexdigest(),
        2000,
        "xlsx",
        outcome,
        attachment=attachment,
        tables=tables,
        declared=declared or {},
        preview=preview,
    )


def filed(doc: Document, unit: str | None, state: str, received: date = date(2019, 12, 18)) -> Filed:
    forms = frozenset({t.form for t in doc.tables} | set(doc.declared)) if state == "adopted" else frozenset()
    return Filed(Arrival(doc.path, doc.sha256, received, doc.size, "form"), doc, unit, "head", state, forms)


def night_filed() -> tuple[Filed, ...]:
    none = {"F1": Entry("无", "无", "封面", 8, 2)}
    return (
        filed(document("一小/申报表.xlsx", f1(tuple(person(6 + i, i) for i in range(5)))), "YL001", "adopted"),
        filed(
            document("一小/募捐.xlsx", *f2((430000, 86000, 172000, 43000, 43000, 86000), 860000)),
            "YL001",
            "adopted",
            date(2020, 1, 10),
        ),
        filed(
            document(
                "一小/发放.xlsx", f3((paid(6, 0, "区教育工会", 300000), paid(7, 1, "校工会经费", 100000, "现金")))
            ),
            "YL001",
            "adopted",
            date(2020, 1, 14),
        ),
        filed(
            document("二小.xlsx", f1((person(6, 4), person(7, 5, 120050), person(8, 6, None)))),
            "YL002",
            "adopted",
            date(2019, 12, 23),
        ),
        filed(document("幼儿园零报告.xlsx", declared=none), "YL003", "adopted"),
        filed(document("三中.xlsx", outcome="encrypted"), "YL004", "unreadable"),
        filed(document("职校.xlsx", f1((person(6, 9), person(7, 10)))), "YL005", "adopted"),
        filed(document("职校(2).xlsx", f1((person(6, 9),))), "YL005", "held", AS_OF),
        filed(document("四小.xlsx", f1((person(6, 8),))), "YL006", "adopted"),
        filed(document("一小/证明.pdf", outcome="not-a-workbook", attachment=True), "YL001", "attachment"),
        filed(
            document(
                "新建工作表.xlsx",
                f1((person(6, 11),)),
                preview=("困难教工帮困申报表", "填报单位： 样例第五小学", "序号 姓名"),
            ),
            None,
            "held",
        ),
        filed(document("旧/申报表.xlsx", f1((person(6, 0),))), "YL001", "superseded"),
    )


def sheets(files: tuple[Filed, ...]) -> list[Sheet]:
    return [
        Sheet(t, f.unit, f.arrival.path, f.arrival.sha256, f.arrival.received, f.document)
        for f in files
        if f.unit and f.state == "adopted"
        for t in f.document.tables
        if t.form in f.current
    ]


def cell(rule: str, unit: str, file: str, row: int, col: int, name: str, value: str, n: int, **more: object) -> Finding:
    made = Finding(
        rule, unit=unit, form="F1", resource="applications", file=file, sheet="申报表", row=row, col=col, field=name, title=TITLES.get(name, ""), value=value,
        id=hashlib.sha256(f"{rule}{unit}{row}{n}".encode()).hexdigest()[:12], status="new", number=n, first_seen=(2, "2020-01-16"), message=f"{TITLES.get(name, '')}“{value}”需要核对", remedy="请对照证件核对后改正",
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def findings() -> tuple[Finding, ...]:
    two = Place("YL006", "四小.xlsx", "申报表", "D6")
    return (
        cell("CEL-010", "YL002", "二小.xlsx", 8, 4, "id_number", identity(6)[:-1] + "9", 1, severity="error", cure="R", holds="row"),
        cell("CEL-001", "YL002", "二小.xlsx", 8, 16, "amount_requested", "", 2, severity="error", cure="R", holds="row", message="申请金额没有填", remedy="请填写申请金额（元）", status="persisting"),
        cell("ROW-009", "YL002", "二小.xlsx", 7, 16, "amount_requested", "1200.50", 3, severity="warning", cure="R", holds="none", message="申请金额1200.50元不是整百，请核实", remedy="确实无误的，在学校说明栏写明"),
        cell("CEL-002", "YL002", "二小.xlsx", 6, 2, "name", "钱 多多", 4, severity="info", cure="A", holds="none", new_value="钱多多"),
        cell("XSC-001", "YL005", "职校.xlsx", 7, 4, "id_number", identity(10), 1, severity="error", cure="D", holds="row", related=(two,), message="与另一单位重复申报同一人", rows=(7,)),
        cell("XRG-009", "YL005", "职校.xlsx", 6, 2, "name", "冯春生", 2, severity="warning", cure="D", holds="none", message="名册标记长病假而未申报，请确认是否遗漏"),
        Finding("WBK-002", unit="YL004", file="三中.xlsx", severity="error", cure="R", holds="file", id="aa11bb22cc33", status="new", number=1, message="文件有打开密码", remedy="请取消密码后另存为 .xlsx 再报送"),
        Finding("XRG-003", unit="YL008", form="F1", severity="error", cure="D", holds="none", id="bb11bb22cc33", status="new", number=1, message="截止时未收到", remedy=""),
        Finding("CEL-010", unit="YL001", file="一小/申报表.xlsx", sheet="申报表", field="id_number", id="cc11bb22cc33", status="fixed", number=1, severity="error", cure="R", message="证件号码校验码不符"),
    )  # fmt: skip


def office() -> Office:
    decided = Row(
        9,
        {
            "unit_code": "YL001",
            "name": "张三",
            "id_tail": identity(0)[-4:],
            "aid_type": "定向帮困",
            "amount_approved": 300000,
            "fund": "区教育工会",
            "notice_from": date(2020, 1, 2),
            "notice_to": date(2020, 1, 9),
        },
        {"amount_approved": "3000"},
    )
    last = Row(
        3,
        {
            "season": 2019,
            "unit_code": "YL008",
            "name": "褚小明",
            "id_number": identity(40),
            "amount": 200000,
            "category": "相对困难",
        },
        {},
    )
    bank = tuple(
        Row(
            n,
            {"txn_date": date(2020, 1, 9), "amount": amount, "payer_name": who, "memo": memo, "direction": "收入"},
            {},
        )
        for n, amount, who, memo in (
            (3, 860000, "样例第一小学工会委员会", "样例第一小学8600元联合募捐"),
            (4, 52000, "个人", "捐款"),
        )
    )
    place = Place(None, "_district/资金.xlsx", "到账流水", "A3")
    return Office(
        units=units(),
        registers={"R3": Registered("R3", (last,), (place,)), "R4": Registered("R4", bank, (place, place))},
        decisions=(Decision("QT1-01", "放行", "CAL-001", "同意", "名册已更正", "陆某某", date(2020, 1, 15)),),
        approvals=(decided,),
        approval_sources=(Place("YL001", "_decisions/综合平衡表.xlsx", "综合平衡表", "N9"),),
    )


def material(**more: object) -> Material:
    files, found, laid = night_filed(), findings(), office()
    district = merge(sheets(files), files, found, laid, book(), season(), AS_OF)
    run = Run(
        "20200116T210000-0a1b2c3d",
        2,
        AS_OF,
        datetime(2020, 1, 16, 21, 0, tzinfo=timezone(timedelta(hours=8))),
        "1:9f8e7d6c5b4a",
        "0a1b2c3d" * 8,
        "温暖 0.1",
    )
    coverage = gathered(
        (
            Coverage("CEL-010", "二小.xlsx", "found", 1),
            Coverage("CEL-010", "一小/申报表.xlsx", "passed", 5),
            Coverage("XRG-004", "", "not_applicable", 0, "没有教职工花名册（R2）"),
            Coverage("ROW-008", "二小.xlsx", "could_not_run", 1, "申请金额无法读取"),
        )
    )
    marked = {"YL002": {"二小_校验结果.xlsx": b"PK marked"}}
    made = {
        "flood": {"CAL-001": 4},
        "marked": marked,
        "past": Past(night=1, totals={"accepted": {"people": {"F1": 7}, "requested_fen": 2000000}}),
        **more,
    }
    return Material(district, found, coverage, files, laid, book(), season(), run=run, **made)  # type: ignore[arg-type]
