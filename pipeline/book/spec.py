"""The vocabulary of schemas/: what a form, register, rule and wording are once loaded. Values only.

A form file is a Data Package in Table Schema words (name, title, resources[].schema.fields …) plus the closed list
of x- keys named below. `x-` key -> attribute: see each field's comment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.model import EMPTY

# semantic kinds (x-kind), each with the Table Schema type it refines
KINDS: Mapping[str, str] = {
    "text": "string",
    "name": "string",  # a person's name
    "id_number": "string",  # any identity document number; typed by the row's id_type field
    "tail": "string",  # last four signs of an identity number
    "mobile": "string",
    "phone": "string",  # mobile or landline
    "account": "string",  # bank account or card
    "code_text": "string",  # unit code, slip number, staff number: text that must not lose zeros
    "words": "string",  # 大写金额
    "signature": "string",  # a name or a cell picture
    "unit": "string",  # a unit's name
    "money": "number",  # fen, two decimals outside
    "number": "number",
    "percent": "number",
    "integer": "integer",
    "seq": "integer",
    "date": "date",
    "month": "yearmonth",
    "tick": "boolean",
    "code": "string",  # one of a code list
    "codes": "array",  # several, separated by 、
}


BOUNDED = frozenset({"money", "number", "integer"})  # kinds with a minimum and a maximum
WRITTEN = frozenset(kind for kind, kept_as in KINDS.items() if kept_as == "string") - {"code"}  # lengths and a pattern

# x-computed: how a cell of the blank form is calculated (ƒ), and which sibling fields it needs
COMPUTED: Mapping[str, tuple[str, ...]] = {
    "seq": (),  # 1..n
    "tip": (),  # one sentence: √ or what is wrong with this row
    "name_from": (),  # the name on the same line of the form's main sheet
    "per_head": ("household_income_year",),  # income / household_size of the main sheet / 12
    "net_per_head": ("household_income_year",),  # (income - every *_cost_year and *_rigid_year that is on) / size / 12
    "sex": ("id_number",),
    "birth_month": ("id_number",),
    "total": (),  # sum of the other money fields with the same x-group
    "words": ("amount_paid",),  # the amount in capital words
    "level_from_fund": ("fund",),
    "change_pct": ("value", "last_year"),
}
MASKS = ("name", "id", "account", "mobile", "address", "birth", "health")
SCOPES = ("cell", "row", "sheet", "workbook", "form", "school", "register", "year", "calendar", "money", "output")
OUTSIDE_KINDS = ("reader", "arrange", "gate", "loader")  # noticed elsewhere than in checking: facts are the rule's own
STANDING = frozenset({"col", "val", "new", "sheet", "cell", "row"})  # facts every message may use


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    title: str
    type: str
    kind: str  # x-kind
    description: str = ""
    example: str = ""
    required: bool = False  # constraints.required: CEL-001 when blank
    unique: bool = False
    minimum: int | None = None  # money in fen, integers as they are
    maximum: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    codes: str = ""  # x-codes: name of a code list (K1 … ) in schemas/words/codes.yaml
    on: bool = True  # x-default: off makes it False; season.toml [fields] switches on
    synonyms: tuple[str, ...] = ()  # x-synonyms: other headers people use
    preset: str = ""  # x-preset: constant prefilled; a row filled only with presets and computed cells is no data
    computed: str = ""  # x-computed: name of a formula kind (ƒ): seq, tip, words, name_from, per_head, total …
    prefill: str = ""  # x-prefill: source of prefilled data, e.g. R1.headcount, R3.name, approval.name
    when: str = ""  # x-when: the ◐ condition in words, for the handbook (a rule enforces it)
    group: str = ""  # x-group: upper header of a two-row header
    width: int = 10  # x-width, in Excel characters
    mask: str = ""  # x-mask: name id account mobile address birth health (pipeline.masking)
    locked: bool = False  # x-locked: prefilled and locked in the blank form
    total: bool = False  # x-total: summed in the 合计 row and compared with it (SHT-010)
    hint: str = ""  # x-hint: input message in the form
    optional_column: bool = False  # x-optional-column: SHT-003 does not ask for the column
    accepts: tuple[str, ...] = ()  # x-accepts: words that mean nothing elsewhere (placeholders) and are an answer here
    measure: str = (
        ""  # x-measure: what a count counts (a key of `measures` in words/lexicon.yaml); other words beside it ask
    )
    spill: str = ""  # x-spill: the field that takes the second of two names written into this one
    unless: str = ""  # x-unless: a required field may stay blank while this other field of the row is filled
    asks: bool = False  # x-blank-asks: a field of the head whose blank is a question (SHT-017 as a warning), no error


@dataclass(frozen=True, slots=True)
class Resource:
    """One sheet of a form."""

    name: str
    title: str  # the sheet's name
    form: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[Mapping[str, Any], ...] = ()
    missing_values: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()  # x-synonyms: other sheet names
    blank_rows: int = 20  # x-rows: input rows of the blank sheet
    prefilled: str = ""  # x-prefilled: R3 | approval | codes: its rows come prefilled and are always data
    on: bool = True
    required: bool = True  # x-required: SHT-001 when the sheet is missing
    layout: str = "rows"  # x-layout: rows | items (one labelled value per line: F5)
    items: tuple[Mapping[str, str], ...] = ()  # x-items: fixed lines (F4 codes)
    note: str = ""  # 说明 printed under the table
    key_else: tuple[str, ...] = ()  # x-key-else: the key of a row whose primaryKey is blank (汇款单据)

    def field(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)

    @property
    def active(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.on)


@dataclass(frozen=True, slots=True)
class Form:
    name: str  # F1 …
    title: str
    version: str  # x-version
    resources: tuple[Resource, ...]
    zero: bool = False  # x-zero: 无（零报告） is a possible answer on the 封面
    guide: tuple[str, ...] = ()  # x-guide: lines of 填表说明
    synonyms: tuple[str, ...] = ()  # x-synonyms: other titles of the form

    def resource(self, name: str) -> Resource | None:
        return next((r for r in self.resources if r.name == name), None)

    @property
    def main(self) -> Resource:
        return self.resources[0]


@dataclass(frozen=True, slots=True)
class Register:
    """A register or a decision sheet: a single Resource plus how the office keeps it."""

    name: str  # R1 … R13, 综合平衡表, 待核查.重复 …
    title: str
    version: str
    resource: Resource
    merge: str = "replace"  # x-merge: replace | union
    area: str = "register"  # x-area: register (_district) | decision (_decisions)
    workbook: str = ""  # x-workbook: title of the workbook of `register --all` it belongs to
    need: str = ""  # x-need: 先填 | 有则填 | 可不填
    head: tuple[Field, ...] = ()  # x-head: labelled values above the table (综合平衡表: 会议日期 …)
    foreign: bool = False  # x-foreign: `register NAME --from FILE` may fill it from somebody else's table

    @property
    def key_else(self) -> tuple[str, ...]:
        return self.resource.key_else


@dataclass(frozen=True, slots=True)
class KindSpec:
    """What one rule kind offers and asks: the facts its messages may use, the parameters its entry must or may give.

    Beside its own facts every message may use the standing ones: col val new sheet cell row.
    """

    name: str
    facts: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    scope: str  # cell row sheet workbook form school register year calendar money output
    stage: str  # draft | advisory | enforced
    severity: str  # error | warning | info
    cure: str  # A R D
    holds: str  # row | sheet | file | none
    kind: str  # a rule kind of the registry, or 'reader' (noticed while reading), 'arrange', 'gate', 'loader'
    where: tuple[str, ...]  # form.resource (F1.applications), form (F1), or 'all'
    title: str
    message: str  # {placeholders} are facts its kind declares
    remedy: str
    why: str
    english: str = ""
    params: Mapping[str, Any] = EMPTY
    desk: str = ""  # wording for the office where it differs
    to_school: bool = True  # False: never shown to a school
    facts: frozenset[str] = frozenset()  # facts its messages may use: of its kind, or its own `facts:`
    also: tuple[str, ...] = ()  # rules that may honestly fire beside it
    absorbs: tuple[str, ...] = ()  # weaker rules: what they say of the same two rows is told by this one alone

    @property
    def held(self) -> str:
        """What a finding of the rule really holds: what only asks or tells, and what is on trial, holds nothing (contract.md 3)."""
        return self.holds if self.severity == "error" and self.stage != "advisory" else "none"


@dataclass(frozen=True, slots=True)
class CodeList:
    name: str
    title: str
    values: tuple[str, ...]
    synonyms: Mapping[str, tuple[str, bool]] = EMPTY  # other word -> (value, must the school confirm?)


@dataclass(frozen=True, slots=True)
class Book:
    """Everything schemas/ says, for one season. Picklable; small enough to send to a worker."""

    forms: Mapping[str, Form]
    registers: Mapping[str, Register]
    rules: Mapping[str, Rule]
    codes: Mapping[str, CodeList]
    words: Mapping[str, Any]
    head: tuple[Field, ...] = ()  # fields of the head block (schemas/forms/_cover.yaml)
    cover: Mapping[str, Any] = EMPTY  # 封面: title, note (text), synonyms, yes, no (tuples; the first word is ours)
    areas: Mapping[str, tuple[int, int]] = EMPTY  # GB/T 2260 code -> (first, last year)
    digest: str = ""  # sha256 over all schema files
    raw: Mapping[str, bytes] = EMPTY

    def resource(self, form: str, name: str) -> Resource | None:
        if form in self.forms:
            return self.forms[form].resource(name)
        register = self.registers.get(form)
        return register.resource if register else None
