"""Book and season in; what the reader looks for out: one Plan per sheet of a form or register, and the word tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pipeline.book.spec import Book, Field, Form, Register, Resource
from pipeline.cells.lexicon import Lexicon, build_lexicon
from pipeline.cells.typed import Kind, Typed
from pipeline.model import EMPTY, Season
from pipeline.reading.headers import Wanted, wanted
from pipeline.reading.money_units import MoneyWords, money_words
from pipeline.reading.titles import HeaderWords, title_key

BACK = 60  # years: no day a form of a season asks for lies further back, somebody's birth aside
_COPY_OR_NUMBER = re.compile(r"\([0-9]+\)$|^[附件]{1,2}[0-9一二三四五六七八九十]*[:、.]?|(?:19|20)[0-9]{2}[年]?[度]?")


@dataclass(frozen=True, slots=True)
class Column:
    """How one field is read: its kind (and the kind under the 1904 date system) and what a filled cell means."""

    name: str
    title: str
    kind: Kind
    kind_1904: Kind
    computed: bool
    evidence: bool  # a filled cell makes its row a data row
    preset: str  # … unless it is this text
    amount: bool
    ditto: bool
    alone: bool  # the name of the row's own person: two of them are two rows
    spill: str  # the field that takes the second of two names
    cache: dict[object, Typed]  # texts and numbers already typed under `kind`: codes and ticks repeat on every row


@dataclass(frozen=True, slots=True)
class Labels:
    """A block of labelled values: its fields, label key -> field, and any label with its colon as one expression."""

    columns: Mapping[str, Column]
    names: Mapping[str, str]
    pattern: re.Pattern[str]
    hints: frozenset[str]  # keys of what our forms print beside the values: never a value itself
    spoken: dict[str, Any] = field(default_factory=dict, compare=False)  # what a text says (headblock): file after file


@dataclass(frozen=True, slots=True)
class Plan:
    """One sheet of a form (or a register) ready to be looked for."""

    form: str
    resource: Resource
    names: frozenset[str]
    want: Wanted
    columns: Mapping[str, Column]
    main: bool
    ids: tuple[str, ...] = ()  # fields that hold identity numbers
    version: str = ""
    register: bool = False
    labels: Labels | None = None  # a register's own labelled values above the table

    @property
    def key(self) -> tuple[str, str]:
        return self.form, self.resource.name


@dataclass(frozen=True, slots=True)
class Reader:
    """Everything a worker needs to interpret any file of the season."""

    book: Book
    season: Season
    words: Mapping[str, Any]
    marks: Mapping[str, Any]
    header: HeaderWords
    money: MoneyWords
    lexicon: Lexicon
    forms: tuple[Plan, ...]
    office: tuple[Plan, ...]
    titles: Mapping[str, str]  # key of a form's title or synonym -> form
    head: Labels
    head_required: Mapping[str, bool]  # head fields that must not be blank -> is a blank only a question?
    cover: frozenset[str]  # keys of cover sheet names
    vocabulary: frozenset[str]  # every title key of every plan
    answers: Mapping[str, str]  # key of an answer on the cover -> 'has' or 'none' in our canonical words
    last_day: date  # nobody in this season's forms is born later
    lines: dict[str, str] = field(default_factory=dict, compare=False)  # texts of covers -> the form they name, or ''


_COMPILED: dict[tuple[int, int], Reader] = {}


def reader_of(book: Book, season: Season) -> Reader:
    """The compiled reader of a book and season; kept (with both) while the process lives, a few at a time."""
    spot = (id(book), id(season))
    known = _COMPILED.get(spot)
    if known is not None and known.book is book and known.season is season:
        return known
    if len(_COMPILED) > 8:
        _COMPILED.clear()
    _COMPILED[spot] = reader = _compile(book, season)
    return reader


def _compile(book: Book, season: Season) -> Reader:
    words = book.words["reading"]
    money = money_words(words["units_of_money"])
    header = HeaderWords(words["header"]["decorations"], frozenset(words["header"]["meaning"]), money.tail, money.ends)
    lexicon = build_lexicon(book.words["lexicon"])
    make = _Maker(book, season, header, lexicon, frozenset(words["rows"]["ditto_kinds"]))
    titles = {sheet_key(t): f.name for f in book.forms.values() for t in (f.title, *f.synonyms)}
    head = make.labels(book.head, words["head"]["labels"], make.since)
    forms = tuple(p for f in book.forms.values() for p in make.plans_of_form(f))
    office = tuple(make.plan_of_register(r) for r in book.registers.values())
    return Reader(
        book,
        season,
        words,
        book.words["marks"],
        header,
        money,
        lexicon,
        forms,
        office,
        titles,
        head,
        {f.name: f.asks for f in book.head if (f.required or f.asks) and f.on},
        frozenset(title_key(t) for t in _cover_names(book.cover, words["sheets"]["cover"])),
        frozenset(key for p in (*forms, *office) for key in p.want.keys),
        _answers(words["declared"], book.cover),
        date(season.year, 12, 31),
    )


def _answers(words: Mapping[str, Any], cover: Mapping[str, Any]) -> dict[str, str]:
    more = {"has": cover.get("yes", cover.get("x-yes", ())), "none": cover.get("no", cover.get("x-no", ()))}
    return {title_key(w): words[k][0] for k in ("has", "none") for w in (*words[k], *more[k])}


def _cover_names(cover: Mapping[str, Any], more: Iterable[str]) -> list[str]:
    names = [str(cover["title"])] if cover.get("title") else []
    return [*names, *(cover.get("synonyms") or cover.get("x-synonyms") or ()), *more]


def _label_names(fields: tuple[Field, ...], words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Label key -> field. Titles win over the book's synonyms, and those over the general words."""
    names: dict[str, str] = {}
    for texts in (
        {f.name: (f.title,) for f in fields},
        {f.name: f.synonyms for f in fields},
        {f.name: words.get(f.name, ()) for f in fields},
    ):
        for name, spellings in texts.items():
            for text in spellings:
                names.setdefault(title_key(text), name)
    return names


def _label_pattern(labels: Iterable[str]) -> re.Pattern[str]:
    """One expression for all labels with a colon, blanks inside allowed; longest label first."""
    words = (r"\s*".join(re.escape(sign) for sign in label) for label in sorted(labels, key=len, reverse=True))
    return re.compile(rf"(?<![^\s:;,.|/()])({'|'.join(words)})\s*(?:\([^()]{{0,12}}\))?\s*:")


def season_years(season: Season) -> tuple[int, int]:
    """First and last calendar year of the season, for a day without a year and for telling last year's file."""
    start = season_start(season)
    return (start.year if start else season.year - 1, season.year)


def season_start(season: Season) -> Any:
    """The first date the season names (issue, opening of a stage, start of a phase), None when it names none."""
    days = [d for d in (season.issued, *(s.opens for s in season.stages)) if d]
    days += [first for first, _ in season.phases.values()]
    return min(days, default=None)


def sheet_key(name: str) -> str:
    """A sheet's name or a form's title without its attachment number, year and copy number."""
    key = title_key(name)
    short = _COPY_OR_NUMBER.sub("", key)
    return title_key(short) or key


@dataclass(frozen=True, slots=True)
class _Maker:
    book: Book
    season: Season
    header: HeaderWords
    lexicon: Lexicon
    ditto: frozenset[str]

    def plans_of_form(self, form: Form) -> list[Plan]:
        plans = []
        for resource in form.resources:
            if not resource.on:
                continue
            names = [resource.title, *resource.synonyms]
            if resource is form.main:
                names += [form.title, *form.synonyms]
            plans.append(self._plan(form.name, resource, names, resource is form.main, form.version))
        return plans

    def plan_of_register(self, register: Register) -> Plan:
        r = register.resource
        names = [
            r.title,
            *r.synonyms,
            register.title,
            register.name,
            register.name + register.title,
            register.name + r.title,
        ]
        plan = self._plan(register.name, r, names, True, register.version)
        return replace(plan, register=True, labels=self.labels(register.head, {}) if register.head else None)

    @property
    def since(self) -> int:
        """The first year a day on a form of this season can lie in."""
        return self.season.year - BACK

    def labels(self, fields: Iterable[Field], words: Mapping[str, Iterable[str]], since: int = 0) -> Labels:
        fields = tuple(fields)
        columns = {f.name: self.column(f, since=since) for f in fields}
        names = _label_names(fields, words)
        example = self.book.words["writing"]["prompts"]["example"]
        hints = (t for f in fields for t in (f.hint, f.example and example.format(example=f.example)))
        return Labels(columns, names, _label_pattern(names), frozenset(title_key(t) for t in hints if t))

    def _plan(self, form: str, resource: Resource, names: Iterable[str], main: bool, version: str) -> Plan:
        fields = resource.active
        want = wanted(fields, _required(fields, bool(resource.items)), self.header.meaning, self.header.decorations)
        person = any(f.kind in {"id_number", "tail"} and f.required for f in resource.fields)
        since = self.since if form in self.book.forms else 0
        columns = {f.name: self.column(f, bool(resource.prefilled), person, since) for f in fields}
        ids = tuple(f.name for f in fields if f.kind == "id_number")
        return Plan(form, resource, frozenset(sheet_key(n) for n in names), want, columns, main, ids, version)

    def column(self, field: Field, prefilled: bool = False, person: bool = False, since: int = 0) -> Column:
        kind = self._kind(field, 0 if field.mask == "birth" else since)
        evidence = field.kind != "seq" and not field.computed and (prefilled or not field.prefill)
        return Column(
            field.name,
            field.title,
            kind,
            replace(kind, date1904=True) if kind.name in {"date", "month"} else kind,
            bool(field.computed),
            evidence,
            "" if prefilled else field.preset,
            field.kind == "money" or field.total,
            field.kind in self.ditto and not field.computed,
            person and field.kind == "name" and field.required,
            field.spill,
            {},
        )

    def _kind(self, field: Field, since: int) -> Kind:
        codes = self.book.codes.get(field.codes)
        synonyms: Mapping[str, tuple[str, bool]] = codes.synonyms if codes else EMPTY
        return Kind(
            field.kind,
            codes.values if codes else (),
            synonyms,
            years=season_years(self.season),
            since=since,
            min_length=field.min_length,
            max_length=field.max_length,
            lexicon=self._lexicon(field),
            required=field.required,
            measure=field.measure,
        )

    def _lexicon(self, field: Field) -> Lexicon:
        """What is a placeholder everywhere else may be the answer a column asks for."""
        if not field.accepts:
            return self.lexicon
        return replace(self.lexicon, placeholders=self.lexicon.placeholders.difference(field.accepts))


def _required(fields: Iterable[Field], fixed: bool) -> frozenset[str]:
    """Columns without which a sheet cannot be read: required ones; where none is, those not said to be optional.

    Fixed lines (F4) are known by their label as well as by their code, so the code's column may be missing.
    """
    fields = tuple(fields)
    asked = [f for f in fields if not f.computed and not f.optional_column]
    if fixed:
        return frozenset(f.name for f in asked if not f.required)
    return frozenset(f.name for f in asked if f.required) or frozenset(f.name for f in asked)
