"""What is written about the program is true of it: commands, rules, exit codes and links, read from the Markdown itself."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from pipeline.book.load import load_book
from pipeline.cli.main import group
from pipeline.home.schemas import package_files
from pipeline.model import Season

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMANDS = group.list_commands(click.Context(group))
FENCE = re.compile(r"^```.*?^```", re.S | re.M)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.*)$", re.M)
RUNS = re.compile(r"\b([A-Z]{3})-((?:[0-9]{3}(?:…[0-9]{3})?)(?:、[0-9]{3}(?:…[0-9]{3})?)*)")
LATER = ("trace", "replay", "diff", "compare", "sample", "audit export", "rehearse", "purge", "close")
SHORT = 4200  # signs of a handbook: about three pages


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("page", ["README.md", "docs/区里操作.md"])
def test_every_command_is_explained(page: str, command: str) -> None:
    assert re.search(rf"\bwennuan {command}\b", text_of(page)), f"{page} does not name wennuan {command}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_page_names_a_command_that_is_not_there(page: Path) -> None:
    named = set(re.findall(r"\bwennuan ([a-z]+)", page.read_text(encoding="utf-8")))
    assert named <= set(COMMANDS)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_option_belongs_to_its_command(page: Path) -> None:
    for command, rest in re.findall(r"\bwennuan ([a-z]+)([^`\n]*)", page.read_text(encoding="utf-8")):
        made = group.get_command(click.Context(group), command)
        assert made is not None
        known = {o for p in made.params for o in p.opts}
        for option in re.findall(r"(?<!\S)--[a-z-]+", re.split(r"\s{2,}|·", rest)[0]):
            assert option in known, f"{page.name}: wennuan {command} has no {option}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_resolves(page: Path) -> None:
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name}: {link}"
        assert target.is_relative_to(ROOT), f"{page.name}: {link} leaves the repository"
        if anchor:
            titles = {h.strip().lower().replace(" ", "-") for h in HEADING.findall(target.read_text(encoding="utf-8"))}
            assert anchor.lower() in titles, f"{page.name}: {link}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_named_in_code_style_exist(page: Path) -> None:
    """`pipeline/…`, `schemas/…`, `tests/…`, `tools/…`, `templates/…` with plain names are places in the checkout."""
    named = re.findall(
        r"`((?:pipeline|schemas|tests|tools|templates)/[A-Za-z0-9_./-]*)`", page.read_text(encoding="utf-8")
    )
    for place in named:
        assert any(part.isupper() for part in re.split(r"[/.]", place)) or (ROOT / place).exists(), (
            f"{page.name}: {place}"
        )


def test_the_audit_handbook_names_exactly_the_rules_in_force(season: Season) -> None:
    rules = load_book(package_files("schemas"), season).rules
    said = re.search(r"\*\*本版执行的规则\*\*：(.*)", text_of("docs/审核.md"))
    assert said
    enforced, _, advisory = said[1].partition("试行")
    assert set(_ids(enforced)) == {r.id for r in rules.values() if r.stage == "enforced"}
    assert set(_ids(advisory)) == {r.id for r in rules.values() if r.stage == "advisory"}


def _ids(text: str) -> list[str]:
    """`XFM-008…011、016` -> XFM-008 XFM-009 XFM-010 XFM-011 XFM-016."""
    found = []
    for scope, numbers in RUNS.findall(text):
        for part in numbers.split("、"):
            first, _, last = part.partition("…")
            found += [f"{scope}-{n:03}" for n in range(int(first), int(last or first) + 1)]
    return found


def test_runs_of_rule_ids_are_read_as_they_are_written() -> None:
    assert _ids("XFM-008…010、016；ABC-001") == ["XFM-008", "XFM-009", "XFM-010", "XFM-016", "ABC-001"]


def test_the_audit_handbook_says_what_is_not_there_yet() -> None:
    """A command that has come must leave this list, and one that has not must stay on it."""
    missing = text_of("docs/审核.md").partition("## 五")[2]
    for name in LATER:
        assert (name in missing) == (name.split()[0] not in COMMANDS), name


def test_every_exit_code_is_told() -> None:
    told = text_of("README.md").partition("Exit codes: ")[2].partition("\n\n")[0]
    table = text_of("docs/区里操作.md").partition("| 退出码 |")[2]
    for code in ("0", "1", "2", "3", "4", "5", "70"):
        assert re.search(rf"(?:^|· |·\n){code} ", told), code
        assert f"\n| {code} | " in table, code


@pytest.mark.parametrize("name", ["学校填表", "区里操作", "审核"])
def test_a_handbook_stays_short(name: str) -> None:
    assert len(text_of(f"docs/{name}.md")) <= SHORT


def test_schools_read_no_technical_terms() -> None:
    found = re.findall(r"wennuan|json|sha256|schema|[A-Z]{3}-[0-9]{3}|退出码|台账", text_of("docs/学校填表.md"))
    assert not found
