"""The walls of the house: floors, rooms, one library in one room, no Chinese in code, sizes."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "pipeline").rglob("*.py"))

# room -> floor; a room may import its own files, lower floors, and on floor 2 and 4 nothing beside it but what is named
FLOORS = {
    "model": 1, "cells": 1, "masking": 1,
    "book": 2, "render": 2, "ledger": 2, "home": 2, "pool": 2,
    "reading": 3, "checking": 3, "people": 3, "arranging": 3, "office": 3, "settling": 3, "merging": 3, "papers": 3, "writing": 3, "auditing": 3,
    "night": 4, "marking": 4, "proving": 4, "demo": 4,
    "cli": 5, "__main__": 6, "__init__": 0,
}  # fmt: skip
BESIDE = {
    ("cells", "model"),
    ("masking", "cells"),
    ("masking", "model"),
    ("home", "ledger"),
    ("proving", "night"),
    ("night", "marking"),
    ("render", "book"),
    ("home", "book"),
}
LIBRARIES = {
    "click": {"cli"}, "rich": {"cli"}, "pandera": {"checking"}, "pandas": {"checking"}, "numpy": {"checking"},
    "xlsxwriter": {"writing"}, "openpyxl": {"writing"}, "python_calamine": {"reading"}, "msoffcrypto": {"reading"}, "olefile": {"reading"},
    "docxtpl": {"render"}, "docx": {"render"}, "jinja2": {"render"}, "sqlite3": {"ledger"}, "yaml": {"book"}, "filelock": {"home"},
}  # fmt: skip
HAN = re.compile("[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")


def room(path: Path) -> str:
    return path.relative_to(ROOT / "pipeline").parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{a.name}" for a in node.names}
    return found


def ours(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imports(path) if name.startswith("pipeline.")} & FLOORS.keys()


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_lower_floors(path: Path) -> None:
    here = room(path)
    assert here in FLOORS, f"{here} has no floor in the house"
    for other in ours(path) - {here, "__init__"}:
        assert FLOORS[other] < FLOORS[here] or (here, other) in BESIDE, f"{here} imports {other}"


def test_the_planter_of_faults_knows_nothing_of_those_who_find_them() -> None:
    for path in (ROOT / "pipeline" / "demo").rglob("*.py"):
        assert not ours(path) & {
            "checking",
            "people",
            "merging",
            "arranging",
            "settling",
            "reading",
            "night",
            "proving",
        }, path


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_one_library_lives_in_one_room(path: Path) -> None:
    for name in {n.split(".")[0] for n in imports(path)} & LIBRARIES.keys():
        assert room(path) in LIBRARIES[name], f"{name} does not live in {room(path)}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_chinese_word_in_code(path: Path) -> None:
    if room(path) == "cli":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(n.body[0].value)
        for n in ast.walk(tree)
        if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef) and n.body and isinstance(n.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            assert not re.search("[\u4e00-\u9fff]{1}", node.value) or _is_class(node.value), (
                f"{path}:{node.lineno} {node.value!r}"
            )


def _is_class(text: str) -> bool:
    """A regular-expression range such as [一-鿿] names a class of characters, not a word."""
    return not HAN.search(re.sub(r"\[[^\]]*\]", "", text))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_sizes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 330, f"{path} has {text.count(chr(10))} lines"
    tree = ast.parse(text)
    assert ast.get_docstring(tree) or not text.strip(), f"{path} does not say what goes in and what comes out"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 60, f"{path}:{node.lineno} {node.name} has {length} lines"


def test_no_circle() -> None:
    graph = {str(p): {str(t) for t in _targets(p)} for p in FILES}
    state: dict[str, int] = {}

    def walk(node: str, trail: tuple[str, ...]) -> None:
        state[node] = 1
        for nxt in graph[node] - {node}:
            assert state.get(nxt) != 1, f"circle: {[*trail, node, nxt]}"
            if nxt not in state:
                walk(nxt, (*trail, node))
        state[node] = 2

    for node in graph:
        if node not in state:
            walk(node, ())


def _targets(path: Path) -> set[Path]:
    found = set()
    for name in imports(path):
        if name.startswith("pipeline"):
            base = ROOT / Path(*name.split("."))
            found |= {c for c in (base.with_suffix(".py"), base / "__init__.py") if c in FILES}
    return found


@pytest.mark.parametrize("habit", [("check",), ("format", "--check")], ids=["rules", "layout"])
def test_the_linter_has_nothing_to_say(habit: tuple[str, ...]) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "ruff", *habit, "--no-cache", "."], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout
