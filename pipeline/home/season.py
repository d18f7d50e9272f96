"""season.toml in (bytes, with or without BOM, UTF-8 or GBK), a checked Season out; every mistake told with its line."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.home.season_dates import contradictions
from pipeline.home.toml_lines import Spot, Told
from pipeline.model import Season, Stage, WennuanError

PHASES = ("survey", "publicity", "donate", "remit", "collate", "slips", "visits", "summary")
APPROVED = "approved"
PUBLICITY_DAYS = "publicity_days"  # the threshold the program itself counts with
PLAIN: Mapping[str, type] = {
    "title": str, "year": int, "timezone": str, "issuer": str, "issued": date, "signed": date, "theme": str, "basis": str, "number": str,
    "channels": str, "confirmed": bool,
}  # fmt: skip
TABLES = ("phases", "payee", "contact", "fields", "thresholds", "lines", "public", "oa", "paths", "sample")
KEYS: Mapping[str, tuple[str, ...]] = {
    "": (*PLAIN, *TABLES, "stage"),
    "stage": ("name", "forms", "opens", "due"),
    "phases": PHASES,
    "payee": ("name", "account", "bank", "purpose"),
    "contact": ("name", "phone", "address", "supervision", "oa"),
    "public": ("level", "name_other_unit"),
    "oa": ("max_mb",),
    "paths": ("state",),
    "sample": ("as_of",),
}
REQUIRED = ("title", "year", "issuer", "stage")
CHOICES = {"channels": ("by_unit", "lump"), "level": ("unit", "district")}
YUAN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")


def decode(data: bytes) -> str:
    """Text of a settings file as Windows editors save it. Raises WennuanError when it is neither UTF-8 nor GBK."""
    encodings = ["utf-16"] if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "gb18030"]
    bare = data.removeprefix(b"\xef\xbb\xbf")
    for encoding in encodings:
        try:
            return bare.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise WennuanError("season_encoding")


def read_toml(data: bytes) -> dict[str, Any]:
    """The raw mapping; decimals stay Decimal. Raises WennuanError naming the line that is not TOML."""
    text = decode(data)
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as wrong:
        at = re.search(r"line (\d+)", str(wrong))
        number = int(at.group(1)) if at else text.count("\n") + 1
        lines = text.split("\n")
        shown = lines[number - 1].strip() if number <= len(lines) else ""
        raise WennuanError("season_syntax", line=number, text=shown[:80]) from None


def parse_season(data: bytes) -> Season:
    """A Season, or one WennuanError (code 2) whose `more` holds the further mistakes. CAL-015 and CAL-016 are told here."""
    raw, told = read_toml(data), Told(decode(data))
    _keys(raw, told)
    top = Spot(told)
    plain = {key: top.typed(raw.get(key), kind, key) for key, kind in PLAIN.items()}
    table = {name: _table(raw, name, told) for name in TABLES}
    season = Season(
        title=plain["title"] or "",
        year=plain["year"] or 0,
        timezone=_zone(plain["timezone"] or "Asia/Shanghai", top),
        issuer=plain["issuer"] or "",
        stages=_stages(raw.get("stage", []), told),
        phases=_phases(table["phases"], Spot(told, "phases")),
        payee=Spot(told, "payee").each(table["payee"], _is_text, "str"),
        contact=Spot(told, "contact").each(table["contact"], _is_text, "str"),
        fields_on=_fields(table["fields"], Spot(told, "fields")),
        thresholds=Spot(told, "thresholds").each(table["thresholds"], _is_setting, "number"),
        lines=_money(table["lines"], Spot(told, "lines")),
        channels=_choice(plain["channels"] or "by_unit", "channels", top),
        public_level=_choice(table["public"].get("level", "unit"), "level", Spot(told, "public")),
        name_other_unit=bool(
            Spot(told, "public").typed(table["public"].get("name_other_unit"), bool, "name_other_unit")
        ),
        oa_max_mb=Spot(told, "oa").typed(table["oa"].get("max_mb", 20), int, "max_mb") or 20,
        confirmed=plain["confirmed"] is not False,
        issued=plain["issued"],
        signed=plain["signed"],
        raw=raw,
        lines_at=_lines_at(raw, table, told),
    )
    Spot(told, "thresholds").typed(table["thresholds"].get(PUBLICITY_DAYS), int, PUBLICITY_DAYS)
    Spot(told, "paths").typed(table["paths"].get("state"), str, "state")
    Spot(told, "sample").typed(table["sample"].get("as_of"), date, "as_of")
    if plain["year"] is not None and not 2000 <= plain["year"] <= 2100:
        top.say("season_type", "year", want="year")
    wrong = told.wrong or contradictions(season, told)
    if wrong:
        raise WennuanError(wrong[0].key, 2, tuple(wrong[1:]), **wrong[0].facts)
    return season


def _lines_at(raw: Mapping[str, Any], table: Mapping[str, Mapping[str, Any]], told: Told) -> dict[str, int]:
    """Where the names stand that only the book can judge (book/season_names.py)."""
    stages = raw.get("stage", [])
    found = {
        f"stage.{i}.forms": told.line("stage", "forms", i)
        for i in range(len(stages) if isinstance(stages, list) else 0)
    }
    for name in ("thresholds", "lines"):
        found |= {f"{name}.{key}": told.line(name, key) for key in table[name]}
    for form, value in table["fields"].items():
        found[f"fields.{form}"] = told.line("fields", form)
        if isinstance(value, Mapping):
            found |= {f"fields.{form}.{sheet}": told.line(f"fields.{form}", sheet) for sheet in value}
    return found


def _keys(raw: Mapping[str, Any], told: Told) -> None:
    """Unknown keys with the nearest known one, and required keys that are missing (unless one was misspelt)."""
    tables: list[tuple[str, int, Mapping[str, Any]]] = [("", 0, raw)]
    for name in KEYS:
        value = raw.get(name)
        items = value if isinstance(value, list) else [value]
        tables += [(name, i, item) for i, item in enumerate(items) if isinstance(item, Mapping)]
    misspelt = {
        _unknown(key, Spot(told, name, i)) for name, i, table in tables for key in table if key not in KEYS[name]
    }
    for key in REQUIRED:
        if raw.get(key) in (None, "", []) and key not in misspelt:
            told.say("season_missing", "", key)


def _unknown(key: str, spot: Spot) -> str:
    known = KEYS[spot.table]
    near = (difflib.get_close_matches(key, known, 1, 0.5) or [""])[0]
    spot.say("season_unknown_near" if near else "season_unknown", key, near=near, known=" ".join(known))
    return near


def _table(raw: Mapping[str, Any], name: str, told: Told) -> Mapping[str, Any]:
    value = raw.get(name, {})
    if isinstance(value, Mapping):
        return value
    told.say("season_type", "", name, want="table")
    return {}


def _zone(name: str, top: Spot) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        top.say("season_zone", "timezone", value=name)
    return name


def _choice(value: Any, key: str, spot: Spot) -> str:
    if value not in CHOICES[key]:
        spot.say("season_choice", key, value=value, known=" ".join(CHOICES[key]))
    return str(value)


def _stages(value: Any, told: Told) -> tuple[Stage, ...]:
    if not isinstance(value, list) or not all(isinstance(v, Mapping) for v in value):
        told.say("season_type", "", "stage", want="[[stage]]")
        return ()
    owner: dict[str, int] = {}
    stages = tuple(_stage(item, Spot(told, "stage", i)) for i, item in enumerate(value))
    for i, stage in enumerate(stages):
        for form in stage.forms:
            if owner.setdefault(form, i) != i:
                Spot(told, "stage", i).say("season_form_twice", "forms", form=form, stage=stages[owner[form]].name)
    return stages


def _stage(item: Mapping[str, Any], spot: Spot) -> Stage:
    for key in KEYS["stage"]:
        if key not in item:
            spot.say("season_missing", key)
    by_approval = item.get("opens") == APPROVED
    forms = item.get("forms", [])
    if not _is_names(forms):
        spot.say("season_type", "forms", want="list")
        forms = []
    return Stage(
        name=spot.typed(item.get("name"), str, "name") or "",
        forms=tuple(forms),
        opens=None if by_approval else spot.typed(item.get("opens"), date, "opens"),
        due=spot.typed(item.get("due"), date, "due") or date.max,
        by_approval=by_approval,
    )


def _phases(table: Mapping[str, Any], spot: Spot) -> dict[str, tuple[date, date]]:
    def fits(value: Any) -> bool:
        return isinstance(value, list) and len(value) == 2 and all(spot.day(v) for v in value)

    pairs = spot.each(table, fits, "phase")
    return {name: (spot.day(a) or date.min, spot.day(b) or date.max) for name, (a, b) in pairs.items()}


def _fields(table: Mapping[str, Any], spot: Spot) -> dict[str, frozenset[str]]:
    """`F1 = […]`, `"F1.applications" = […]`, or a table [fields.F1] with one list per sheet."""
    flat: dict[str, Any] = {}
    for form, value in table.items():
        flat.update(
            {f"{form}.{sheet}": v for sheet, v in value.items()} if isinstance(value, Mapping) else {form: value}
        )
    return {key: frozenset(value) for key, value in spot.each(flat, _is_names, "list").items()}


def _money(table: Mapping[str, Any], spot: Spot) -> dict[str, int]:
    """Yuan as written (1160, 1160.50 or "1160") -> fen."""

    def fits(value: Any) -> bool:
        plain = isinstance(value, (str, int, Decimal)) and not isinstance(value, bool)
        return plain and YUAN.fullmatch(str(value)) is not None

    return {key: int(Decimal(value) * 100) for key, value in spot.each(table, fits, "money").items()}


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


def _is_setting(value: Any) -> bool:
    return isinstance(value, (str, int, Decimal, date, list))
