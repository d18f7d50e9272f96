"""In: what is wrong with a schema file; out: a list of problems, and one WennuanError that names them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from pipeline.model import WennuanError


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake of the office: `key` names its wording in `problems:` of schemas/words/book.yaml."""

    file: str
    where: str  # resources.applications.fields.name …
    key: str
    facts: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.file} {self.where}: {self.key} {dict(self.facts)}"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a schema file where something may be said; `into` collects."""

    file: str
    into: list[Problem] = field(default_factory=list)
    path: tuple[str, ...] = ()

    def at(self, *names: str) -> Spot:
        return Spot(self.file, self.into, (*self.path, *(n for n in names if n)))

    def say(self, key: str, **facts: str) -> None:
        self.into.append(Problem(self.file, ".".join(self.path), key, facts))

    def unknown(self, key: str, word: str, known: Iterable[str]) -> None:
        """A word that is not one of `known`: said with the nearest ones."""
        self.say(key, word=word, near=near(word, known))


def near(word: str, known: Iterable[str]) -> str:
    """The nearest known words, separated by a blank; all of a short list when nothing is near."""
    choices = [str(k) for k in known]
    found = get_close_matches(word, choices, n=3, cutoff=0.5)
    return " ".join(found or (choices if len(choices) <= 12 else choices[:12]))


def refuse(problems: list[Problem], words: Mapping[str, Any]) -> None:
    """Raises one WennuanError `schemas` listing every problem, in the words given; silent when there is none."""
    if problems:
        text = "\n".join(describe(p, words) for p in problems)
        raise WennuanError("schemas", code=2, n=len(problems), list=text, problems=tuple(problems))


def describe(problem: Problem, words: Mapping[str, Any]) -> str:
    """One line: file, place, what is wrong, nearest name, what to do. Bare facts where the wording itself is broken."""
    wording = words.get("problems")
    entry = wording.get(problem.key) if isinstance(wording, Mapping) else None
    frame = words.get("problem_line")
    if not isinstance(entry, Mapping) or not isinstance(frame, str):
        return str(problem)
    facts = {"near": "", **problem.facts}
    hint = str(words.get("problem_near", "")).format(**facts) if facts["near"] else ""
    message, remedy = (str(entry.get(k, "")).format(**facts) for k in ("message", "remedy"))
    return frame.format(file=problem.file, where=problem.where, message=message, near=hint, remedy=remedy).strip()
