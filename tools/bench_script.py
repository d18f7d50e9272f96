"""The straightforward script our night is compared with: what a competent colleague would write in an afternoon.

pandas.read_excel (openpyxl) for each file, one pandera schema for each sheet of it, to_excel for the summary, docxtpl for
each unit's letter, jinja2 for the pages, openpyxl to load, colour, comment and save the faulty workbooks. It imports
nothing of ours; what the columns are called and what they allow comes as JSON, so that both sides check alike.

Usage: bench_script.py FOLDER FORMS.json OUT     (prints one line of JSON: seconds of each stage, counts)
"""

from __future__ import annotations

import json
import re
import sys
import time
import warnings
import zipfile
from collections import defaultdict
from pathlib import Path

STARTED = time.perf_counter()

import jinja2  # noqa: E402 - the cost of the imports is a stage of its own
import openpyxl  # noqa: E402
import pandas as pd  # noqa: E402
import pandera.pandas as pa  # noqa: E402
from docx import Document  # noqa: E402
from docxtpl import DocxTemplate  # noqa: E402
from openpyxl.cell.cell import MergedCell  # noqa: E402
from openpyxl.comments import Comment  # noqa: E402
from openpyxl.styles import PatternFill  # noqa: E402

STAGES: dict[str, float] = defaultdict(float)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
PAGE = """<!doctype html><meta charset="utf-8"><title>{{ title }}</title><style>td,th{border:1px solid #999;padding:2px 6px}</style>
<h1>{{ title }}</h1><p>{{ rows|length }} 处问题</p><table><tr>{% for h in heads %}<th>{{ h }}</th>{% endfor %}</tr>
{% for row in rows %}<tr>{% for h in heads %}<td>{{ row[h] }}</td>{% endfor %}</tr>{% endfor %}</table>"""
HEADS = ["文件", "工作表", "行", "列", "值", "问题"]


class Timed:
    """`with Timed("read"):` adds to the stage."""

    def __init__(self, stage: str) -> None:
        self.stage = stage

    def __enter__(self) -> None:
        self.began = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        STAGES[self.stage] += time.perf_counter() - self.began


def good_id(text: object) -> bool:
    text = str(text)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        return False
    return "10X98765432"[sum(int(d) * w for d, w in zip(text, WEIGHTS, strict=False)) % 11] == text[-1]


def number_like(value: object) -> bool:
    try:
        return float(str(value)) >= 0
    except ValueError:
        return False


def schema_of(columns: dict[str, dict]) -> pa.DataFrameSchema:
    """One pandera column per column of the sheet, with the checks its kind asks for."""
    made = {}
    for title, rule in columns.items():
        checks = []
        if rule.get("values"):
            checks.append(pa.Check(lambda s, v=frozenset(rule["values"]): s.astype(str).isin(v), name="不在可选范围内"))
        if rule["kind"] == "id_number":
            checks.append(pa.Check(lambda s: s.map(good_id), name="证件号码有误"))
        if rule["kind"] == "mobile":
            checks.append(pa.Check(lambda s: s.astype(str).str.fullmatch(r"1[3-9][0-9]{9}"), name="手机号码有误"))
        if rule["kind"] in {"money", "integer", "number"}:
            checks.append(pa.Check(lambda s: s.map(number_like), name="不是数字"))
        if rule.get("longest"):
            checks.append(pa.Check(lambda s, n=rule["longest"]: s.astype(str).str.len() <= n, name="太长"))
        made[title] = pa.Column(object, checks, nullable=not rule["required"], required=rule["required"], coerce=False)
    return pa.DataFrameSchema(made, strict=False)


def table_of(
    book: pd.ExcelFile, sheet: str, columns: dict[str, dict]
) -> tuple[pd.DataFrame, int, dict[str, int]] | None:
    """The data rows below the header row, that row's number, and where each column stands; None when there is no header."""
    raw = book.parse(sheet, header=None, dtype=object)
    for number, row in raw.iterrows():
        titles = {re.sub(r"\s|\(.*\)|（.*）", "", str(v)): i for i, v in enumerate(row) if isinstance(v, str)}
        known = {t: titles[t] for t in columns if t in titles}
        if len(known) >= 3:
            data = raw.iloc[number + 1 :, list(known.values())]
            data.columns = list(known)
            ends = raw.iloc[number + 1 :, 0].astype(str).str.match(r"合计|小计|说明|签|\s*填报人")
            data = data.loc[: ends.idxmax() - 1] if ends.any() else data
            return data.dropna(how="all", subset=[t for t in known if columns[t]["typed"]] or None), int(number), known
    return None


def read(path: Path, forms: dict, units: set[str]) -> tuple[str, list[tuple[str, pd.DataFrame, int, dict[str, int]]]]:
    """The unit the cover names (else the file's own name), and the tables of the file."""
    found = []
    with pd.ExcelFile(path, engine="openpyxl") as book:
        cover = book.parse(0, header=None, dtype=object)
        unit = next((v for v in cover.to_numpy().ravel() if isinstance(v, str) and v in units), path.stem)
        for sheet in book.sheet_names:
            if sheet in forms:
                table = table_of(book, sheet, forms[sheet])
                if table is not None:
                    found.append((sheet, *table))
    return unit, found


def problems(path: str, sheet: str, data: pd.DataFrame, schema: pa.DataFrameSchema) -> list[dict]:
    try:
        schema.validate(data, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        cases = cases[cases["index"].notna()].drop_duplicates(["check", "column", "index"])
        return [
            {"文件": path, "工作表": sheet, "行": int(c["index"]) + 1, "列": c["column"], "值": str(c["failure_case"]), "问题": "必填项为空" if c["check"] == "not_nullable" else c["check"]}
            for c in cases.to_dict("records")
        ]  # fmt: skip
    return []


def annotate(path: Path, found: list[dict], places: dict, target: Path) -> None:
    book = openpyxl.load_workbook(path)
    fill = PatternFill("solid", fgColor="FFC7CE")
    for f in found:
        if f["列"] in places[f["工作表"]]:
            cell = book[f["工作表"]].cell(f["行"], places[f["工作表"]][f["列"]] + 1)
            if isinstance(cell, MergedCell):
                continue
            cell.fill = fill
            cell.comment = Comment(f"{f['问题']}：{f['值']}", "审核")
    sheet = book.create_sheet("问题清单", 0)
    sheet.append(HEADS)
    for f in found:
        sheet.append([f[h] for h in HEADS])
    book.save(target)


def letter_template(path: Path) -> None:
    """A letter with a heading, a paragraph and a table: what a receipt needs."""
    document = Document()
    document.add_heading("{{ title }}", 1)
    document.add_paragraph(
        "{{ unit }}：贵单位报送的{{ files }}份表格已收到，发现问题{{ rows|length }}处，请逐条核对，改正后重新报送。"
    )
    table = document.add_table(rows=4, cols=len(HEADS))
    for i, head in enumerate(HEADS):
        table.cell(0, i).text = head
        table.cell(2, i).text = "{{ row." + head + " }}"
    table.cell(1, 0).text, table.cell(3, 0).text = "{%tr for row in rows %}", "{%tr endfor %}"
    document.save(path)


def main(folder: Path, forms: dict, out: Path) -> dict:
    with Timed("templates"):
        schemas = {sheet: schema_of(columns) for sheet, columns in forms["sheets"].items()}
        template, page = out / "letter.docx", jinja2.Environment(autoescape=True).from_string(PAGE)
        letter_template(template)
    frames, found, places, unit_of, unread = defaultdict(list), defaultdict(list), {}, {}, 0
    units = set(forms["units"])
    files = sorted(p for p in folder.rglob("*.xlsx") if not p.name.startswith("~$") and "/_d" not in p.as_posix())
    for path in files:
        name = path.relative_to(folder).as_posix()
        try:
            with Timed("read"):
                unit, tables = read(path, forms["sheets"], units)
        except Exception:  # a file pandas cannot open
            unread += 1
            continue
        places[name] = {sheet: known for sheet, _, _, known in tables}
        unit_of[name] = unit
        for sheet, data, _, _ in tables:
            with Timed("validate"):
                found[name] += problems(name, sheet, data, schemas[sheet])
            frames[sheet].append(data.assign(文件=name, 单位=unit_of[name]))
    write_summary(frames, found, out)
    marked = 0
    for path in files:
        name = path.relative_to(folder).as_posix()
        if found.get(name):
            with Timed("annotate"):
                (out / unit_of[name]).mkdir(exist_ok=True)
                annotate(path, found[name], places[name], out / unit_of[name] / f"{path.stem}_校验结果.xlsx")
            marked += 1
    write_units(unit_of, found, template, page, out)
    with Timed("html"):
        everything = [f for fs in found.values() for f in fs]
        for title in ("总览", "审核报告"):
            (out / f"{title}.html").write_text(page.render(title=title, heads=HEADS, rows=everything), encoding="utf-8")
    return {
        "files": len(files),
        "unread": unread,
        "findings": sum(map(len, found.values())),
        "marked": marked,
        "units": len(set(unit_of.values())),
    }


def write_summary(frames: dict, found: dict, out: Path) -> None:
    with Timed("xlsx"), pd.ExcelWriter(out / "汇总表.xlsx", engine="openpyxl") as book:
        for sheet, parts in frames.items():
            whole = pd.concat(parts)
            whole.to_excel(book, sheet_name=sheet, index=False)
            amounts = [c for c in whole if "金额" in c or c == "合计"]
            for c in amounts:
                whole[c] = pd.to_numeric(whole[c], errors="coerce")
            if amounts:
                whole.groupby("单位")[amounts].sum().to_excel(book, sheet_name=f"{sheet}汇总")
        pd.DataFrame([f for fs in found.values() for f in fs], columns=HEADS).to_excel(
            book, sheet_name="问题清单", index=False
        )


def write_units(unit_of: dict, found: dict, template: Path, page: jinja2.Template, out: Path) -> None:
    """Each unit's letter, page and package."""
    units = defaultdict(list)
    for name, unit in unit_of.items():
        units[unit].append(name)
    for unit, names in units.items():
        rows = [f for n in names for f in found.get(n, ())]
        place = out / unit
        place.mkdir(exist_ok=True)
        with Timed("docx"):
            letter = DocxTemplate(template)
            letter.render({"title": "回执", "unit": unit, "files": len(names), "rows": rows}, autoescape=True)
            letter.save(place / "回执.docx")
        with Timed("html"):
            (place / "回执.html").write_text(page.render(title=unit, heads=HEADS, rows=rows), encoding="utf-8")
        with Timed("zip"), zipfile.ZipFile(out / f"{unit}.zip", "w", zipfile.ZIP_DEFLATED) as package:
            for path in sorted(place.iterdir()):
                package.write(path, path.name)


if __name__ == "__main__":
    STAGES["import"] = time.perf_counter() - STARTED
    warnings.simplefilter("ignore")
    said = main(Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")), Path(sys.argv[3]))
    sys.stdout.write(json.dumps({"seconds": time.perf_counter() - STARTED, "stages": dict(STAGES), **said}) + "\n")
