"""Secret, lock, moved state, sample and real, and what doctor sees."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from pipeline.home.doctor import examine, filesystem, line_of, worst
from pipeline.home.layout import open_home
from pipeline.home.locking import is_locked, locked
from pipeline.home.recovering import refuse_lost_ledger
from pipeline.home.remembering import past_nights, shown_last
from pipeline.home.sample import sample_season, set_aside_sample
from pipeline.home.schemas import error_text, home_words, package_files, schema_files, template_files
from pipeline.home.secret import secret_of
from pipeline.model import Finding, Unit, WennuanError
from pipeline.night.ground import begin

ROOT = Path(__file__).resolve().parents[2]


def test_a_secret_is_made_once_and_guarded(desk) -> None:
    secret = secret_of(desk.home, {})
    assert len(secret) == 32 and secret_of(desk.home, {}) == secret
    if os.name != "nt":
        assert desk.home.secret.stat().st_mode & 0o777 == 0o600
    assert secret_of(desk.home, {"WENNUAN_SECRET": "ab" * 32}) == b"\xab" * 32
    with pytest.raises(WennuanError):
        secret_of(desk.home, {"WENNUAN_SECRET": "short"})


def test_a_home_with_nights_refuses_a_lost_or_foreign_secret(desk) -> None:
    desk.night()
    kept = desk.home.secret.read_bytes()
    with pytest.raises(WennuanError) as other:
        secret_of(desk.home, {"WENNUAN_SECRET": "ab" * 32})
    assert other.value.key == "secret_differs"
    desk.home.secret.unlink()
    with pytest.raises(WennuanError) as lost:
        secret_of(desk.home, {})
    assert (lost.value.key, lost.value.code) == ("secret_lost", 5)
    desk.home.secret.write_bytes(kept)
    assert secret_of(desk.home, {}) == kept


def test_nights_without_their_ledger_are_not_counted_anew(desk) -> None:
    """Nothing is written; a fresh outbox, or one whose nights were moved aside with the ledger, begins as always."""
    refuse_lost_ledger(desk.home)
    desk.night()
    refuse_lost_ledger(desk.home)
    desk.home.ledger.rename(desk.home.root / "aside")
    before = sorted(desk.home.outbox.rglob("*"))
    with pytest.raises(WennuanError) as lost:
        begin(desk.home)
    assert (lost.value.key, lost.value.code) == ("ledger_lost", 5)
    assert "备份" in error_text(lost.value)[1] and "outbox" in error_text(lost.value)[1]
    assert sorted(desk.home.outbox.rglob("*")) == before
    desk.home.outbox.rename(desk.home.root / "old outbox")
    assert begin(desk.home)[0].night == 0


def test_the_secret_is_in_no_output(desk) -> None:
    desk.drop("u/a", b"1")
    desk.night()
    secret = desk.home.secret.read_bytes()
    for place in desk.home.outbox.rglob("*"):
        if place.is_file():
            data = place.read_bytes()
            assert secret not in data and secret.hex().encode() not in data, place


def test_paths_are_in_the_ledger_only_as_keyed_hashes(desk) -> None:
    desk.drop("张三丰的申报/009901199003070000.xlsx", b"1")
    desk.night()
    data = desk.home.ledger.read_bytes()
    assert "张三丰".encode() not in data and b"00990119900307" not in data


def test_one_run_at_a_time_and_a_killed_one_leaves_no_lock(desk) -> None:
    code = (
        "import sys, time; from pathlib import Path; from pipeline.home.layout import open_home; from pipeline.home.locking import locked\n"
        "with locked(open_home(Path(sys.argv[1]))):\n print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(desk.home.root)], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    try:
        assert holder.stdout and holder.stdout.readline() == "held\n"
        assert is_locked(desk.home)
        with pytest.raises(WennuanError) as busy, locked(desk.home):
            pass
        assert (busy.value.key, busy.value.code) == ("locked", 4)
    finally:
        holder.kill()
        holder.wait()
    with locked(desk.home):
        pass
    assert not is_locked(desk.home)


def test_state_may_lie_elsewhere(desk, tmp_path: Path) -> None:
    text = desk.home.season.read_text(encoding="utf-8")
    elsewhere = tmp_path / "state"
    desk.home.season.write_text(text.replace("[paths]", f'[paths]\nstate = "{elsewhere}"'), encoding="utf-8")
    desk.home = open_home(desk.home.root)
    desk.drop("u/a", b"1")
    with locked(desk.home):
        night = desk.night()
    assert {p.name for p in elsewhere.iterdir()} >= {"ledger.sqlite", "archive", ".secret"}
    assert (
        Path(night.folder).is_dir()
        and not (desk.home.outbox / "ledger.sqlite").exists()
        and not (desk.home.root / ".secret").exists()
    )


def test_no_home(tmp_path: Path) -> None:
    with pytest.raises(WennuanError) as caught:
        open_home(tmp_path)
    assert caught.value.code == 2 and "wennuan init" in error_text(caught.value)[1]


def test_what_the_last_night_showed(desk) -> None:
    desk.drop("u/a", b"1")
    desk.night()
    past = past_nights(desk.home)
    assert past.totals == {"accepted": {"rows": 2}}
    assert shown_last(desk.home, past) == {}
    run = desk.home.nights / past.run / "run.json"
    run.write_bytes(json.dumps({"totals": {"accepted": {"rows": 99}}}).encode())
    assert past_nights(desk.home).totals == {}  # not what was sealed


def test_numbers_of_findings_survive(desk) -> None:
    found = Finding("CEL-001", unit="YL001", id="a" * 12, status="new", number=7)
    desk.night("2020-01-16", (found,))
    desk.night("2020-01-17", (found,))
    life = past_nights(desk.home).lives["a" * 12]
    assert (life.number, life.unit, life.first, life.last, life.open) == (
        7,
        "YL001",
        (1, "2020-01-16"),
        (2, "2020-01-17"),
        True,
    )


@pytest.mark.parametrize(("register", "files", "verdict"), [
    ((), (), False),
    (("YL001", "yl002"), (), True),
    (("JS001",), (), False),
    (("YL001",), ("YL003",), True),
    (("YL001",), ("JS001",), "mixed"),
    (("JS001", "YL001"), (), "mixed"),
    ((), ("JS001", "YL001"), "mixed"),
])  # fmt: skip
def test_sample_and_real_never_meet(register, files, verdict) -> None:
    units = [Unit(code, "", "") for code in register]
    if verdict == "mixed":
        with pytest.raises(WennuanError) as mixed:
            sample_season(units, files)
        assert mixed.value.code == 2 and "YL001" in error_text(mixed.value)[0] and "JS001" in error_text(mixed.value)[0]
    else:
        assert sample_season(units, files) is verdict


def test_a_sample_outbox_is_set_aside_and_a_new_ledger_begins(desk) -> None:
    place = desk.drop("YL001/a", b"1")
    night = desk.night(sample=True)
    place.unlink()
    desk.drop("JS001/a", b"2")
    aside = set_aside_sample(desk.home)
    assert aside == desk.home.outbox / f"sample-{night.run}"
    assert (
        (aside / "nights" / night.run / "run.json").is_file()
        and (aside / "ledger.sqlite").is_file()
        and (aside / "archive").is_dir()
    )
    first = desk.night(sample=False)
    assert first.night == 1
    assert [a.path for a in past_nights(desk.home).arrivals] == ["JS001/a"]
    assert set_aside_sample(desk.home) is None


def test_a_broken_move_of_the_sample_is_finished(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.drop("YL001/a", b"1")
    night = desk.night(sample=True)
    real, calls = os.rename, []

    def once(source: object, target: object) -> None:
        calls.append(source)
        if len(calls) == 2:
            raise OSError(5, "broken")
        real(source, target)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "rename", once)
    with pytest.raises(WennuanError):
        set_aside_sample(desk.home)
    aside = set_aside_sample(desk.home)
    assert aside and {p.name for p in aside.iterdir()} >= {"nights", "ledger.sqlite", "archive", "latest"}
    assert not desk.home.ledger.exists() and (aside / "nights" / night.run).is_dir()


def test_schemas_and_templates_fall_back_to_the_package(desk, tmp_path: Path) -> None:
    own = schema_files(desk.home)
    assert own["forms/F1.yaml"] == b"name: F1\n" and "forms/F2.yaml" in own  # an older home lacks what came later
    assert "words/home.yaml" in own  # wording a home does not have comes from the package
    assert [p for p in template_files(desk.home) if "_" not in p] == ["unit/回执.html"]
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "season.toml").write_bytes((ROOT / "season.toml").read_bytes())
    home = open_home(bare)
    everything = {f"{part}/" for part in ("forms", "registers", "rules", "words")}
    assert {p.partition("/")[0] + "/" for p in schema_files(home)} <= everything
    assert schema_files(home)["words/home.yaml"] == package_files("schemas")["words/home.yaml"]


def test_doctor_on_a_good_home_and_on_a_bad_one(desk) -> None:
    desk.night()
    checks = {
        c.name: c for c in examine(desk.home, date(2020, 1, 17), {date(2019, 12, 31): False, date(2020, 1, 1): False})
    }
    assert all(c.level != "bad" for c in checks.values()), [line_of(c) for c in checks.values() if c.level == "bad"]
    assert checks["holidays"].level == "ok"
    for check in checks.values():
        assert "{" not in line_of(check)
    if os.name != "nt":
        desk.home.secret.chmod(0o644)
        desk.home.archive.chmod(0o755)
    desk.home.season.write_bytes(desk.home.season.read_bytes().replace(b"issued = 2019", b"issued = 2018"))
    desk.drop("深" * 60 + "/" + "深" * 60 + "/" + "x" * 100, b"1")
    found = examine(desk.home, date(2019, 1, 17))
    levels = {c.name: c.level for c in found}
    expected = {"season": "bad", "clock": "bad", "paths": "warn"} | (
        {"secret": "warn", "private": "warn"} if os.name != "nt" else {}
    )
    assert expected.items() <= levels.items()
    assert worst(found) == 1
    assert any("CAL-016" in line_of(c) for c in found)


def test_every_level_of_every_check_has_words() -> None:
    for name, levels in home_words()["doctor"].items():
        assert set(levels) == {"ok", "warn", "bad"}, name


@pytest.mark.skipif(os.name == "nt", reason="mount tables are not Windows'")
def test_shares_are_recognised() -> None:
    table = "1 0 8:1 / / rw - ext4 /dev/a rw\n2 1 0:4 / /mnt/my\\040share rw shared:1 - cifs //srv/x rw\n"
    assert filesystem(Path("/mnt/my share/home"), lambda: table) == "cifs"
    assert filesystem(Path("/mnt/my"), lambda: table) == "ext4"


@pytest.mark.parametrize(("due", "level"), [("2019-12-20", "ok"), ("2020-01-20", "warn")])
def test_doctor_says_when_publicity_no_longer_fits(desk, due: str, level: str) -> None:
    desk.home.season.write_bytes(desk.home.season.read_bytes().replace(b"due = 2019-12-20", f"due = {due}".encode()))
    check = next(c for c in examine(desk.home, date(2020, 1, 17)) if c.name == "publicity")
    assert check.level == level
    assert "2020-01-16" in line_of(check) and "按周一至周五计" in line_of(check)
