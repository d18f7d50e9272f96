"""A settled case in; papers rendered, read back by the gate, sealed and delivered; the Night out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from pipeline.checking import of_running
from pipeline.home.archive import read_object
from pipeline.home.deliver import begin_delivery, deliver
from pipeline.home.layout import Home
from pipeline.home.program import program
from pipeline.home.receive import Inputs
from pipeline.home.remembering import sealed_manifest, take_over
from pipeline.home.schemas import package_files
from pipeline.home.seal import Plan
from pipeline.ledger import Change, digest, lives_changed
from pipeline.merging import totals
from pipeline.model import Coverage, Finding, Night, Past, gathered
from pipeline.night.judging import Case, resettled
from pipeline.night.recording import exit_code, findings_files, record_of
from pipeline.night.returning import marked_copies, tasks
from pipeline.night.shelf import Shelf
from pipeline.night.watching import Clock
from pipeline.papers import Looker, Material, Run, begin_papers, fingerprint, gate, no_room, package_path, render_papers
from pipeline.papers.counting import counted
from pipeline.papers.older import refuse_older
from pipeline.pool import Here, cores, spread
from pipeline.render.hands import look_all
from pipeline.writing.hands import workbook

SENT = "sent"
AUDIT, FIXED = "audit/", "fixed"


def publish(
    home: Home,
    inputs: Inputs,
    case: Case,
    plan: Plan,
    past: Past,
    secret: bytes,
    sample: bool,
    pool: Executor,
    watch: Clock,
) -> Night:
    """Units whose papers say what they said last night keep them byte for byte; everything else is made anew."""
    m = _material(case, plan, past)
    sealed = sealed_manifest(home, past)
    kept = _kept(home, m, inputs, past, sealed)
    anew = {*(set(m.units) - kept.keys()), ""}
    hands = pool if len(anew) > 1 or cores(pool) > 1 else Here()  # one worker alone makes a quiet night no shorter
    watch("mark", 0, 0)
    m = replace(m, marked=marked_copies(tasks(m, anew), _loader(home, case), pool))
    m = replace(m, copies=_copies(m, kept))
    m = replace(m, left_out=no_room(m, _sizes(m, kept)))
    watch("render", 0, 0)
    shelf = Shelf(home, past, _ground(inputs), secret, sealed)
    numbers = counted(m)
    printing = begin_papers(m, inputs.templates, shelf.writer(hands), anew, _to_pack(m, kept), hands, numbers)
    lists = findings_files(case, m)  # while the hands print
    linked = {path: place for files in kept.values() for path, place in files.items()}
    ready = begin_delivery(home, plan, linked, {place: sealed[path] for path, place in linked.items()})
    papers = printing()
    sums = totals(case.district)
    marked = {
        f"units/{m.folder(unit)}/{name}": data for unit, files in m.marked.items() for name, data in files.items()
    }
    made = {**papers, **marked}
    said = gate(
        m, made, sums, _looker(hands), numbers
    )  # what is kept passed it the night it was made, and is as it was sealed
    refuse_older(said, inputs.templates, package_files("templates"))
    case = resettled(case, said)
    withheld = _withheld(said, case)
    all_made: dict[str, bytes | Path] = {**shelf.kept, **made, **_audited_again(m, case, said, inputs)}
    staged = {path: data for path, data in all_made.items() if path not in withheld}
    staged |= findings_files(case, m) if said else lists
    runs = {u: str(p["run"]) for u, p in past.papers.items() if u in kept}
    record = record_of(case, m, sums, sample, runs, watch.close())
    watch("deliver", 0, 0)
    change = _change(case, m, past, plan, kept, sample, inputs, shelf, {f.file or "" for f in said})
    delivered = deliver(home, plan, past, record=record, staged=staged, change=change, secret=secret, ready=ready)
    return replace(delivered, exit_code=exit_code(case), findings=case.findings)


def _copies(m: Material, kept: Mapping[str, Mapping[str, Path]]) -> dict[str, frozenset[str]]:
    """unit -> names of the files that will lie in its folder as marked copies, made tonight or kept."""
    names = {unit: frozenset(path.rpartition("/")[2] for path in files) for unit, files in kept.items()}
    return {**names, **{unit: frozenset(files) for unit, files in m.marked.items()}}


def _looker(pool: Executor) -> Looker:
    """Delivered bytes are read back by the pool."""
    return lambda files: spread(pool, look_all, files)


def _material(case: Case, plan: Plan, past: Past) -> Material:
    run = Run(plan.run, plan.night, plan.as_of, plan.started, plan.previous, plan.input_seal, program())
    j = case.judged
    coverage = (*j.coverage, *gathered(_of_the_night(case)))
    m = Material(
        case.district,
        case.findings,
        coverage,
        j.filed,
        j.office,
        case.book,
        case.season,
        past,
        run,
        case.flood,
        register_present=j.register_present,
        slips=j.slips,
        pairs=(*j.pairs, *j.since),
        means=j.means,
    )
    m = replace(m, fingerprints={unit: fingerprint(m, unit) for unit in m.units})
    sent = _sent(case, past)
    changed = frozenset(u for u in m.units if sent.get(u) != m.fingerprints[u])
    return replace(m, to_send=changed, rounds=_rounds(sent, past))


def _of_the_night(case: Case) -> list[Coverage]:
    """What became of the rules about the whole night: its calendar and inbox, its sums, what it is about to hand out."""
    return of_running(case.book, ["loader", "gate"], [f for f in case.findings if f.status != FIXED])


def _audited_again(m: Material, case: Case, said: list[Finding], inputs: Inputs) -> dict[str, bytes]:
    """Where the gate noticed something the auditor's papers, already made, tell its rules as found."""
    if not said:
        return {}
    told = replace(m, coverage=(*case.judged.coverage, *gathered(_of_the_night(case))))
    papers = render_papers(told, inputs.templates, workbook, units=())
    return {path: data for path, data in papers.items() if path.startswith(AUDIT)}


def _sent(case: Case, past: Past) -> dict[str, str]:
    """unit -> the return last ticked as sent in 发送清单: its target is the return's fingerprint, its number names the unit."""
    word = str(case.book.words["papers"]["decision_kinds"][SENT])
    ticked = {d.number.partition("-")[2]: d.target for d in case.judged.office.decisions if d.kind == word and d.number}
    return {**past.sent, **ticked}


def _rounds(sent: Mapping[str, str], past: Past) -> dict[str, int]:
    """unit -> how many of its returns were sent by now: one more where another return is ticked than the ledger knows."""
    return {u: past.rounds.get(u, 0) + (sent.get(u) != past.sent.get(u)) for u in {*past.rounds, *sent}}


def _kept(home: Home, m: Material, inputs: Inputs, past: Past, sealed: Mapping[str, str]) -> dict[str, dict[str, Path]]:
    """unit -> path -> file of last night (papers and package), for units whose papers would say the same in the same words."""
    ground, folders = _ground(inputs), _by_folder(sealed)
    kept = {}
    for unit in m.units:
        known: Mapping[str, object] = past.papers.get(unit, {})
        if known.get("fingerprint") == m.fingerprints[unit] and known.get("ground") == ground:
            package = (package_path(m, unit),) if unit in m.sending else ()
            folder = f"units/{m.folder(unit)}"
            mine = {path: digest_ for path in package if (digest_ := sealed.get(path))}
            files = take_over(home, past, folder, *package, manifest={**folders.get(folder, {}), **mine})
            if files:
                kept[unit] = files
    return kept


def _by_folder(manifest: Mapping[str, str]) -> dict[str, dict[str, str]]:
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for path, digest_ in manifest.items():
        groups[path.rpartition("/")[0]][path] = digest_
    return groups


def _to_pack(m: Material, kept: Mapping[str, Mapping[str, Path]]) -> dict[str, bytes]:
    """The bytes of kept papers whose package is not kept with them."""
    loose = [files for unit, files in kept.items() if unit in m.sending and package_path(m, unit) not in files]
    return {path: place.read_bytes() for files in loose for path, place in files.items()}


def _sizes(m: Material, kept: Mapping[str, Mapping[str, Path]]) -> dict[str, dict[str, int]]:
    """unit -> workbook of its folder -> bytes, of tonight or kept."""
    made = {unit: {name: len(data) for name, data in files.items()} for unit, files in m.marked.items()}
    return made | {
        u: {p.name: p.stat().st_size for p in files.values() if p.suffix == ".xlsx"} for u, files in kept.items()
    }


def _ground(inputs: Inputs) -> str:
    """Schemas, templates, season and program: what words papers use."""
    return digest({**inputs.digests, "program": program()})[:16]


def _loader(home: Home, case: Case) -> Callable[[str, str], bytes]:
    """(path, sha256) -> bytes, for a file or for the member of a zip."""
    outer = {a.path: a.sha256 for a in case.judged.arrivals}

    def load(path: str, sha256: str) -> bytes:
        owner = path
        while owner not in outer and "!" in owner:
            owner = owner.rpartition("!")[0]
        data = read_object(home, sha256 if owner == path else outer[owner])
        return data if owner == path else _member(owner, data, path)

    return load


def _member(owner: str, data: bytes, path: str) -> bytes:
    from pipeline.reading.container import open_book  # noqa: PLC0415 - hardly a night looks into a zip again

    listed = open_book(owner, data, members_only=True)
    return next(content for name, content in listed[0].members if f"{owner}!{name}" == path)


def _withheld(said: list[Finding], case: Case) -> set[str]:
    """Files with an error of ours in them do not leave the house."""
    return {f.file for f in said if f.file and case.book.rules[f.rule].severity == "error"}


def _change(
    case: Case,
    m: Material,
    past: Past,
    plan: Plan,
    kept: Mapping[str, object],
    sample: bool,
    inputs: Inputs,
    shelf: Shelf,
    faulty: Collection[str],
) -> Change:
    """`faulty`: files the gate found fault with: their unit's papers are made anew next night."""
    adopted: dict[tuple[str, str], tuple[str, ...]] = {}
    for filed in case.judged.filed:
        for form in sorted(filed.current):
            adopted[filed.unit or "", form] = (*adopted.get((filed.unit or "", form), ()), filed.arrival.sha256)
    ground = _ground(inputs)
    mine = {"night": plan.night, "run": plan.run, "ground": ground}
    clean = [
        u for u in m.units if not any(f.startswith(f"units/{m.folder(u)}/") or f == package_path(m, u) for f in faulty)
    ]
    papers = {u: past.papers[u] if u in kept else {**mine, "fingerprint": m.fingerprints[u]} for u in clean}
    papers |= shelf.papers(mine, faulty)
    sent = _sent(case, past)
    decisions = tuple(f"{d.kind}|{d.target}|{d.rule}|{d.unit}|{d.on}" for d in case.judged.office.decisions)
    counts = {"files": len(case.judged.filed), "findings": sum(f.status != "fixed" for f in case.findings)}
    return Change(
        **lives_changed(case.findings, past),
        adopted=adopted,
        papers=papers,
        sent=sent,
        rounds=m.rounds,
        decisions=decisions,
        cases=case.cases.told.cases,
        merged=case.cases.told.merged,
        bound=case.desk.bound(case.findings),
        counts=counts,
        sample=sample,
    )
