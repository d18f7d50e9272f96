"""A unit's finished papers in; its package for the OA platform and the rows of 发送清单 out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pipeline.papers.deadlines import next_due
from pipeline.papers.desk import register_columns
from pipeline.papers.material import Material
from pipeline.papers.office import chase
from pipeline.papers.school import verdict_text
from pipeline.papers.wording import day, head, joined

STAMP = (1980, 1, 1, 0, 0, 0)
LETTERS, ENTRY = 500_000, 1_000  # bytes kept free for the unit's letters, and for a name in the package
SENT = (".docx", ".xlsx")  # the 回执 as Word and the marked workbooks; the web page stays at the office


def rounds(m: Material, unit: str) -> int:
    """n of 第n次反馈: one more than were sent before."""
    return m.rounds.get(unit, 0) + 1


def package_name(m: Material, unit: str) -> str:
    return str(m.words["send_zip"]).format(folder=m.folder(unit), n=rounds(m, unit))


def package_path(m: Material, unit: str) -> str:
    return f"send/{package_name(m, unit)}"


def packages(m: Material, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """`files`: path under the night -> bytes, rendered or taken over. send/<name>.zip -> bytes, flat and deterministic."""
    made = {}
    for code in m.sending:
        prefix = f"units/{m.folder(code)}/"
        own = {
            path[len(prefix) :]: data for path, data in files.items() if path.startswith(prefix) and path.endswith(SENT)
        }
        inside = {name: data for name, data in own.items() if name not in m.left_out.get(code, ())}
        if inside:
            made[package_path(m, code)] = _zipped(inside)
    return made


def no_room(m: Material, sizes: Mapping[str, Mapping[str, int]]) -> dict[str, tuple[str, ...]]:
    """`sizes`: unit -> marked copy -> bytes. Unit -> the copies its package has no room for: the platform's limit must not
    stop the night, so the largest stay in units/ and the office is told to send them another way."""
    left = {}
    for unit, files in sizes.items():
        room, out = m.season.oa_max_mb * 1_000_000 - LETTERS, []
        for name, size in sorted(files.items(), key=lambda f: (f[1], f[0])):
            room -= size + ENTRY
            if room < 0:
                out.append(name)
        if out and unit:  # files of no unit are sent to nobody
            left[unit] = tuple(sorted(out))
    return left


def _zipped(inside: Mapping[str, bytes]) -> bytes:
    """UTF-8 names, no folders."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(inside):
            info = zipfile.ZipInfo(name, STAMP)
            info.flag_bits |= 0x800
            info.external_attr = 0o644 << 16
            package.writestr(info, inside[name], zipfile.ZIP_STORED if name.endswith(SENT) else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def send_view(m: Material, schools: Callable[[str], Mapping[str, Any]]) -> dict[str, Any]:
    """One row per unit to write to: what to write, to whom, with which attachment; the date of sending is the office's to fill."""
    missing = {c["code"]: c for c in chase(m)}
    rows = []
    packed = set(m.sending)
    for code in m.units:
        if code in packed or code in missing:
            rows.append(_row(m, schools, code, code in packed, missing.get(code)))
    return {**head(m), "letters": rows, "register_columns": register_columns(m)}


def _attached(m: Material, code: str) -> str:
    left = m.left_out.get(code, ())
    if not left:
        return package_name(m, code)
    return str(m.words["left_out_attachment"]).format(package=package_name(m, code), files=joined(list(left), m))


def _by(m: Material, due: date | None) -> str:
    """By when to send: a date still ahead, or that it has passed."""
    words = m.words["send_by"]
    if due is None:
        return str(words["none"])
    return str(words["ahead" if due >= m.run.as_of else "behind"]).format(day=day(due, m))


KINDS = {"error": "fix", "missing": "chase", "chase": "chase", "receipt": ""}  # what the letter says -> its 原因


def _kind(view: Mapping[str, Any] | None, missing: Mapping[str, Any] | None) -> str:
    """error: something to mend · missing: nothing to mend, a form to send · chase: nothing came at all · receipt."""
    if view is None:
        return "chase"
    broken = any(f["level"] == "error" and f["file"] for f in view["forms"])
    if view["issues"] or broken:
        return "error"
    return "missing" if missing else "receipt"


def _row(
    m: Material, schools: Callable[[str], Mapping[str, Any]], code: str, packed: bool, missing: Mapping[str, Any] | None
) -> dict[str, Any]:
    words, unit = m.words, m.office.unit(code)
    contact = {"name": "", "phone": "", **m.season.contact}
    view = schools(code) if packed else None
    kind = _kind(view, missing)
    due = next_due(m, m.states_of.get(code, ())) if kind == "error" else missing["due"] if missing else None
    body = words["send_body"][kind].format(
        unit=m.unit_name(code), verdict=verdict_text(view["verdict"]) if view else "", by=_by(m, due),
        forms=missing["forms"] if missing else "", contact=contact["name"], phone=contact["phone"],
    )  # fmt: skip
    title = "send_title" if packed else "send_chase_title"
    return {
        "number": f"S{m.run.night}-{code}", "unit_code": code, "unit_name": m.unit_name(code),
        "recipient": unit.contacts.get("filler", "") if unit else "", "phone": unit.phone if unit else "",
        "subject": words[title].format(season=m.season.title, unit=m.short_name(code), n=rounds(m, code)), "body": body,
        "attachment": _attached(m, code) if packed else "", "why": words["send_reasons"].get(KINDS[kind], ""), "sent_on": None,
        "target": m.fingerprints.get(code, code) if packed else "",
    }  # fmt: skip
