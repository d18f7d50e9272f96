"""Schema and template files of a home, or the package's own where the home keeps none: paths to bytes; and error wording."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.book.problems import Spot
from pipeline.book.words_in import parse
from pipeline.home.layout import Home
from pipeline.model import WennuanError

PARTS = ("forms", "registers", "words", "rules")  # a home may be older than the program: what it lacks is the package's
BY_KEY = ("words/", "rules/")  # completed entry by entry; a form or a register the home keeps is the home's as it is


def package_root() -> Path:
    """The folder of the program's own schemas/ and templates/: pipeline/data in a wheel, the checkout otherwise."""
    here = Path(__file__).resolve().parent.parent
    data = here / "data"
    return data if (data / "schemas").is_dir() else here.parent


def schema_files(home: Home) -> dict[str, bytes]:
    """`forms/F1.yaml` -> bytes … as the loader wants them."""
    own, ours = home.schemas, package_root() / "schemas"
    files: dict[str, bytes] = {}
    for part in PARTS:
        files.update(_filled(_files(ours, part), _files(own, part)))
    return dict(sorted(files.items()))


def _filled(ours: Mapping[str, bytes], own: Mapping[str, bytes]) -> dict[str, bytes]:
    """The home's wording, completed key by key: a phrase this program needs and an older home lacks is the package's."""
    files = {**ours, **own}
    for path in ours.keys() & own.keys():
        if ours[path] != own[path] and path.startswith(BY_KEY) and not path.startswith("rules/examples/"):
            merged = _over(parse(ours[path], Spot(path)), parse(own[path], Spot(path)), deep=path.startswith("words/"))
            files[path] = json.dumps(merged, ensure_ascii=False, indent=0).encode()
    return files


def _over(base: Any, top: Any, deep: bool) -> Any:
    """`top` completed by `base`: phrases key by key, rules entry by entry (an entry the home keeps is the home's)."""
    if isinstance(base, Mapping) and isinstance(top, Mapping):
        return {
            **base,
            **{key: _over(base[key], value, deep) if deep and key in base else value for key, value in top.items()},
        }
    return top


def template_files(home: Home) -> dict[str, bytes]:
    """`district/总览.html` -> bytes …; a home's own folder decides alone which papers there are.

    What templates only include (its name begins with _) is the package's where the home has none.
    """
    ours = package_files("templates")
    own = _all(home.templates, "*") if home.templates.is_dir() else {}
    return (
        {**{path: data for path, data in ours.items() if path.rpartition("/")[2].startswith("_")}, **own}
        if own
        else ours
    )


def package_files(part: str) -> dict[str, bytes]:
    """The package's copy of `schemas` or `templates`, to be written into a new home."""
    return _all(package_root() / part, "*")


def _files(root: Path, part: str) -> dict[str, bytes]:
    return {f"{part}/{name}": data for name, data in _all(root / part, "*.yaml").items()}


def _all(root: Path, pattern: str) -> dict[str, bytes]:
    found = (p for p in root.rglob(pattern) if p.is_file() and not p.name.startswith((".", "~$")))
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(found)}


@functools.cache
def home_words() -> Mapping[str, Any]:
    """This room's wording, always the package's copy."""
    words: Mapping[str, Any] = parse(
        (package_root() / "schemas" / "words" / "home.yaml").read_bytes(), Spot("home.yaml")
    )
    return words


@functools.cache
def package_errors() -> Mapping[str, Any]:
    """`errors:` of every words file of the package, merged."""
    errors: dict[str, Any] = {}
    for path, data in _files(package_root() / "schemas", "words").items():
        content = parse(data, Spot(path))
        errors.update(content.get("errors", {}) if isinstance(content, Mapping) else {})
    return errors


def error_text(error: WennuanError) -> tuple[str, str]:
    """(message, remedy) of an error, always in the package's words; further mistakes follow line by line."""
    messages, remedies = zip(*(_one(e) for e in (error, *error.more)), strict=True)
    return "\n".join(messages), next((r for r in remedies if r), "")


def _one(error: WennuanError) -> tuple[str, str]:
    entry = package_errors().get(error.key, {"message": error.key, "remedy": ""})
    facts = {name: _fact(name, value) for name, value in error.facts.items()}
    return _fill(entry["message"], facts), _fill(entry.get("remedy", ""), facts)


def _fact(name: str, value: object) -> str:
    """Facts that are themselves words of ours (want, why, name of a phase) are looked up; the rest is shown as it is."""
    return str(home_words().get("facts", {}).get(f"{name}.{value}", value))


def _fill(text: str, facts: Mapping[str, str]) -> str:
    for name, value in facts.items():
        text = text.replace("{" + name + "}", value)
    return text
