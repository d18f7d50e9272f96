"""Ways of filling the donation and the payment form wrongly, as lists."""

from __future__ import annotations

from pipeline.demo.faults import Fault, Values
from pipeline.demo.filling import DONATIONS, PAYMENTS, SLIPS


def _cash(row: Values) -> bool:
    return bool(row.get("officer1"))


def _transfer(row: Values) -> bool:
    return bool(row.get("account_no"))


def _wrong_card(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 3) % 10)


F2_FAULTS: tuple[Fault, ...] = (
    Fault("ROW-029", DONATIONS, lambda w, r: {"donors": r["headcount"] + 9}),
    Fault("CEL-001", DONATIONS, lambda w, r: {"ch_charity": None}),
    Fault(
        "CEL-035", SLIPS, lambda w, r: {"remit_date": w["day"].format(m=r["remit_date"].month, d=r["remit_date"].day)}
    ),
    Fault("CEL-028", DONATIONS, lambda w, r: {"ch_union_day": w["rough"].format(n=r["ch_union_day"])}),
    Fault("ROW-031", DONATIONS, lambda w, r: {"total": sum(v for k, v in r.items() if k.startswith("ch_")) + 100}),
    Fault("CEL-033", SLIPS, lambda w, r: {"remit_date": w["mid"].format(m=r["remit_date"].month)}),
    Fault("ROW-030", DONATIONS, lambda w, r: {"donors": 0}),
)

F3_FAULTS: tuple[Fault, ...] = (
    Fault("ROW-023", PAYMENTS, lambda w, r: {"officer2": r["officer1"]}, fits=_cash),
    Fault("ROW-022", PAYMENTS, lambda w, r: {"agent_name": r["officer1"], "signed_by": r["officer1"]}, fits=_cash),
    Fault("CEL-025", PAYMENTS, lambda w, r: {"account_no": float(r["account_no"])}, fits=_transfer),
    Fault("CEL-027", PAYMENTS, lambda w, r: {"account_no": _wrong_card(r["account_no"])}, fits=_transfer),
    Fault("ROW-035", PAYMENTS, lambda w, r: {"amount_paid": r["amount_due"] - 100}, found="unpaid_reason"),
    Fault("CEL-035", PAYMENTS, lambda w, r: {"pay_date": w["day"].format(m=r["pay_date"].month, d=r["pay_date"].day)}),
    Fault("CEL-026", PAYMENTS, lambda w, r: {"account_no": r["account_no"][:8]}, fits=_transfer),
    Fault("CEL-001", PAYMENTS, lambda w, r: {"pay_method": None}),
    Fault("ROW-019", PAYMENTS, lambda w, r: {"account_no": None}, fits=_transfer),
)
