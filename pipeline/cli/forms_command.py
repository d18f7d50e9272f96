"""`wennuan forms`: the blank forms to send out, one workbook per unit and stage, with everything the office knows filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import click

from pipeline.book.spec import Book, Form
from pipeline.cli.options import as_of_option, command
from pipeline.cli.talk import Talk
from pipeline.cli.where import day_of
from pipeline.home.disk import environment, make_folder
from pipeline.home.layout import Home, open_home
from pipeline.home.remembering import last_lines
from pipeline.ledger import past_of
from pipeline.model import EMPTY, Office, Season, Stage, Unit, WennuanError
from pipeline.night.looking import office_now
from pipeline.writing.forms import blank_workbook, form_file_name, prefill

ABSENT = {
    "R1": "还没有单位名录（R1）：只生成一套不带单位的空白表。先运行 wennuan register R1 --from 通讯录.xlsx，即可按单位预填。",
    "R3": "没有困难教工底册（R3）：“上年对象去向”未预填。",
    "R5": "没有帮困标准与额度（R5）：表上不显示可用额度。",
}
NO_NIGHT = "还没有汇总过，汇总表（F4）的“本年”未预填。先运行 wennuan run，再生成这张表。"
NOT_APPROVED = "还没有核定：发放登记表要等《综合平衡表》填好存入 inbox/_decisions/ 后才能预填，未核定的单位不生成。"


@command(
    "生成发给各校的空白表：每个单位、每个批次一个文件，已按名册预填。\n\n默认存入工作目录的 forms/；已有的同名文件会换成新的。",
    epilog="例：  wennuan forms\n      wennuan forms --stage 摸底申报 --unit YL001\n      wennuan forms --form F2 --out D:\\发放",
)
@as_of_option
@click.option("--stage", "stages", multiple=True, metavar="批次", help="只生成这个批次（可重复）。")
@click.option("--form", "names", multiple=True, metavar="表号", help="只生成这张表，如 F1（可重复）。")
@click.option("--unit", "codes", multiple=True, metavar="单位代码", help="只给这个单位（可重复）。")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="目录",
    help="存到哪里；默认为工作目录的 forms/。",
)
def forms(
    home: Path,
    talk: Talk,
    *,
    as_of: date | None,
    stages: Sequence[str],
    names: Sequence[str],
    codes: Sequence[str],
    out: Path | None,
) -> int:
    where = open_home(home)
    book, season, office = office_now(where, day_of(where, as_of))
    sets = list(_sets(book, season, stages, names))
    units = _units(office, codes)
    _said_once(office, sets, talk)
    folder = out or where.root / "forms"
    figures = _accepted(where)
    if units != [None] and not past_of(where.ledger)[0].night and any(f.main.items for forms in sets for f in forms):
        talk.say(f"▲ {NO_NIGHT}")
    told: list[dict[str, str | None]] = []
    taken: set[Path] = set()
    for unit in units:
        for chosen in sets:
            fitting = _fitting(chosen, unit, office)
            if not fitting:
                continue
            mine = figures.get(unit.code, EMPTY) if unit else EMPTY
            filled = prefill(unit, fitting, office, season, book, figures=mine) if unit else None
            path = _free(folder / form_file_name(fitting, unit, season), unit, taken)
            _save(path, blank_workbook(fitting, unit, season, book, filled))
            told += [{"unit": unit.code if unit else None, "form": f.name, "path": str(path)} for f in fitting]
    made = f"已生成 {len(taken)} 个文件，存入 {folder}" if taken else "没有可生成的表。"
    talk.result(told, "" if talk.quiet else made)
    return 0


def _accepted(home: Home) -> dict[str, dict[str, dict[str, object]]]:
    """unit -> line of the closing form -> what the newest night accepted."""
    return {
        unit: {code: {"value": Decimal(value)} for code, value in lines.items()}
        for unit, lines in last_lines(home).items()
    }


def _free(path: Path, unit: Unit | None, taken: set[Path]) -> Path:
    """Two units of one short name part by their codes."""
    if path in taken and unit:
        path = path.with_name(f"{path.stem}_{unit.code}{path.suffix}")
    taken.add(path)
    return path


def _save(path: Path, data: bytes) -> None:
    with environment(path):
        make_folder(path.parent)
        path.write_bytes(data)


def _sets(book: Book, season: Season, stages: Sequence[str], names: Sequence[str]) -> Iterator[list[Form]]:
    """The forms of each stage that were asked for. Raises WennuanError for a stage or form nobody knows."""
    known = [s.name for s in season.stages]
    for stage in stages:
        if stage not in known:
            raise WennuanError("no_such_stage", code=2, stage=stage, known="、".join(known))
    wanted = [n.upper() for n in names]
    for name in wanted:
        if name not in book.forms:
            raise WennuanError("no_such_form", code=2, form=name, known="、".join(book.forms))
    for s in season.stages:
        chosen = [book.forms[n] for n in s.forms if n in book.forms and (not wanted or n in wanted)]
        if chosen and _asked(s, stages):
            yield chosen


def _asked(stage: Stage, stages: Sequence[str]) -> bool:
    return not stages or stage.name in stages


def _units(office: Office, codes: Sequence[str]) -> list[Unit | None]:
    known = {u.code.upper(): u for u in office.units}
    for code in codes:
        if code.upper() not in known:
            raise WennuanError("no_such_unit", code=2, unit=code)
    if codes:
        return [known[c.upper()] for c in codes]
    return list(office.units) or [None]


def _fitting(forms: Sequence[Form], unit: Unit | None, office: Office) -> list[Form]:
    """What this unit owes; a form that is prefilled from decisions only once something was decided for the unit."""
    if unit is None:
        return list(forms)
    decided = any(r.get("unit_code") == unit.code for r in office.approvals)
    return [f for f in forms if (unit.owes is None or f.name in unit.owes) and (decided or not _by_approval(f))]


def _by_approval(form: Form) -> bool:
    return form.main.prefilled == "approval"


def _said_once(office: Office, sets: Sequence[Sequence[Form]], talk: Talk) -> None:
    """What is missing is said, once, before the work."""
    asked = {f.name for forms in sets for f in forms}
    needed = {"R1": asked, "R3": asked & {"F1"}, "R5": asked & {"F1"}}
    for name, text in ABSENT.items():
        if needed[name] and name not in office.registers and (name == "R1" or "R1" in office.registers):
            talk.say(f"▲ {text}")
    if office.units and not office.approvals and any(_by_approval(f) for forms in sets for f in forms):
        talk.say(f"▲ {NOT_APPROVED}")
