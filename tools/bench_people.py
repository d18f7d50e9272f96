"""How good and how dear is our matching of people, beside Splink 5 and recordlinkage on the same labelled CSV.

Usage: bench_people.py [--sizes 300 10000 100000 1000000] [--only ours …] [--json FILE] [--save PAGE] [--keep FOLDER [--reuse]]

Ours has its thresholds fixed in schemas/words/people.yaml; the others get the threshold that serves them best on the
truth. Recall counts true pairs of which at least two identifying parts still agree; the rest is told apart. All start
from the same normal forms. Each tool runs in a process of its own, the others in environments made here on first use.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.people_population import DUPLICATES, Truth, population, write

ROOT = Path(__file__).resolve().parent.parent
TOOLS, CACHE = ROOT / "tools", ROOT / "bench-out"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
SEEDS = {300: 6, 10_000: 2}  # small populations hold few doubles: several of them are counted together
LIMIT = 600  # processor seconds, then a tool has not finished: a busy machine shall not decide
PINS = {"splink": ("splink==5.0.0", "duckdb==2.0.1"), "recordlinkage": ("recordlinkage==0.16", "pandas==2.3.3")}
PEERS = {
    "splink trained": ("splink", "bench_people_splink.py", "trained"),
    "splink fixed": ("splink", "bench_people_splink.py", "fixed"),
    "recordlinkage": ("recordlinkage", "bench_people_recordlinkage.py"),
}
LARGEST = {"recordlinkage": 100_000}
GRADES = ("sure", "likely", "hint")
Key = tuple[str, str]


@dataclass
class Score:
    """Pairs of one tool over all populations of a size: (weight, is it true, is it counted)."""

    pairs: list[tuple[float, bool, bool]] = field(default_factory=list)
    counted: int = 0
    costs: list[Mapping[str, float]] = field(default_factory=list)
    unfinished: bool = False

    def best(self) -> dict[str, float]:
        """The threshold with the highest F1."""
        best = {"f1": 0.0, "precision": 0.0, "recall": 0.0, "threshold": 0.0}
        true = counted = 0
        ranked = sorted(self.pairs, reverse=True)
        for n, (weight, is_true, is_counted) in enumerate(ranked, 1):
            true += is_true
            counted += is_counted
            if n < len(ranked) and ranked[n][0] == weight:
                continue  # equal weights stand or fall together
            made = measures(n, true, counted, self.counted)
            if made["f1"] > best["f1"]:
                best = made | {"threshold": weight}
        return best


def measures(said: int, true: int, counted: int, all_counted: int) -> dict[str, float]:
    precision = true / said if said else 1.0
    recall = counted / all_counted if all_counted else 1.0
    both = precision + recall
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / both if both else 0.0}


def python_of(name: str) -> str:
    """The interpreter of a peer's own environment, made on first use."""
    home = CACHE / "venvs" / name
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = home / "pins"
    pins = "\n".join(PINS[name])
    if not stamp.exists() or stamp.read_text() != pins:
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PINS[name]], check=True, stderr=subprocess.DEVNULL)
        stamp.write_text(pins)
    return str(python)


def run(command: Sequence[str]) -> Mapping[str, float] | None:
    """What the tool told of its cost; None where it did not finish in time."""
    env = {**os.environ, "PYTHONPATH": os.environ.get("PYTHONPATH", "") if command[0] == sys.executable else ""}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, preexec_fn=_limited)
    if done.returncode == -signal.SIGXCPU:
        return None
    if done.returncode:
        sys.exit(f"{command[1:3]}: {done.stderr[-2000:]}")
    told: Mapping[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT + 60))


def people_of(size: int, seed: int, home: Path) -> tuple[Path, dict[Key, Truth], int]:
    """The labelled rows, made or (in a kept folder) found: their file, the true pairs, how many rows."""
    people, truth = home / "people.csv", home / "truth.csv"
    if not truth.exists():
        home.mkdir(parents=True, exist_ok=True)
        write(population(size, seed), home)
    found = {}
    for line in csv.DictReader(truth.open(encoding="utf-8", newline="")):
        key: Key = (min(line["a"], line["b"]), max(line["a"], line["b"]))
        found[key] = Truth(line["a"], line["b"], tuple(line["faults"].split("+")), int(line["agreeing"]))
    with people.open("rb") as lines:
        return people, found, sum(1 for _ in lines) - 1


def measure(size: int, only: Sequence[str], folder: Path, reuse: bool) -> dict[str, object]:
    """One size: every tool on the same files."""
    scores: dict[str, Score] = defaultdict(Score)
    grades: dict[str, list[int]] = {grade: [0, 0] for grade in GRADES}
    faults: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    apart, exact, rows = [0, 0], [0, 0], 0
    for seed in range(1, SEEDS.get(size, 1) + 1):
        home = folder / f"{size}-{seed}"
        people, truth, n = people_of(size, seed, home)
        rows += n
        counted = {key for key, t in truth.items() if t.agreeing > 1}
        prepared = home / "prepared.csv"
        out = home / "ours.csv"
        command = [sys.executable, str(TOOLS / "bench_people_ours.py"), str(people), str(out), str(prepared)]
        cost = run_once(command, out, reuse)
        ours = scores["ours"]
        if cost is None:
            ours.unfinished = True
            continue
        ours.costs.append(cost)
        found = {}
        for a, b, _, grade in csv.reader((home / "ours.csv").open(encoding="utf-8")):
            found[a, b] = grade
            grades[grade][0] += 1
            grades[grade][1] += (a, b) in truth
        for key, t in truth.items():
            grade = found.get(key, "")
            firm = grade in GRADES[:2]
            if key not in counted:
                apart[0] += 1
                apart[1] += firm
                continue
            for fault in t.faults:
                tally = faults[fault if len(t.faults) == 1 else f"{fault} + …"]
                tally[0] += 1
                tally[1] += grade == "sure"
                tally[2] += firm
            if t.faults == ("exact",):
                exact[0] += 1
                exact[1] += grade == "sure"
        firm_pairs = [key for key, grade in found.items() if grade in GRADES[:2]]
        ours.pairs += [(1.0, key in truth, key in counted) for key in firm_pairs]
        ours.counted += len(counted)
        for name in only:
            if name in PEERS and size <= LARGEST.get(name, size):
                peer(name, prepared, truth, counted, scores, reuse)
        print(f"{size:>9,} seed {seed}: {len(truth)} true pairs", file=sys.stderr, flush=True)
    return {
        "size": size, "rows": rows, "seeds": SEEDS.get(size, 1), "apart": apart, "exact": exact, "grades": grades,
        "faults": dict(sorted(faults.items())), "tools": {name: told(score) for name, score in scores.items()},
    }  # fmt: skip


def run_once(command: Sequence[str], out: Path, reuse: bool) -> Mapping[str, float] | None:
    """A tool's cost, its pairs in `out`; with `reuse` both from an earlier run where it is kept."""
    kept = out.with_suffix(".cost.json")
    if not (reuse and kept.exists() and out.exists()):
        kept.write_text(json.dumps(run(command)), encoding="utf-8")
    told: Mapping[str, float] | None = json.loads(kept.read_text(encoding="utf-8"))
    return told


def peer(
    name: str,
    prepared: Path,
    truth: Mapping[Key, Truth],
    counted: set[Key],
    scores: dict[str, Score],
    reuse: bool,
) -> None:
    environment, script, *how = PEERS[name]
    out = prepared.parent / (name.replace(" ", "-") + ".csv")
    score = scores[name]
    if score.unfinished:
        return
    cost = run_once([python_of(environment), str(TOOLS / script), *how, str(prepared), str(out)], out, reuse)
    if cost is None:
        score.unfinished = True
        return
    score.costs.append(cost)
    variants: dict[str, Score] = {name: score}
    if name == "recordlinkage":
        variants = {f"{name} ecm": scores[f"{name} ecm"], f"{name} sum": scores[f"{name} sum"]}
    for line in csv.reader(out.open(encoding="utf-8")):
        key: Key = (min(line[:2]), max(line[:2]))
        for weight, variant in zip(line[2:], variants.values(), strict=True):
            variant.pairs.append((round(float(weight), 6), key in truth, key in counted))
    for variant in variants.values():
        variant.counted += len(counted)
        if variant is not score:
            variant.costs.append(cost)


def told(score: Score) -> dict[str, object]:
    if score.unfinished:
        return {"unfinished": True}
    cost = {k: max(c[k] for c in score.costs) if k == "peak" else sum(c[k] for c in score.costs) / len(score.costs) for k in ("wall", "cpu", "peak")}  # fmt: skip
    return score.best() | cost if score.pairs else {"cost": cost}


# -- telling ------------------------------------------------------------------------------------------


def page(results: Iterable[Mapping]) -> str:  # type: ignore[type-arg]
    lines = []
    for r in results:
        lines += [f"### {r['size']:,} rows" + (f", {r['seeds']} populations together" if r["seeds"] > 1 else ""), ""]
        lines += ["| tool | threshold | precision | recall | F1 | CPU s | wall s | peak MB |", "|---|---|---|---|---|---|---|---|"]  # fmt: skip
        for name, t in r["tools"].items():
            if t.get("unfinished"):
                lines.append(f"| {name} | 未完成 (over {LIMIT} CPU s) | | | | | | |")
            elif "f1" in t:
                bound = "fixed" if name == "ours" else f"{t['threshold']:.2f}, tuned on the truth"
                figures = " | ".join(f"{t[k]:.4f}" for k in ("precision", "recall", "f1"))
                lines.append(f"| {name} | {bound} | {figures} | {t['cpu']:.2f} | {t['wall']:.2f} | {t['peak']:.0f} |")
        lines += ["", "| our grade | pairs | true | precision |", "|---|---|---|---|"]
        for grade, (said, true) in r["grades"].items():
            lines.append(f"| {grade} | {said} | {true} | {true / said:.4f} |" if said else f"| {grade} | 0 | 0 | – |")
        lines += ["", f"Exact doubles found as sure: {r['exact'][1]} of {r['exact'][0]}. With fewer than two parts left agreeing (not in the recall): {r['apart'][1]} of {r['apart'][0]} found.", ""]  # fmt: skip
        lines += by_fault(r["faults"])
    return "\n".join(lines)


def by_fault(faults: Mapping[str, Sequence[int]]) -> list[str]:
    lines = ["| what was done to the second row | pairs | sure | sure + likely | recall |", "|---|---|---|---|---|"]
    for fault, (all_of, sure, firm) in faults.items():
        lines.append(f"| {fault} | {all_of} | {sure} | {firm} | {firm / all_of:.4f} |")
    return [*lines, ""]


def save(target: Path, results: Sequence[Mapping]) -> None:  # type: ignore[type-arg]
    before, _, rest = target.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    where = (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}; {DUPLICATES:.0%} doubles."
    )
    target.write_text(f"{before}{BEGIN}\n{where}\n\n{page(results)}{END}{after}", encoding="utf-8")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", type=int, nargs="+", default=[300, 10_000, 100_000, 1_000_000])
    options.add_argument("--only", nargs="*", default=list(PEERS), help="peers to run beside ours; none: ours alone")
    options.add_argument("--json", type=Path)
    options.add_argument("--save", type=Path, help="put the figures between the two marks of this page")
    options.add_argument("--keep", type=Path, help="where the files stay; else in a folder that is removed")
    options.add_argument(
        "--reuse", action="store_true", help="take what a tool said from the kept folder where it is there"
    )
    chosen = options.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        for size in chosen.sizes:
            results.append(measure(size, chosen.only, chosen.keep or Path(scratch), chosen.reuse))
            if chosen.json:
                chosen.json.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    print(page(results))
    if chosen.save:
        save(chosen.save, results)


if __name__ == "__main__":
    main()
