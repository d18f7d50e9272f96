"""What the clerk types: each form once filled right, and filled wrong with every mistake at a cell we name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from tests.office.clerk import COVER, Clerk
from tests.writing_forms.making import resident

UNIT = "样例第一小学"
FORMATS = ("xlsx", "xls", "ods")
QUIET = {"WBK-006", "SHT-004", "SHT-015"}  # the infos a form filled right may come with

WANG, CHEN, SUN = resident("19700101", 12), resident("19800512", 23), resident("19751120", 34)
FORMER, OLD = resident("19600301", 44), "11010519491231002X"  # OLD: a published specimen
STAFF = (("王建国", WANG, "大病帮困", 3000), ("陈桂芳", CHEN, "助学帮困", 800), ("赵文斌", OLD, "救急帮困", 500),
         ("孙玉梅", SUN, "助学帮困", 1000), ("周海燕", resident("19680808", 55), "大病帮困", 2000))  # fmt: skip


def with_luhn(first: str) -> str:
    """A made-up card number with a right check digit."""
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(first)))
    return first + str(-total % 10)


CARDS = [with_luhn(f"62123456789012{n:04d}") for n in (3817, 4026, 5539, 7204)]

Plant = tuple[str, str, str]  # rule, sheet, cell


@dataclass(frozen=True)
class Case:
    """`planted`: exactly these errors and warnings, in every format."""

    name: str
    form: str  # the blank's own forms, as in its file name
    day: date
    fill: Callable[[Clerk], None]
    planted: frozenset[Plant] = frozenset()
    formats: tuple[str, ...] = FORMATS


# -- filled right ----------------------------------------------------------------------------------------


def cover(c: Clerk, day: str, **answers: str) -> None:
    c.label(COVER, {"填报日期": day})
    c.answer(**answers)


def applicant(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "姓名": "王建国", "证件号码": WANG, "人员身份": "在职在编", "手机号码": "13800138000", "家庭人口": 3, "困难类别": "相对困难",
        "主要致困原因": "子女上学", "困难情况说明": "孩子上大学，爱人无固定收入，生活较为困难。", "帮困项目": "助学帮困",
        "申请金额": 2000, "告知承诺": "☑",
    }  # fmt: skip
    return row | changes


def apply(c: Clerk, row: int, means: Mapping[str, object] | None = None, **changes: object) -> None:
    c.type("申报表", row, applicant(**changes))
    c.type("家庭经济", row, means or {"家庭年总收入": 72000, "年教育支出": 12000})


def f1_right(c: Clerk) -> None:
    cover(c, "2019-12-10", F1="有")
    apply(c, 6, {"家庭年总收入": 96000, "年医疗自负费用": "30000.50"}, 主要致困原因="患重特大疾病", 患者="本人", 病种="恶性肿瘤",
          重点关注="重病", 困难情况说明="本人确诊后手术治疗，自负费用三万元，爱人无固定收入。", 帮困项目="大病帮困", 申请金额="3000")  # fmt: skip
    apply(c, 7, 姓名="陈桂芳", 证件号码=CHEN, 手机号码="13900139000")
    apply(c, 8, {"家庭年总收入": 36000, "年其他刚性支出": 6000}, 姓名="赵文斌", 证件号码=OLD, 人员身份="退休", 手机号码="13700137000",
          困难类别="深度困难", 主要致困原因="遭受意外事故", 帮困项目="救急帮困", 申请金额="500.5")  # fmt: skip
    c.type("上年对象去向", 6, {"本年去向": "继续申报"})
    c.type("上年对象去向", 7, {"本年去向": "退休转出"})


CHANNELS = ("工会一日捐", "千万人帮万家", "蓝天下的至爱", "老年基金会", "拥军优属基金会", "教育系统帮困送温暖")


def f2_right(c: Clerk) -> None:
    cover(c, "2020-01-09", F2="有")
    c.type("汇总表", 6, {"捐款人数": 80, **dict(zip(CHANNELS, ("4300", "100.5", "0", "200.25", "0", "1000"), strict=True)),
                         "专人负责人": "李小满", "登记造册": "☑"})  # fmt: skip
    c.type(
        "汇款单据",
        6,
        {
            "汇款日期": "2020-01-08",
            "金额": "5600.75",
            "付款户名": UNIT + "工会委员会",
            "附言": "样例一小联合募捐款",
            "回单号": "000123456",
        },
    )


def paid(row: int, how: str, **changes: object) -> dict[str, object]:
    base: dict[str, object] = {
        "实发金额": STAFF[row - 6][3],
        "发放日期": "2020-01-19",
        "发放方式": how,
        "凭证号或回单号": f"00{row}7",
    }
    if how == "现金":
        base |= {"签收人": STAFF[row - 6][0], "经办人1": "李小满", "经办人2": "吴清明"}
    return base | changes


def f3_right(c: Clerk) -> None:
    cover(c, "2020-01-20", F3="有")
    for row, card in ((6, CARDS[0]), (7, CARDS[1]), (10, CARDS[2])):
        c.type("发放登记", row, paid(row, "工会会员服务卡" if row == 6 else "银行转账", 账号=card))
    for row in (8, 9):
        c.type("发放登记", row, paid(row, "现金"))


def f45_right(c: Clerk) -> None:
    c.label(COVER, {"填报日期": "2020-02-20"})
    for row, count in zip(range(63, 68), (12, 0, 3, 1, 40), strict=True):
        c.type("数据汇总", row, {"本年": count})
    c.type("数据汇总", 6, {"核对无误": "☑"})
    c.label(
        "工作总结",
        {
            "主要做法": "逐户走访，建立台账，做到困难教工一个不漏。",
            "问题与建议": "建议提前下发表格，便于各校早作准备。",
        },
    )


# -- filled wrong ----------------------------------------------------------------------------------------


def f1_wrong(c: Clerk) -> None:
    cover(c, "2019-12-10", F1="有")
    c.over(COVER, "B14", "12月10日", "@")
    ids = {row: resident(f"198{row % 10}0{row % 9 + 1}15", row * 7) for row in range(6, 20)}
    changes: dict[int, dict[str, object]] = {
        6: {},
        7: {"证件号码": ids[7][:17] + ("1" if ids[7][17] != "1" else "2")},
        8: {"证件号码": None},
        9: {"人员身份": None},
        10: {"困难类别": "很困难"},
        11: {"申请金额": "约500"},
        12: {"证件号码": ids[6]},
        13: {"姓名": "张三老师"},
        14: {"告知承诺": "□"},
        15: {"手机号码": "1380013800"},
        16: {"申请金额": "=1/0"},
        17: {"申请金额": "-100"},
        18: {"困难情况说明": "困难"},
        19: {"证件号码": ids[19][:6] + ids[19][8:17]},
    }  # fmt: skip
    names = "赵钱孙李周吴郑王冯陈褚卫蒋沈"
    for row, wrong in changes.items():
        apply(
            c,
            row,
            **{"姓名": names[row - 6] + "小满", "证件号码": ids[row], "手机号码": f"138001380{row:02d}", **wrong},
        )
    c.over("申报表", "D8", "440308199901101512", "0")
    c.type("上年对象去向", 6, {"本年去向": "已脱困"})


F1_WRONG = frozenset({
    ("CEL-035", COVER, "B14"), ("CEL-016", "申报表", "D7"), ("CEL-013", "申报表", "D8"), ("CEL-001", "申报表", "E9"),
    ("CEL-003", "申报表", "H10"), ("CEL-028", "申报表", "P11"), ("SHT-007", "申报表", "D12"), ("CEL-009", "申报表", "B13"),
    ("ROW-033", "申报表", "R14"), ("CEL-023", "申报表", "F15"), ("CEL-037", "申报表", "P16"), ("CEL-031", "申报表", "P17"),
    ("CEL-039", "申报表", "M18"), ("CEL-020", "申报表", "D19"), ("XYR-001", "上年对象去向", "E7"),
})  # fmt: skip


def f1_total(c: Clerk) -> None:
    f1_right(c)
    c.over("申报表", "P26", "99999")


def f2_wrong(c: Clerk) -> None:
    f2_right(c)
    c.label(COVER, {"填表人": None})
    c.type("汇总表", 6, {"捐款人数": 90, "专人负责人": None})
    c.over("汇总表", "K6", "6000")
    c.type(
        "汇总表",
        7,
        {
            "部门": "全校",
            "教职工总数": 20,
            "捐款人数": 10,
            **dict(zip(CHANNELS, (100, 0, 0, 0, 0, 0), strict=True)),
            "专人负责人": "李小满",
            "登记造册": "☑",
        },
    )
    c.type("汇款单据", 7, {"金额": "约500", "付款户名": None})
    c.over("汇款单据", "B7", "1月8日", "@")


F2_WRONG = frozenset({
    ("SHT-017", COVER, "B10"), ("ROW-029", "汇总表", "D6"), ("CEL-001", "汇总表", "M6"), ("ROW-031", "汇总表", "K6"),
    ("SHT-007", "汇总表", "B7"), ("CEL-028", "汇款单据", "C7"), ("CEL-001", "汇款单据", "D7"), ("CEL-035", "汇款单据", "B7"),
})  # fmt: skip


def f2_zero(c: Clerk) -> None:
    f2_right(c)
    c.answer(F2="无（零报告）")


def f2_nothing(c: Clerk) -> None:
    c.label(COVER, {"填报日期": "2020-01-09"})


def f3_wrong(c: Clerk) -> None:
    f3_right(c)
    c.type("发放登记", 6, {"账号": CARDS[0][:-1] + str((int(CARDS[0][-1]) + 1) % 10)})
    c.type("发放登记", 7, {"发放方式": "微信转账"})
    c.type("发放登记", 8, {"经办人2": "李小满", "签收人": None})
    c.type("发放登记", 9, {"实发金额": None})
    c.type("发放登记", 10, {"实发金额": 1500, "账号": None})


F3_WRONG = frozenset({
    ("CEL-027", "发放登记", "M6"), ("CEL-003", "发放登记", "L7"), ("ROW-023", "发放登记", "R8"), ("ROW-027", "发放登记", "O8"),
    ("CEL-001", "发放登记", "I9"), ("ROW-035", "发放登记", "S10"), ("ROW-019", "发放登记", "M10"),
})  # fmt: skip


def f45_wrong(c: Clerk) -> None:
    f45_right(c)
    c.label("工作总结", {"问题与建议": None})
    c.type("数据汇总", 10, {"更正数": 9, "说明": "复核后更正"})
    c.type("数据汇总", 11, {"更正数": 5})
    c.type("数据汇总", 63, {"本年": "约十"})


F45_WRONG = frozenset({("CEL-001", "工作总结", "B7"), ("XFM-011", "数据汇总", "H10"), ("CEL-028", "数据汇总", "D63")})


CASES = {
    case.name: case
    for case in (
        Case("F1 right", "F1", date(2019, 12, 18), f1_right),
        Case("F2 right", "F2", date(2020, 1, 10), f2_right),
        Case("F3 right", "F3", date(2020, 1, 21), f3_right),
        Case("F4F5 right", "F4F5", date(2020, 2, 25), f45_right),
        Case("F1 wrong", "F1", date(2019, 12, 18), f1_wrong, F1_WRONG),
        Case("F1 total", "F1", date(2019, 12, 18), f1_total, frozenset({("SHT-010", "申报表", "P26")})),
        Case("F2 wrong", "F2", date(2020, 1, 10), f2_wrong, F2_WRONG),
        Case("F2 zero", "F2", date(2020, 1, 10), f2_zero, frozenset({("SHT-018", "汇总表", "A6")}), ("xlsx",)),
        Case("F2 nothing", "F2", date(2020, 1, 10), f2_nothing, frozenset({("SHT-018", "汇总表", "A6")}), ("xlsx",)),
        Case("F3 wrong", "F3", date(2020, 1, 21), f3_wrong, F3_WRONG),
        Case("F4F5 wrong", "F4F5", date(2020, 2, 25), f45_wrong, F45_WRONG),
    )
}
RIGHT = [(c.name, t) for c in CASES.values() for t in c.formats if not c.planted]
WRONG = [(c.name, t) for c in CASES.values() for t in c.formats if c.planted]
