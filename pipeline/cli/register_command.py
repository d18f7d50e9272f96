"""`wennuan register`: blank registers for the office, or one made ready from somebody else's table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from pipeline.book.spec import Book, Register
from pipeline.cli.options import command
from pipeline.cli.talk import Talk
from pipeline.cli.where import day_of
from pipeline.home.disk import environment, make_folder
from pipeline.home.layout import AREAS, Home, open_home
from pipeline.model import Season, Unit, WennuanError
from pipeline.night.looking import ground_of, office_now
from pipeline.reading.container import open_book
from pipeline.reading.limits import REGISTER
from pipeline.reading.raw import RawBook
from pipeline.writing.register_foreign import from_foreign, is_lost
from pipeline.writing.registers import register_file_name, register_workbook, register_workbooks

Rows = list[dict[str, object]]


@command(
    "生成名册的空白表（--all 为三个工作簿：单位与别名、人员、资金与走访）；--from 由现成的表（通讯录、去年汇总）直接生成。\n\n"
    "空白表存入工作目录；由 --from 生成的存入 inbox/_district/，下一次汇总就会使用。",
    epilog="例：  wennuan register --all\n      wennuan register R1 --from 通讯录.xlsx\n      wennuan register R3 --from 去年汇总.xlsx --out 桌面",
)
@click.argument("name", metavar="[名册]", required=False)
@click.option("--all", "every", is_flag=True, help="全部名册，分成三个工作簿。")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="文件",
    help="现成的表，程序按表头认列。",
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="目录", help="存到哪里。")
def register(home: Path, talk: Talk, *, name: str | None, every: bool, source: Path | None, out: Path | None) -> int:
    where = open_home(home)
    book, season = ground_of(where)
    if every == bool(name) or (source and every):
        raise click.UsageError("请写一个名册（如 R1），或用 --all 生成全部；--from 只能用于一个名册")
    if every:
        return _told(_saved(out or where.root, register_workbooks(book, season)), talk)
    wanted = _register(str(name), book)
    rows = _foreign(source, wanted, book, season, where) if source else _standing(wanted, where)
    folder = out or (where.inbox / _folder(wanted) if source else where.root)
    file = register_file_name(wanted.name, book)
    data = register_workbook([wanted.name], book, season, {wanted.name: rows} if rows else None)
    if source:
        talk.say(f"已从 {source} 认出 {len(rows)} 行。请打开核对一遍。")
        lost = sum(is_lost(value) for row in rows for value in row.values())
        if lost:
            talk.say(
                f"▲ 有 {lost} 个号码在原表里是数值格式，末几位已丢失，写成了科学计数的样子；请对照证件改为完整号码。"
            )
    return _told(_saved(folder, {file: data}), talk)


def _register(name: str, book: Book) -> Register:
    """By its name (R1, r1) or its title."""
    found = next((r for r in book.registers.values() if name.upper() == r.name.upper() or name == r.title), None)
    if found is None:
        raise WennuanError("no_such_register", code=2, name=name, known=_named(book, lambda r: r.name.startswith("R")))
    return found


def _named(book: Book, fits: Callable[[Register], bool]) -> str:
    """R1 单位名录、R2 …, as an office calls them, in their order."""
    found = sorted((r for r in book.registers.values() if fits(r)), key=lambda r: (len(r.name), r.name))
    return "、".join(f"{r.name} {r.title}" for r in found)


def _folder(register: Register) -> str:
    return next(folder for folder, area in AREAS.items() if area == register.area)


def _standing(register: Register, home: Home) -> Rows:
    """What the office has already decided in the workbook of exceptions stands in a new one, too."""
    if register.area != "decision":
        return []
    found = office_now(home, day_of(home, None))[2].registers.get(register.name)
    return [dict(r.values) for r in found.rows] if found else []


def _foreign(source: Path, register: Register, book: Book, season: Season, home: Home) -> Rows:
    """Rows from the sheet of the file that gives most. Raises WennuanError when it cannot be read or no sheet fits."""
    if not register.foreign:
        raise WennuanError(
            "not_foreign",
            code=2,
            name=register.name,
            known=_named(book, lambda r: bool(r.foreign)),
        )
    try:
        data = source.read_bytes()
    except OSError as fault:
        raise WennuanError("cannot_open", code=2, file=source) from fault
    books = [b for b in open_book(source.name, data, REGISTER) if b.sheets]
    if not books:
        raise WennuanError("cannot_open", code=2, file=source)
    units = _units(register, home)
    found, wrong = _best(books, register, book, season, units)
    if not found:
        raise wrong or WennuanError("foreign_empty", code=2, file=source, register=register.title)
    return found


def _best(
    books: Sequence[RawBook], register: Register, book: Book, season: Season, units: Sequence[Unit]
) -> tuple[Rows, WennuanError | None]:
    best: Rows = []
    wrong: WennuanError | None = None
    for raw in books:
        for sheet in raw.sheets:
            try:
                rows = from_foreign(sheet.rows, register, book, season, units)
            except WennuanError as refused:
                wrong = wrong or refused
                continue
            best = max(best, rows, key=len)
    return best, wrong


def _units(register: Register, home: Home) -> Sequence[Unit]:
    """Units known so far: their names become codes."""
    if register.resource.primary_key == ("unit_code",):
        return ()
    return office_now(home, day_of(home, None))[2].units


def _saved(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Never over a file that is there: somebody may have filled it in."""
    with environment(folder):
        make_folder(folder)
        standing = next((folder / name for name in files if (folder / name).exists()), None)
        if standing:
            raise WennuanError("file_exists", code=2, file=standing)
        for name, data in files.items():
            (folder / name).write_bytes(data)
    return [folder / name for name in files]


def _told(paths: Sequence[Path], talk: Talk) -> int:
    talk.result([str(p) for p in paths], "" if talk.quiet else "\n".join(f"已写入 {p}" for p in paths))
    return 0
