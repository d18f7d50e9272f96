"""A computed column and a row go in; the formula Excel shall show and the value it has now (the cached one) come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pipeline.book.spec import COMPUTED as SOURCES
from pipeline.book.spec import Book, Field
from pipeline.cells import ids, money
from pipeline.cells.lexicon import PLAIN, Lexicon
from pipeline.writing.form_plan import FIRST, Plan, blank, number

Cell = tuple[str, object]  # formula with its leading "=", value
CENT = Decimal("0.01")
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
ID_SIGNS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Spot:
    """One row of one sheet: where it stands and what stands in it."""

    plan: Plan
    row: int  # Excel row
    values: Mapping[str, object]
    book: Book
    twin: Spot | None = None  # the same line of the main sheet
    lexicon: Lexicon = PLAIN

    @property
    def words(self) -> Mapping[str, Any]:
        words: Mapping[str, Any] = self.book.words["writing"]
        return words

    def cell(self, name: str) -> str:
        return self.plan.cell(name, self.row)

    def find(self, name: str) -> tuple[str, object] | None:
        """A field's reference and value here, else on the main sheet's line."""
        if name in self.plan.columns:
            return self.cell(name), self.values.get(name)
        if self.twin and name in self.twin.plan.columns:
            return self.twin.plan.cell(name, self.row, sheet=True), self.twin.values.get(name)
        return None


def text(value: object) -> str:
    """A string literal inside a formula."""
    return '"' + str(value).replace('"', '""') + '"'


def id_formula(cell: str) -> str:
    """TRUE for a valid 18-sign resident id kept as text; survives deleted rows (names, no ROW()): experience.md 3.5."""
    return (
        f'IFERROR(AND(ISTEXT({cell}),LENB({cell})=18,MID("{ID_SIGNS}",MOD(SUMPRODUCT(MID({cell},id_pos,1)*id_wt),11)+1,1)=UPPER(RIGHT({cell})),'
        f'TEXT(DATE(MID({cell},7,4),MID({cell},11,2),MID({cell},13,2)),"yyyymmdd")=MID({cell},7,8)),FALSE)'
    )


def id_holds(value: object) -> bool:
    """What `id_formula` answers for the value."""
    return isinstance(value, str) and ids.valid_resident(value.upper()) and value[6:10] >= "1900"


# -- the kinds -----------------------------------------------------------------------------------------


def seq(spot: Spot, field: Field) -> Cell:
    """The running number of used rows; a sheet that follows another shows that one's number."""
    if spot.twin and (main := spot.twin.plan.computed("seq")):
        source = spot.twin.plan.cell(main.name, spot.row, sheet=True)
        return f'=IF({source}="","",{source})', spot.twin.values.get(main.name, "")
    column = spot.plan.column(spot.plan.anchor.name)
    formula = f'=IF({column}{spot.row}="","",SUMPRODUCT(--({column}${FIRST}:{column}{spot.row}<>"")))'
    name = spot.plan.anchor.name
    if blank(spot.plan.cells[spot.row - FIRST].get(name)):
        return formula, ""
    return formula, sum(not blank(cells.get(name)) for cells in spot.plan.cells[: spot.row - FIRST + 1])


def name_from(spot: Spot, field: Field) -> Cell:
    """The person of the same line of the main sheet."""
    if spot.twin is None:
        return '=""', ""
    source = spot.twin.plan.cell(field.name, spot.row, sheet=True)
    value = spot.twin.values.get(field.name)
    return f'=IF({source}="","",{source})', "" if blank(value) else value


def _per_head(spot: Spot, costs: list[str]) -> Cell:
    income, size = spot.find("household_income_year"), spot.find("household_size")
    if income is None or size is None:
        return '=""', ""
    minus = f"-SUM({','.join(spot.cell(name) for name in costs)})" if costs else ""
    formula = f'=IF(AND(COUNT({income[0]},{size[0]})=2,N({size[0]})>0),ROUND(({income[0]}{minus})/12/{size[0]},2),"")'
    earned, heads = number(income[1]), number(size[1])
    if earned is None or heads is None or heads <= 0:
        return formula, ""
    spent = sum((number(spot.values.get(name)) or Decimal(0) for name in costs), Decimal(0))
    return formula, ((earned - spent) / 12 / heads).quantize(CENT, ROUND_HALF_UP)


def per_head(spot: Spot, field: Field) -> Cell:
    """Yearly income per head and month."""
    return _per_head(spot, [])


def net_per_head(spot: Spot, field: Field) -> Cell:
    """The same after the yearly costs on this sheet that are switched on (domain B3)."""
    costs = [
        f.name for f in spot.plan.fields if f.kind == "money" and not f.computed and f.name != "household_income_year"
    ]
    return _per_head(spot, costs)


def total(spot: Spot, field: Field) -> Cell:
    """The sum of the money columns of the same group."""
    parts = [f.name for f in spot.plan.fields if f.group == field.group and f.kind == field.kind and not f.computed]
    cells = ",".join(spot.cell(name) for name in parts)
    found = [n for name in parts if (n := number(spot.values.get(name))) is not None]
    return f'=IF(COUNT({cells})=0,"",SUM({cells}))', sum(found, Decimal(0)) if found else ""


def sex(spot: Spot, field: Field) -> Cell:
    """From the seventeenth sign of a resident id."""
    cell, value = spot.cell("id_number"), spot.values.get("id_number")
    women, men = spot.words["computed"]["sexes"]
    formula = f'=IF({id_formula(cell)},IF(MOD(MID({cell},17,1),2)=1,{text(men)},{text(women)}),"")'
    return formula, (men if int(str(value)[16]) % 2 else women) if id_holds(value) else ""


def birth_month(spot: Spot, field: Field) -> Cell:
    """Year and month of birth as 1949.12, from a resident id."""
    cell, value = spot.cell("id_number"), spot.values.get("id_number")
    formula = f'=IF({id_formula(cell)},MID({cell},7,4)&"."&MID({cell},11,2),"")'
    return formula, f"{str(value)[6:10]}.{str(value)[10:12]}" if id_holds(value) else ""


def level_from_fund(spot: Spot, field: Field) -> Cell:
    """Who pays: the level that stands behind the fund; every fund not listed is the school's own."""
    source = spot.find("fund")
    if source is None:
        return '=""', ""
    rest = spot.words["computed"]["levels_else"]
    levels: Mapping[str, str] = spot.words["computed"]["levels"]
    formula = text(rest)
    for fund, level in levels.items():
        formula = f"IF({source[0]}={text(fund)},{text(level)},{formula})"
    return f'=IF({source[0]}="","",{formula})', "" if blank(source[1]) else levels.get(str(source[1]), rest)


def words(spot: Spot, field: Field) -> Cell:
    """The amount paid in capital words, as the payment rules ask: whole yuan end with the word for whole."""
    name, w = SOURCES["words"][0], spot.lexicon
    if name not in spot.plan.columns:
        return '=""', ""
    cell = spot.cell(name)
    # The word for "General" inside TEXT is of the reader's language. Excel and WPS need none, LibreOffice wants a digit.
    fen, say = f"ROUND({cell}*100,0)", f'IF(TEXT(1,"[DBNum2]")={text(w.digits[1])},"[DBNum2]","[DBNum2][$-804]0")'
    cents, jiao, last = f"MOD({fen},100)", f"MOD(INT({fen}/10),10)", f"MOD({fen},10)"
    yuan = f'IF({fen}<100,"",TEXT(INT({fen}/100),{say})&{text(w.yuan)})'
    tens = f'IF({jiao}=0,IF({fen}<100,"",{text(w.digits[0])}),TEXT({jiao},{say})&{text(w.jiao)})'
    ones = f'IF({last}=0,"",TEXT({last},{say})&{text(w.fen)})'
    formula = f'=IF(N({cell})<=0,"",{yuan}&IF({cents}=0,{text(w.whole)},{tens}&{ones}))'
    amount = number(spot.values.get(name))
    exact = int((amount * 100).to_integral_value(ROUND_HALF_UP)) if amount is not None and amount > 0 else 0
    return formula, money.words(exact, w) if exact else ""


def change_pct(spot: Spot, field: Field) -> Cell:
    """This year against last year; the school's correction counts where there is one."""
    now, before = (spot.cell(name) for name in SOURCES["change_pct"])
    value, last = (number(spot.values.get(name)) for name in SOURCES["change_pct"])
    corrected = spot.find("correction")
    if corrected:
        now = f'IF({corrected[0]}="",{now},{corrected[0]})'
        value = value if blank(corrected[1]) else number(corrected[1])
    formula = f'=IF(COUNT({now},{before})<2,"",IF({before}=0,"",ROUND(({now}-{before})/{before},4)))'
    if value is None or not last:
        return formula, ""
    return formula, ((value - last) / last).quantize(Decimal("0.0001"), ROUND_HALF_UP)


Kind = Callable[[Spot, Field], Cell]
FORMULAS: Mapping[str, Kind] = {
    "seq": seq, "name_from": name_from, "per_head": per_head, "net_per_head": net_per_head, "total": total,
    "sex": sex, "birth_month": birth_month, "level_from_fund": level_from_fund, "words": words,
    "change_pct": change_pct,
}  # fmt: skip
