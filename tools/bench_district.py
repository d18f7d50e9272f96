"""How many units in; a sample district as a home out, with one spoilt cell in three of five form files, and what a script must know of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from random import Random

from python_calamine import CalamineWorkbook

from pipeline.book.load import load_book
from pipeline.book.spec import CodeList, Field
from pipeline.demo.sample import LEAST
from pipeline.home.layout import area_of, open_home
from pipeline.home.schemas import schema_files
from pipeline.home.season import parse_season

ROOT = Path(__file__).resolve().parent.parent
FAULTY = 0.6  # share of form files with a spoilt cell, as in the measurement the targets come from
MOBILE = re.compile(rb"(<t[^>]*>1[3-9][0-9]{6})[0-9]{3}(</t>)")
NUMBER = re.compile(rb'(<c r="[A-Z]+[0-9]+" s="[0-9]+")><v>[1-9][0-9]{2,4}</v></c>')
WORDS = '\\1 t="inlineStr"><is><t>约五百</t></is></c>'.encode()
CODE = re.compile(r"YL[0-9]+")
SHARED = "xl/sharedStrings.xml"


def make_district(folder: Path, units: int, seed: str = "1") -> int:
    """A home with the sample district; how many form workbooks had a cell spoilt."""
    clean = ["--clean"] if units < LEAST else []
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "demo",
        str(folder),
        "--units",
        str(units),
        "--seed",
        seed,
        "--quiet",
        *clean,
    ]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    chance, spoilt = Random(seed), 0
    inbox = open_home(folder).inbox
    for path in sorted(inbox.rglob("*.xlsx")):
        if area_of(path.relative_to(inbox).as_posix()) == "form" and chance.random() < FAULTY:
            spoilt += _spoil(path)
    return spoilt


def _spoil(path: Path) -> bool:
    """One mobile number loses its last three digits, else one number becomes words; everything else in the package stays."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheets = [name for name in parts if re.fullmatch(r"xl/worksheets/sheet[2-9]\.xml", name)]
    for name, pattern, new in [(SHARED, MOBILE, rb"\1\2"), *((s, NUMBER, WORDS) for s in sheets)]:
        text, count = pattern.subn(new, parts.get(name, b""), count=1)
        if count:
            _write(path, {**parts, name: text})
            return True
    return False


def _write(path: Path, parts: Mapping[str, bytes]) -> None:
    """The package again, with the file's own date."""
    stat = path.stat()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def readable_list(home: Path, to: Path) -> Path:
    """The form workbooks that calamine alone can read too, as a JSON list of paths."""
    inbox, paths = open_home(home).inbox, []
    for path in sorted(inbox.rglob("*.xlsx")):
        if area_of(path.relative_to(inbox).as_posix()) == "form" and not path.name.startswith("~$"):
            try:
                CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
            except Exception:  # damaged on purpose
                continue
            paths.append(str(path))
    to.write_text(json.dumps(paths), encoding="utf-8")
    return to


def fresh_copy(home: Path, to: Path) -> Path:
    """The district as on the evening before its first night: dates kept, nothing in outbox/."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(home, to, symlinks=True)
    return to


def forms_json(home: Path, to: Path) -> Path:
    """Sheets, columns, what they allow, and the units: what the script's author would have typed into it."""
    where = open_home(home)
    book = load_book(schema_files(where), parse_season(where.season.read_bytes()))
    sheets = {
        r.title: {f.title: _rule(f, book.codes) for f in r.active}
        for form in book.forms.values() for r in form.resources if r.on and r.layout == "rows"
    }  # fmt: skip
    plan = json.loads(next((home / "inbox/_district").glob(".*.json")).read_text(encoding="utf-8"))
    register = CalamineWorkbook.from_path(str(home / "inbox" / plan["unit_register"])).get_sheet_by_index(0).to_python()
    codes = sorted({str(v) for row in register for v in row if CODE.fullmatch(str(v))})
    to.write_text(json.dumps({"sheets": sheets, "units": codes}, ensure_ascii=False), encoding="utf-8")
    return to


def _rule(f: Field, codes: Mapping[str, CodeList]) -> dict[str, object]:
    found = codes.get(f.codes) if f.codes else None
    return {
        "kind": f.kind, "required": f.required and not f.computed, "typed": f.required and not (f.computed or f.preset or f.prefill), "longest": f.max_length,
        "values": [*found.values, *found.synonyms] if found and f.kind == "code" else None,
    }  # fmt: skip
