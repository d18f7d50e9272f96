"""Every kind of change to ledger, archive or nights is found, and told apart from the others."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import random
import shutil
import sqlite3
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.auditing.verify import parse_anchor, verify, worded
from pipeline.home.archive import objects
from pipeline.home.evidence import gather
from pipeline.home.receive import receive
from pipeline.home.remembering import past_nights
from pipeline.home.schemas import home_words
from pipeline.home.seal import plan_night
from pipeline.ledger import canonical, next_head, read_lines
from pipeline.model import WennuanError


@pytest.fixture
def audited(desk):
    """Three nights over a growing inbox."""
    for n, name in enumerate("abc", 1):
        desk.drop(f"u/{name}.xlsx", name.encode() * n)
        desk.night(f"2020-01-{15 + n}")
    return desk


def kinds(desk, run: str = "", deep: bool = False, anchors: tuple[tuple[int, str], ...] = ()) -> list[str]:
    found = verify(gather(desk.home, run, deep), anchors)
    assert found["ok"] is (not found["problems"])
    for problem in found["problems"]:
        text = worded(problem, home_words()["verify"])
        assert "{" not in text and problem["kind"] not in text
    return [p["kind"] for p in found["problems"]]


def sql(desk, *statements: str) -> None:
    """By hand, as somebody with the file and a database tool."""
    db = sqlite3.connect(desk.home.ledger)
    for trigger in ("lines_keep_update", "lines_keep_delete", "lines_in_order"):
        db.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


def rebuilt(desk, alter) -> None:
    """Rewrite the whole chain after a change, as a knowing forger would."""
    head, rows = "", []
    for line in read_lines(desk.home.ledger):
        text = alter(line.n, line.text)
        head = next_head(head, text)
        rows.append((line.n, text, head))
    sql(desk, "DELETE FROM lines")
    db = sqlite3.connect(desk.home.ledger)
    db.executemany("INSERT INTO lines VALUES (?, ?, ?)", rows)
    db.commit()
    db.close()


def test_an_untouched_home(audited) -> None:
    found = verify(gather(audited.home, deep=True))
    lines = read_lines(audited.home.ledger)
    assert found["ok"] and found["head"] == f"3:{lines[-1].head}"
    assert found["checked"]["lines"] == found["checked"]["nights"] == 3
    assert found["checked"]["objects"] == len(objects(audited.home))
    assert kinds(audited, anchors=tuple((line.n, line.head) for line in lines)) == []  # longer than an anchor is normal


def test_verify_changes_nothing(audited) -> None:
    before = {p: p.read_bytes() for p in audited.home.root.rglob("*") if p.is_file()}
    kinds(audited, deep=True)
    assert {p: p.read_bytes() for p in audited.home.root.rglob("*") if p.is_file()} == before


def test_a_line_changed(audited) -> None:
    sql(audited, "UPDATE lines SET line = replace(line, '\"sample\":true', '\"sample\":false') WHERE n = 2")
    assert kinds(audited) == ["line_altered"]


def test_a_line_deleted_inside(audited) -> None:
    sql(audited, "DELETE FROM lines WHERE n = 2")
    assert "line_missing" in kinds(audited)


def test_two_lines_swapped(audited) -> None:
    sql(
        audited,
        "UPDATE lines SET n = 9 WHERE n = 1",
        "UPDATE lines SET n = 1 WHERE n = 2",
        "UPDATE lines SET n = 2 WHERE n = 9",
    )
    assert "line_altered" in kinds(audited)


def test_a_line_inserted(audited) -> None:
    last = read_lines(audited.home.ledger)[-1]
    sql(audited, f"INSERT INTO lines VALUES (4, '{last.text}', '{'0' * 64}')")
    assert "line_altered" in kinds(audited)


def test_a_cut_tail_needs_an_anchor(audited) -> None:
    head = read_lines(audited.home.ledger)[-1].head
    newest = audited.home.latest.readlink().name
    sql(audited, "DELETE FROM lines WHERE n = 3")
    assert kinds(audited) == ["night_stranger"]
    shutil.rmtree(audited.home.nights / newest)
    assert (
        kinds(audited, deep=True) == []
    )  # without an anchor a shorter log looks like a quieter day: the handbook says so
    assert kinds(audited, anchors=((3, head),)) == ["log_shorter"]


def test_a_rebuilt_chain_meets_the_printed_heads(audited) -> None:
    head = read_lines(audited.home.ledger)[0].head
    rebuilt(audited, lambda n, text: text.replace('"sample":true', '"sample":false') if n == 1 else text)
    assert kinds(audited, anchors=((1, head[:12]),)) == [
        "anchor_mismatch",
        "anchor_mismatch",
        "anchor_mismatch",
    ]  # ours, and those the two later nights print


def test_anchor_forms() -> None:
    assert parse_anchor(" 12:ABCDEF012345 ") == (12, "abcdef012345")
    for wrong in ("12", "x:abcdef012345", "12:abc", "12:xyzxyzxyzxyz", ""):
        with pytest.raises(WennuanError):
            parse_anchor(wrong)


@pytest.mark.parametrize(
    ("path", "kind"),
    [("units/1/form.txt", "output_altered"), ("run.json", "output_altered"), ("manifest.json", "manifest_altered")],
)
def test_a_file_of_the_night_changed(audited, path: str, kind: str) -> None:
    place = audited.home.latest.resolve() / path
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 1
    place.write_bytes(data)
    assert kinds(audited) == [kind]


def test_a_manifest_forged_with_its_own_seal_still_differs_from_the_ledger(audited) -> None:
    folder = audited.home.latest.resolve()
    (folder / "units/1/form.txt").write_bytes(b"forged")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"]["units/1/form.txt"] = hashlib.sha256(b"forged").hexdigest()
    manifest["seal"] = hashlib.sha256(
        canonical({k: v for k, v in manifest.items() if k != "seal"}).encode()
    ).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert kinds(audited) == ["manifest_altered"]


def test_a_file_missing_or_too_many(audited) -> None:
    folder = audited.home.latest.resolve()
    (folder / "units/1/form.txt").unlink()
    (folder / "units/1/extra.txt").write_bytes(b"x")
    assert sorted(kinds(audited)) == ["output_missing", "output_stranger"]


def test_an_older_night_is_looked_at_when_named_or_deep(audited) -> None:
    first = json.loads(read_lines(audited.home.ledger)[0].text)["run"]
    (audited.home.nights / first / "run.json").write_bytes(b"{}")
    assert kinds(audited) == []
    assert kinds(audited, run=first) == ["output_altered"]
    assert kinds(audited, deep=True) == ["output_altered"]
    with pytest.raises(WennuanError) as caught:
        gather(audited.home, "20200101T000000-00000000")
    assert (caught.value.key, caught.value.code) == ("run_unknown", 2)


def test_every_nights_seal_and_file_names_are_compared_without_reading_its_files(audited) -> None:
    assert verify(gather(audited.home))["checked"] | {"outputs": 0} == {
        "lines": 3, "nights": 1, "sealed": 2, "outputs": 0, "objects": 0,
    }  # fmt: skip
    first, second = (audited.home.nights / json.loads(line.text)["run"] for line in read_lines(audited.home.ledger)[:2])
    (first / "units/1/form.txt").unlink()
    (second / "units/1/more.txt").write_bytes(b"x")
    assert kinds(audited) == ["output_missing", "output_stranger"]
    (first / "manifest.json").write_bytes(b"{}")
    for run in ("", second.name):
        assert sorted(kinds(audited, run=run)) == ["manifest_altered", "output_stranger"]
    (second / "manifest.json").unlink()
    assert kinds(audited) == ["manifest_altered", "manifest_altered"]


def test_objects_missing_altered_or_foreign(audited) -> None:
    place = objects(audited.home)[hashlib.sha256(b"a").hexdigest()]
    place.chmod(0o600)
    place.write_bytes(b"A")
    assert kinds(audited) == []
    assert kinds(audited, deep=True) == ["object_altered"]
    place.unlink()
    assert kinds(audited) == ["object_missing"]
    (audited.home.archive / "ab").mkdir(exist_ok=True)
    (audited.home.archive / "ab" / "note.txt").write_bytes(b"x")
    assert sorted(kinds(audited, deep=True)) == ["object_misnamed", "object_missing"]


def test_every_flipped_bit_of_every_object_is_found(audited) -> None:
    chance = random.Random(7)
    for place in objects(audited.home).values():
        data = place.read_bytes()
        if not data:
            continue
        bad = bytearray(data)
        bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
        place.chmod(0o600)
        place.write_bytes(bad)
        assert "object_altered" in kinds(audited, deep=True), place.name
        place.write_bytes(data)
    assert kinds(audited, deep=True) == []


def test_an_input_seal_is_recomputed_from_the_archive(audited) -> None:
    rebuilt(audited, lambda n, text: text.replace('"program":"1.0"', '"program":"2.0"') if n == 3 else text)
    assert kinds(audited) == ["input_seal_differs"]


def test_the_input_seal_by_the_contract(audited) -> None:
    """sha256 of canonical JSON of {previous, as_of, inputs, season, schemas, templates, decisions, program}."""
    audited.drop("_decisions/x.xlsx", b"d", "2020-01-18")
    past = past_nights(audited.home)
    inputs = receive(audited.home, date(2020, 1, 19), past, settle=0)
    plan = plan_night(inputs, past, datetime(2020, 1, 19, 20, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai")), "1.0")

    def shas(files) -> list[list[str]]:
        return [[path, hashlib.sha256(data).hexdigest()] for path, data in sorted(files.items())]

    rows = sorted([a.path, a.sha256, a.received.isoformat()] for a in inputs.arrivals)
    mine = {
        "previous": past.seal, "as_of": "2020-01-19", "inputs": [r for r in rows if not r[0].startswith("_decisions/")],
        "decisions": [r for r in rows if r[0].startswith("_decisions/")], "season": hashlib.sha256(inputs.season).hexdigest(),
        "schemas": shas(inputs.schemas), "templates": shas(inputs.templates), "program": "1.0",
    }  # fmt: skip
    seal = hashlib.sha256(
        json.dumps(mine, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
    assert plan.input_seal == seal
    assert plan.run == f"20200119T200005-{seal[:8]}"
    assert plan.previous == f"3:{past.head}"
    later = dataclasses.replace(inputs, as_of=date(2020, 1, 20))
    assert plan_night(later, past, plan.started, "1.0").input_seal != seal


def test_run_json_and_manifest_by_the_contract(audited) -> None:
    folder = Path(audited.home.latest.resolve())
    run, manifest = (json.loads((folder / name).read_bytes()) for name in ("run.json", "manifest.json"))
    files = {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file()
    }
    files.pop("manifest.json")
    assert manifest["files"] == files
    files.pop("run.json")
    assert run["outputs"] == files
    assert run["night"] == 3 and run["as_of"] == "2020-01-18" and run["run"] == folder.name
    line = json.loads(read_lines(audited.home.ledger)[-1].text)
    assert line["seal"] == manifest["seal"] and line["input_seal"] == run["input_seal"] == manifest["input_seal"]


@pytest.mark.parametrize("said", ["1", "第1次", "第1次汇总", "{run:.12}", "{run:.16}"])
def test_a_night_is_named_as_papers_print_it_or_by_the_head_of_its_id(audited, said: str) -> None:
    first = min(p.name for p in audited.home.nights.iterdir())
    (audited.home.nights / first / "run.json").write_bytes(b"{}")
    asked = said.format(run=first) if "run" in said else said
    heads = [p.name for p in audited.home.nights.iterdir() if p.name.startswith(asked)]
    if len(heads) > 1:
        with pytest.raises(WennuanError):
            gather(audited.home, asked)
    else:
        assert kinds(audited, run=asked) == ["output_altered"]


@pytest.mark.parametrize("said", ["9", "0", "第9次", "{head}", "{run:.7}", "x", "{unit}", "true"])
def test_what_names_no_single_night_is_refused(audited, said: str) -> None:
    """Signs that stand anywhere in a ledger line name nothing."""
    first = min(p.name for p in audited.home.nights.iterdir())
    head = read_lines(audited.home.ledger)[0].head[:12]
    with pytest.raises(WennuanError) as caught:
        gather(audited.home, said.format(run=first, head=head, unit="sample"))
    assert (caught.value.key, caught.value.code) == ("run_unknown", 2)
