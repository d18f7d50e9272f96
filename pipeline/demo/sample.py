"""Book, season, size and seed in; the inbox of an invented district out: files by path with their times, and the plan of faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.book.spec import Book
from pipeline.demo.district import School, World, invent_district, pay
from pipeline.demo.filling import Filing, filing, workbook_of
from pipeline.demo.mess import make_mess
from pipeline.demo.plan import DECISIONS, DISTRICT, Files, Sample
from pipeline.demo.registers import balance, meeting, moment, plan_visits, register_bytes, registers
from pipeline.model import Season
from pipeline.writing.forms import form_file_name

LEAST = 6  # fewer units cannot show every kind of mess
CLEAN_APPLICANTS = 2


def sample_district(book: Book, season: Season, units: int, seed: str, clean: bool) -> Sample:
    """`clean`: every unit files everything right under plain names; else the mess of a real season with its planted faults."""
    words = book.words["demo"]
    if clean:
        return _clean(book, season, units, seed, words)
    world, schools, made = make_mess(book, season, units, seed, words)
    files = {**office_files(world, schools, book), **made.files}
    return Sample(files, tuple(made.planted), units, _unit_register(words))


def _clean(book: Book, season: Season, units: int, seed: str, words: Mapping[str, Any]) -> Sample:
    world, schools = invent_district(units, CLEAN_APPLICANTS, seed, words, season)
    files: Files = {}
    for school in schools:
        pay(world, school)
        for f in _filings(world, school):
            forms = [book.forms[name] for name in f.forms]
            files[form_file_name(forms, school.unit, season)] = (workbook_of(f, book, season), f.received)
    plan_visits(schools, world)
    return Sample({**office_files(world, schools, book), **files}, (), units, _unit_register(words))


def _unit_register(words: Mapping[str, Any]) -> str:
    return f"{DISTRICT}/{words['register_files']['R1']}"


def _filings(world: World, school: School) -> list[Filing]:
    return [filing(world, school, form) for form in ("F1", "F2", *(["F3"] if school.payments else []))]


def office_files(world: World, schools: Sequence[School], book: Book) -> Files:
    """Registers, and the balance sheet the working group filled in."""
    words, season, names = world.words, world.season, world.words["register_files"]
    files: Files = {}
    for name, rows in registers(schools, world).items():
        came = moment(season, 11, 15)
        files[f"{DISTRICT}/{names[name]}"] = (register_bytes(name, rows, book, came), came)
    sheet = next(name for name in names if book.registers[name].area == "decision")
    decided = moment(season, 1, 10)
    data = register_bytes(sheet, balance(schools, words, season), book, decided, meeting(schools, words, season))
    files[f"{DECISIONS}/{names[sheet]}"] = (data, decided)
    return files
