"""Ratios in one run on the same files: our cold night, our second night, the floor, and a straightforward script.

Usage: bench.py [--units 30 100 300] [--rounds 3] [--as-of 2020-01-16] [--json FILE] [--save PAGE] [--keep FOLDER]

Every case runs in a process of its own, the cases of a round one after the other, the rounds interleaved; medians are
compared. Wall seconds, and processor seconds of the whole family of processes (a busy machine disturbs those less).
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.bench_district import ROOT, forms_json, fresh_copy, make_district, readable_list

TOOLS = ROOT / "tools"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
CASES = ("floor", "read", "fence", "script", "cold", "second")
TITLES = {
    "floor": "floor: calamine alone, pooled", "read": "parse + pre-scan + typing", "fence": "the same behind the fence",
    "script": "straightforward script", "cold": "cold night, all outputs", "second": "second night, nothing new",
}  # fmt: skip


@dataclass
class Seen:
    """What one case cost, round by round. `more`: what it told of itself (the last round's)."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    more: list[Mapping[str, object]] = field(default_factory=list)


def adopt_orphans() -> None:
    """Workers that outlive their parent become ours (Linux), so that their processor time is counted."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def run(command: list[str], seen: Seen, allowed: Iterable[int] = (0,)) -> str:
    """One case: wall and processor seconds of the process and all it started, peak of the largest of them in MB."""
    began = time.perf_counter()
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment())
    out, talk = child.stdout.read(), child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    seen.wall.append(time.perf_counter() - began)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in allowed:
        sys.exit(f"{' '.join(command)}\n{talk.decode(errors='replace')}")
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss
    while True:
        try:
            _, _, used = os.wait4(-1, 0)
        except ChildProcessError:
            break
        cpu, peak = cpu + used.ru_utime + used.ru_stime, max(peak, used.ru_maxrss)
    seen.cpu.append(cpu)
    seen.peak.append(peak / 1024)
    return out.decode()


def _environment() -> dict[str, str]:
    """As on a user's machine, where compiled modules are kept."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": _path()}


def _path() -> str:
    return os.pathsep.join(dict.fromkeys([str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)])).rstrip(
        os.pathsep
    )


def measure(folder: Path, units: int, rounds: int, as_of: str) -> dict[str, Seen]:
    """All cases over one district."""
    home, copy, out = folder / f"home{units}", folder / "copy", folder / "script"
    spoilt = make_district(home, units)
    forms = forms_json(home, folder / "forms.json")
    time.sleep(2)  # files as young as that would be waited for
    cases = {name: Seen() for name in CASES}
    listed = str(readable_list(home, folder / "files.json"))
    reading = [sys.executable, "-c", "from tools.bench_reading import say; say()", listed, str(home), as_of]
    night = [
        sys.executable,
        "-m",
        "pipeline",
        "--home",
        str(copy),
        "run",
        "--as-of",
        as_of,
        "--exit-zero",
        "--quiet",
        "--json",
    ]
    for _ in range(rounds):
        for name in ("floor", "read", "fence"):
            command = (
                [sys.executable, str(TOOLS / "bench_floor.py"), listed] if name == "floor" else [*reading, name.upper()]
            )
            told = json.loads(run(command, cases[name]))
            cases[name].wall[-1] = told["seconds"]  # without the interpreter's own start
            cases[name].more.append(told)
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        script = [sys.executable, str(TOOLS / "bench_script.py"), str(home / "inbox"), str(forms), str(out)]
        cases["script"].more.append(json.loads(run(script, cases["script"])))
        fresh_copy(home, copy)
        for name in ("cold", "second"):
            record = json.loads(run(night, cases[name]))
            cases[name].more.append(
                {
                    "files": record["files"]["received"],
                    "findings": sum(record["findings"]["by_severity"].values()),
                    "marked": _marked(record),
                }
            )
    stages = Seen()
    told = json.loads(run([*reading, "STAGES"], stages))
    cases["fence"].more.append({"stages": told["stages"]})
    cases["cold"].more[-1]["spoilt"] = spoilt
    return cases


def _marked(record: Mapping) -> int:
    """Workbooks among the units' papers."""
    return sum(path.startswith("units/") and path.endswith(".xlsx") for path in record["outputs"])


def summary(cases: Mapping[str, Seen], units: int) -> dict[str, object]:
    """Medians, and the ratios the targets speak of."""
    middle = {name: {w: statistics.median(getattr(s, w)) for w in ("wall", "cpu", "peak")} for name, s in cases.items()}
    wall = {name: m["wall"] for name, m in middle.items()}
    stages = cases["fence"].more[-1]["stages"]
    return {
        "units": units, "files": cases["floor"].more[-1]["files"], "rounds": len(cases["floor"].wall), "cases": middle,
        "spread": {name: [min(s.wall), max(s.wall)] for name, s in cases.items()},
        "reading_stages": stages, "script_stages": cases["script"].more[-1]["stages"],
        "told": {name: cases[name].more[-1] for name in ("script", "cold", "second")},
        "ratios": {
            "read / floor": wall["read"] / wall["floor"],
            "fence + check / floor": (wall["fence"] + stages["check"]) / wall["floor"],
            "script / cold": wall["script"] / wall["cold"],
            "script / cold (cpu)": middle["script"]["cpu"] / middle["cold"]["cpu"],
            "cold / second": wall["cold"] / wall["second"],
            "cold / second (cpu)": middle["cold"]["cpu"] / middle["second"]["cpu"],
            "script ms per workbook": 1000 * wall["script"] / cases["script"].more[-1]["files"],
            "cold ms per workbook": 1000 * wall["cold"] / cases["script"].more[-1]["files"],
        },
    }  # fmt: skip


def table(found: Mapping) -> str:
    lines = [
        f"\n{found['units']} units, {found['files']} form workbooks, {found['rounds']} rounds; medians",
        f"{'':34}{'wall s':>9}{'cpu s':>9}{'peak MB':>9}   spread",
    ]
    for name in CASES:
        m, (low, high) = found["cases"][name], found["spread"][name]
        lines.append(f"{TITLES[name]:34}{m['wall']:9.2f}{m['cpu']:9.2f}{m['peak']:9.0f}   {low:.2f} - {high:.2f}")
    for title, key in (("reading, one core, cpu s", "reading_stages"), ("script, s", "script_stages")):
        lines.append(f"{title}: " + "  ".join(f"{k} {v:.2f}" for k, v in found[key].items()))
    lines += [f"  {name:26}{value:9.1f}" for name, value in found["ratios"].items()]
    return "\n".join(
        [
            *lines,
            "  " + json.dumps({k: {a: b for a, b in v.items() if a != "stages"} for k, v in found["told"].items()}),
        ]
    )


def save(page: Path, machine: Mapping, results: Iterable[Mapping]) -> None:
    """The page keeps its words; what stands between its two marks is replaced by this run's figures."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    said = f"{machine['cores']} cores, Python {machine['python']}, load average before the run {machine['load']:.2f}."
    figures = "\n".join(f"```\n{table(found).strip()}\n```\n" for found in results)
    page.write_text(f"{before}{BEGIN}\n{said}\n\n{figures}{END}{after}", encoding="utf-8")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--units", type=int, nargs="+", default=[30, 100, 300])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--as-of", default="2020-01-16")
    options.add_argument("--json", type=Path)
    options.add_argument("--save", type=Path, help="put the figures between the two marks of this page")
    options.add_argument("--keep", type=Path, help="work in this folder and leave it")
    chosen = options.parse_args()
    adopt_orphans()
    machine = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }
    sys.stdout.write(f"{json.dumps(machine)}\n")
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for units in chosen.units:
            shutil.rmtree(folder / f"home{units}", ignore_errors=True)
            results.append(summary(measure(folder, units, chosen.rounds, chosen.as_of), units))
            sys.stdout.write(table(results[-1]) + "\n")
            sys.stdout.flush()
    if chosen.json:
        chosen.json.write_text(
            json.dumps({"machine": machine, "results": results}, ensure_ascii=False, indent=1), encoding="utf-8"
        )
    if chosen.save:
        save(chosen.save, machine, results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
