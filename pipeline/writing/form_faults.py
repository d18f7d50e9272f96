"""A column goes in; what no night takes for a value in it comes out: as a formula over a cell or a whole span, and as a test.

Drop-downs and alerts are passed by when a clerk pastes: these are looked at again wherever a sheet says that it is fine.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pipeline.book.spec import Field
from pipeline.writing.form_plan import blank, number

LOST = 10**15  # from here on a number cell no longer holds every digit (contract.md 3)
DIGITS = ("account", "code_text")  # texts of digits
NUMBERS = ("money", "integer", "number")
EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
_ZERO = date(1899, 12, 30)


def limits(field: Field) -> tuple[Decimal | None, Decimal | None]:
    """Lowest and highest value as typed in Excel: money limits are fen in the book, yuan on the sheet."""
    scale = 100 if field.kind == "money" else 1
    low, high = field.minimum, field.maximum
    return (None if low is None else Decimal(low) / scale, None if high is None else Decimal(high) / scale)


def wrong_in(field: Field, span: str) -> str:
    """A sum of conditions, above zero where a filled cell of the span is refused; '' where anything goes."""
    if field.computed:
        return ""
    if field.kind in NUMBERS:
        low, high = limits(field)
        over = [f"({span}<{low})" for low in [low] if low is not None] + [
            f"({span}>{high})" for high in [high] if high is not None
        ]
        outside = [f"ISNUMBER({span})*({'+'.join(over)})"] if over else []
        return "+".join([f'ISTEXT({span})*({span}<>"")', *outside])
    if field.kind in DIGITS:
        return f"ISNUMBER({span})*(({span}>={LOST})+({span}<0))"
    return ""


def is_wrong(field: Field, value: object) -> bool:
    """What `wrong_in` says of one value."""
    if field.computed or blank(value):
        return False
    if field.kind in NUMBERS:
        amount, (low, high) = number(value), limits(field)
        return amount is None or (low is not None and amount < low) or (high is not None and amount > high)
    return field.kind in DIGITS and (amount := number(value)) is not None and not 0 <= amount < LOST


def odd_date(cell: str) -> str:
    """TRUE for a filled cell that is no date between the earliest and the latest: a text, or the number 20200115."""
    first, last = (EARLIEST - _ZERO).days, (LATEST - _ZERO).days
    return f'IF({cell}="",FALSE,IF(ISNUMBER({cell}),OR({cell}<{first},{cell}>{last}),TRUE))'


def is_odd_date(value: object) -> bool:
    """What `odd_date` says of one value."""
    if blank(value):
        return False
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return not EARLIEST <= value <= LATEST
    serial = number(value)
    return serial is None or not (EARLIEST - _ZERO).days <= serial <= (LATEST - _ZERO).days
