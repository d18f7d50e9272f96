"""What flows between the rooms: frozen values, no behaviour beyond reading themselves; imports nothing of ours.

Money is integer fen everywhere inside. Rows and columns are Excel's (1-based). A typed value is one of
str, int (also fen), Decimal, date, bool, tuple[str, ...] or None (blank).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


class FrozenDict(dict[Any, Any]):
    """A mapping nobody changes: hashable (a dataclass default must be) and picklable (a worker gets it)."""

    def __hash__(self) -> int:  # type: ignore[override]
        return id(type(self))

    def _refuse(self, *_: object, **__: object) -> Any:
        raise TypeError("frozen")

    __setitem__ = __delitem__ = update = setdefault = pop = popitem = clear = _refuse


EMPTY: Mapping[Any, Any] = FrozenDict()


class WennuanError(Exception):
    """The office's mistake (configuration, folder, template): raised, caught once in cli, shown as one Chinese line.

    `key` names the wording (message and remedy) under `errors:` in schemas/words/; `facts` fill it. `code` is the
    process exit code: 2 usage or configuration, 4 another run holds the lock, 5 environment.
    """

    def __init__(self, key: str, code: int = 2, more: tuple[WennuanError, ...] = (), **facts: object) -> None:
        super().__init__(f"{key} {facts}")
        self.key, self.code, self.facts = key, code, facts
        self.more = more  # further mistakes of the same kind, each with its own wording


def column_letters(number: int) -> str:
    """1 -> A, 27 -> AA, 16384 -> XFD."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, col: int) -> str:
    """(7, 3) -> C7, as Excel shows it."""
    return f"{column_letters(col)}{row}"


@dataclass(frozen=True, slots=True)
class Place:
    """A spot somebody can open: `file` is the POSIX path under inbox/ (`a.zip!member` inside an archive)."""

    unit: str | None = None
    file: str | None = None
    sheet: str | None = None
    cell: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed. A reader or rule fills the first part; `settle` fills the second (id, life, wording).

    `value`/`new_value` are UNMASKED here; masking happens on the way out (pipeline.masking).
    `facts` are the placeholders of the rule's message. `holds` overrides the rule's own (row|sheet|file|none|'').
    """

    rule: str
    unit: str | None = None
    form: str | None = None
    resource: str | None = None
    file: str | None = None
    sha256: str | None = None
    sheet: str | None = None
    row: int | None = None
    col: int | None = None
    field: str | None = None
    title: str | None = None
    value: str = ""
    new_value: str = ""
    facts: Mapping[str, str] = EMPTY
    related: tuple[Place, ...] = ()
    rows: tuple[int, ...] = ()  # every row this finding names (sheet rules naming several); empty = (row,) if row
    key: str | None = None  # an identity set by the rule itself; else settle derives it (contract.md 3, "Finding id")
    severity: str | None = None  # override of the rule's severity (e.g. XFM-008 warning with 说明), else None
    cure: str | None = None
    holds: str | None = None
    # -- filled by settle -------------------------------------------------------------------------
    id: str = ""
    status: str = ""  # waived explained fixed reopened new persisting
    number: int | None = None  # 第n条 of the unit, never changes
    first_seen: tuple[int, str] | None = None  # (night, as_of)
    last_seen: tuple[int, str] | None = None
    message: str = ""
    remedy: str = ""
    case: int | None = None

    @property
    def cell(self) -> str | None:
        return address(self.row, self.col) if self.row and self.col else None

    @property
    def place(self) -> Place:
        return Place(self.unit, self.file, self.sheet, self.cell)


# -- what reading yields --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One typed cell outside a table (head block, 封面): state blank | value | unknown."""

    value: Any
    raw: str
    sheet: str
    row: int
    col: int
    state: str = "value"


@dataclass(frozen=True, slots=True)
class Row:
    """One data row. `values`: typed, blank fields absent. `raw`: the clerk's text of every non-blank cell.

    `unknown`: fields whose typing failed (neither blank nor value). `moved`: field -> (row, col) of the physical
    cell where it differs from (number, table column), e.g. filled down from a merged cell.
    """

    number: int
    values: Mapping[str, Any]
    raw: Mapping[str, str]
    unknown: frozenset[str] = frozenset()
    moved: Mapping[str, tuple[int, int]] = EMPTY

    def get(self, name: str) -> Any:
        return self.values.get(name)


@dataclass(frozen=True, slots=True)
class Table:
    """One recognised sheet: columns maps field name -> Excel column; rows are data rows in reading order."""

    form: str  # F1 … F5, or a register/decision name (R1 …, 综合平衡表 …)
    resource: str  # resource name inside the form
    sheet: str
    header: tuple[int, int]  # first and last header row
    columns: Mapping[str, int]
    titles: Mapping[str, str]  # field -> header text as it stands in the file
    rows: tuple[Row, ...] = ()
    totals: tuple[Row, ...] = ()  # 合计 / 小计 rows, typed like data rows
    head: Mapping[str, Entry] = EMPTY  # head-block fields found on this very sheet
    zero: bool | None = None  # 零报告 tick / 无 (True), 有 (False), not stated (None)
    last_row: int = 0  # last used row and column of the sheet (for marking)
    last_col: int = 0
    plain: bool = False  # last year's plain table: not a sheet we generated
    blocked: tuple[str, ...] = ()  # required columns that are missing (SHT-003): rules reading them cannot run

    def at(self, row: Row, name: str) -> tuple[int, int] | None:
        """(Excel row, Excel column) of the physical cell of a field, None when the column is absent."""
        if name in row.moved:
            return row.moved[name]
        col = self.columns.get(name)
        return (row.number, col) if col else None


@dataclass(frozen=True, slots=True)
class Marks:
    """Identity marks a workbook of ours carries: at least two of three carriers must agree to count."""

    role: str = ""  # form | register | decision | return
    forms: tuple[str, ...] = ()
    unit: str = ""
    season: str = ""
    stage: str = ""
    version: str = ""
    agree: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read: exactly one outcome, its recognised tables, its findings (unit still open).

    outcome: readable | rejected | encrypted | not-a-workbook | ignored. `kind`: xlsx xlsm xlsb xls ods et csv html
    xml2003 zip pdf docx … unknown. `members`: paths of the documents inside a zip.
    """

    path: str
    sha256: str
    size: int
    kind: str
    outcome: str
    attachment: bool = False
    tables: tuple[Table, ...] = ()
    head: Mapping[str, Entry] = EMPTY  # the head block (封面 first, else the first sheet that has one)
    declared: Mapping[str, Entry] = EMPTY  # 封面: form -> Entry(value '有' | '无' | None)
    marks: Marks = Marks()
    findings: tuple[Finding, ...] = ()
    modified: datetime | None = None  # the document's own modified property
    sheets: tuple[str, ...] = ()  # every sheet name in order
    preview: tuple[str, ...] = ()  # first three non-empty rows as text (文件认领)
    members: tuple[str, ...] = ()
    cannot_see: frozenset[str] = frozenset()  # symptoms this container hides: hidden formulas errors merged …
    named: tuple[Entry, ...] = ()  # places that may name a unit: head blocks, unit columns, then titles (state 'title')


# -- what the home hands over ---------------------------------------------------------------------


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
    oa_max_mb: int = 20
    sample: bool = False
    confirmed: bool = True
    released: frozenset[str] = frozenset()
    issued: date | None = None
    raw: Mapping[str, Any] = EMPTY

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
    unit: str = ""  # 认领: 归属单位
    approver: str = ""  # 例外: 审批人
    place: Place = Place()
    extra: Mapping[str, Any] = EMPTY  # what else its line holds, by field


@dataclass(frozen=True, slots=True)
class Office:
    """Everything the office laid down: registers, decisions, balance sheet. An absent register is simply not a key."""

    units: tuple[Unit, ...] = ()
    registers: Mapping[str, Registered] = EMPTY
    decisions: tuple[Decision, ...] = ()
    approvals: tuple[Row, ...] = ()  # decided rows of the 综合平衡表 (核定金额 filled)
    approval_sources: tuple[Place, ...] = ()
    approval_sheets: tuple[Sheet, ...] = ()  # the 综合平衡表 as read, for the rules that judge it (unit "" : each row names its own)

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


# -- what checking yields -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of one rule on one subject (file path, or unit code, or '' for the district).

    verdict: passed | found | not_applicable | could_not_run | not_enforced | waived.
    """

    rule: str
    subject: str
    verdict: str
    count: int = 0  # rows or cells judged (passed), findings (found)
    why: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    findings: tuple[Finding, ...]
    coverage: tuple[Coverage, ...]


# -- what the past knows (folded from the ledger) ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Life:
    """The life of one finding id so far."""

    first: tuple[int, str]
    last: tuple[int, str]
    open: bool
    number: int
    unit: str


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier nights left behind. `adopted`: (unit, form) -> sha256s that were current last night."""

    night: int = 0
    head: str = ""
    seal: str = ""
    as_of: date | None = None
    run: str = ""
    lives: Mapping[str, Life] = EMPTY
    adopted: Mapping[tuple[str, str], tuple[str, ...]] = EMPTY
    papers: Mapping[str, Mapping[str, Any]] = EMPTY  # unit -> {fingerprint, night, run}
    totals: Mapping[str, Any] = EMPTY  # run.json totals of the last night (for ± 比上次)
    sent: Mapping[str, str] = EMPTY  # unit -> fingerprint last ticked as sent
    rounds: Mapping[str, int] = EMPTY  # unit -> n of 第n次反馈
    arrivals: tuple[Arrival, ...] = ()  # every delivery of the season so far, in order of arrival
    sample: bool = False  # the earlier nights were nights over sample units


# -- what merging yields ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """One contribution to a figure: fen for money, 1 per distinct person, as a decimal in the figure's unit."""

    unit: str
    file: str
    sha256: str
    sheet: str
    cell: str
    value: int
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its sources: `accepted` and `pending` side by side. measure: fen | persons | rows | …"""

    accepted: int = 0
    pending: int = 0
    measure: str = "fen"
    accepted_from: tuple[Source, ...] = ()
    pending_from: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class FormState:
    """One unit × form. `state` is one of contract.md 3's list."""

    unit: str
    form: str
    state: str
    file: str = ""
    received: date | None = None
    deadline: date | None = None
    late: bool = False
    days_late: int = 0
    errors: int = 0
    warnings: int = 0
    held_rows: int = 0
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """One row of 人员明细: a person row of F1 with its place and its standing."""

    unit: str
    form: str
    row: Row
    place: Place
    accepted: bool
    held_by: tuple[str, ...] = ()  # finding ids


@dataclass(frozen=True, slots=True)
class District:
    """The merged district. `figures`: key -> Figure for the district; `by_unit`: unit -> key -> Figure.

    Keys: people.F1 people.F3 rows.<form> requested_fen approved_fen amount_fen.F3.<fund> donations_fen.<channel>
    donations_fen.total slips_fen headcount donors …
    """

    states: Mapping[tuple[str, str], FormState]
    figures: Mapping[str, Figure]
    by_unit: Mapping[str, Mapping[str, Figure]]
    people: tuple[Person, ...] = ()
    held_rows: frozenset[tuple[str, str, int]] = frozenset()  # (file, sheet, row) held back


@dataclass(frozen=True, slots=True)
class Night:
    """What a finished night tells its caller."""

    run: str
    night: int
    as_of: date
    head: str
    folder: str
    record: Mapping[str, Any]  # run.json
    exit_code: int = 0
    findings: tuple[Finding, ...] = field(default=(), repr=False)
