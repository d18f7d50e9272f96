"""What the home and the office hand over: arrivals, the season, units, registers, decisions, filed deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.model.ground import EMPTY, Place
from pipeline.model.read import Document, Row, Table


@dataclass(frozen=True, slots=True)
class Arrival:
    """One received file (path, bytes): `received` recorded once; `present` False = gone from the inbox since."""

    path: str
    sha256: str
    received: date
    size: int
    area: str  # form | register | decision
    present: bool = True  # the path still holds a file (perhaps newer bytes: then a later arrival names it too)
    new: bool = True  # first seen this night
    night: int = 0  # the night that first saw it
    order: int = 0  # place in the order of arrival over all nights


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    forms: tuple[str, ...]
    opens: date | None  # None = per unit, from the night after its 核定
    due: date
    by_approval: bool = False


@dataclass(frozen=True, slots=True)
class Season:
    """season.toml, parsed and checked. `thresholds` maps a name (rules' params may name one) to a number or text."""

    title: str
    year: int
    timezone: str
    issuer: str
    stages: tuple[Stage, ...]
    phases: Mapping[str, tuple[date, date]]  # donate remit slips visits …
    payee: Mapping[str, str]  # name, account, bank
    contact: Mapping[str, str]
    fields_on: Mapping[str, frozenset[str]]  # form or form.resource -> optional fields switched on
    thresholds: Mapping[str, Any]
    lines: Mapping[str, int]  # 低保线 … in fen
    channels: str = "by_unit"
    public_level: str = "unit"
    name_other_unit: bool = False  # a school whose person may be another's, too, is told whose
    oa_max_mb: int = 20
    sample: bool = False
    confirmed: bool = True
    released: frozenset[str] = frozenset()
    issued: date | None = None
    signed: date | None = None  # from this day on papers carry no draft mark
    raw: Mapping[str, Any] = EMPTY
    lines_at: Mapping[str, int] = (
        EMPTY  # where a name stands in season.toml: stage.0.forms, fields.F1, thresholds.x -> line
    )

    def stage_of(self, form: str) -> Stage | None:
        return next((s for s in self.stages if form in s.forms), None)


@dataclass(frozen=True, slots=True)
class Unit:
    """One line of R1, in R1 order."""

    code: str
    name: str
    short: str
    aliases: tuple[str, ...] = ()
    kind: str = ""
    phone: str = ""
    headcount: int | None = None
    members: int | None = None
    contacts: Mapping[str, str] = EMPTY  # filler, union_chair, head …
    owes: frozenset[str] | None = None  # forms owed; None = all
    order: int = 0

    @property
    def sample(self) -> bool:
        return self.code.upper().startswith("YL")


@dataclass(frozen=True, slots=True)
class Registered:
    """One register as merged over its files: rows carry their source in `sources` (same index)."""

    name: str
    rows: tuple[Row, ...]
    sources: tuple[Place, ...]
    seasonal: bool = False  # dated this season: its conflicts may hold a row back (season.md 4)


@dataclass(frozen=True, slots=True)
class Decision:
    """One decided line of the office. `target`: finding id, case id or file id (the first 12 hex of a sha256)."""

    number: str
    kind: str  # 认领 撤回 采用某版本 替换 追加（补报） 同一人 非同一人 去向 例外 同意迟报 电话零报告 单据已收 到账对应 放行 已发送
    target: str
    opinion: str = ""
    reason: str = ""
    officer: str = ""
    on: date | None = None
    until: date | None = None
    revoked: bool = False
    unit: str = ""  # 认领: 归属单位; 例外: the unit it is for
    approver: str = ""  # 例外: 审批人
    place: Place = Place()  # noqa: RUF009 - frozen, one for all
    extra: Mapping[str, Any] = EMPTY  # what else its line holds, by field
    written: str = ""  # the object as the office wrote it: `target` is the file's id where a path stands here
    at: Mapping[str, tuple[int, int]] = EMPTY  # where its object and its unit stand: field -> (row, column)
    since: int = 0  # the night that first saw this line
    rule: str = ""  # 例外: the rule it is for
    register: str = ""  # the sheet it stands on, by the name of its register


@dataclass(frozen=True, slots=True)
class Acts:
    """What decisions say beside files and findings. `late`, `phoned`: (unit, form) -> 同意迟报, 电话零报告 in force;
    `payers`: a line of the bank statement, as 待核查 names it -> the unit; `slips`: a slip or file of slips -> 单据已收;
    `delivered`: (file, sha256, sheet, row) of a declared slip -> the day its paper came."""

    late: Mapping[tuple[str, str], Decision] = EMPTY
    phoned: Mapping[tuple[str, str], Decision] = EMPTY
    payers: Mapping[str, str] = EMPTY
    slips: Mapping[str, Decision] = EMPTY
    delivered: Mapping[tuple[str, str, str, int], date] = EMPTY


@dataclass(frozen=True, slots=True)
class Office:
    """Everything the office laid down: registers, decisions, balance sheet. An absent register is simply not a key."""

    units: tuple[Unit, ...] = ()
    registers: Mapping[str, Registered] = EMPTY
    decisions: tuple[Decision, ...] = ()
    approvals: tuple[Row, ...] = ()  # decided rows of the 综合平衡表 (核定金额 filled)
    approval_sources: tuple[Place, ...] = ()
    approval_sheets: tuple[
        Sheet, ...
    ] = ()  # the 综合平衡表 as read, for the rules that judge it (unit "" : each row names its own)
    revoked: tuple[Decision, ...] = ()  # lines with 撤销 ticked: shown again, and nothing else
    acts: Acts = Acts()
    held_approvals: tuple[Row, ...] = ()  # decided rows an error holds back; none before the findings are settled
    held_sources: tuple[Place, ...] = ()

    def unit(self, code: str | None) -> Unit | None:
        return next((u for u in self.units if u.code == code), None)


@dataclass(frozen=True, slots=True)
class Filed:
    """A delivery after identification and arrangement.

    state: adopted superseded duplicate attachment ignored held unreadable withdrawn. `current`: the forms of this
    file that are the unit's current version. `accept`: per form, rows of older current versions may be added to
    (追加): then several files are current for one form.
    """

    arrival: Arrival
    document: Document
    unit: str | None
    unit_by: str = ""  # head marks name folder decision zip
    state: str = "held"
    current: frozenset[str] = frozenset()
    same_as: str | None = None  # path of the identical file
    guess: str = ""  # the unit a file of no unit probably belongs to: shown to the office, used for nothing


@dataclass(frozen=True, slots=True)
class Sheet:
    """A current table with its origin: what rules and the merge read."""

    table: Table
    unit: str
    file: str
    sha256: str
    received: date
    document: Document

    @property
    def form(self) -> str:
        return self.table.form
