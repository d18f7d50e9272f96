"""Zips by mail: GBK names, climbing paths, nested and encrypted members; nothing of a member's name reaches the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading.container import open_book
from pipeline.reading.zips_mail import label
from tests.reading_open.make import archive, good, raw_zip


def outcomes(data: bytes) -> dict[str, tuple[str, list[str]]]:
    return {b.path: (b.outcome, [f.rule for f in b.findings]) for b in open_book("包.zip", data)}


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_names_are_restored(encoding: str) -> None:
    found = outcomes(archive({"附件2：2020年联合募捐汇总表.xlsx": good()}, encoding))
    assert found["包.zip!附件2：2020年联合募捐汇总表.xlsx"] == ("readable", [])
    assert found["包.zip"] == ("readable", ["WBK-013"] if encoding == "gbk" else [])


def test_one_bad_member_leaves_the_others_alone() -> None:
    data = archive(
        {
            "好.xlsx": good(),
            "照片.jpg": b"\xff\xd8\xff" + bytes(9),
            "坏.xlsx": good()[:200],
            "里.zip": archive({"x.xlsx": good()}),
            "b.rar": b"Rar!\x1a\x07\x00",
            "~$好.xlsx": b"x",
            "__MACOSX/._好.xlsx": b"x",
        }
    )
    assert outcomes(data) == {
        "包.zip": ("readable", []),
        "包.zip!好.xlsx": ("readable", []),
        "包.zip!照片.jpg": ("not-a-workbook", []),
        "包.zip!坏.xlsx": ("rejected", ["WBK-007"]),
        "包.zip!里.zip": ("rejected", ["WBK-014"]),
        "包.zip!b.rar": ("rejected", ["WBK-014"]),
        "包.zip!~$好.xlsx": ("ignored", ["WBK-015"]),
        "包.zip!__MACOSX/._好.xlsx": ("ignored", ["WBK-015"]),
    }


@pytest.mark.parametrize(
    "name", ["../../x.xlsx", "/etc/x.xlsx", "C:\\x.xlsx", "\\\\srv\\x.xlsx", "a/../../x.xlsx", "..\\x.xlsx"]
)
def test_a_path_that_leaves_the_archive_is_refused_and_nothing_is_written(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    books = open_book("包.zip", raw_zip([(name.encode(), good()), ("好.xlsx".encode(), good())]))
    assert [(b.outcome, [f.rule for f in b.findings]) for b in books[1:]] == [
        ("rejected", ["WBK-014"]),
        ("readable", []),
    ]
    assert ".." not in books[1].path and "\\" not in books[1].path
    assert not list(tmp_path.rglob("*"))


def test_equal_names_stay_two_files() -> None:
    books = open_book("包.zip", raw_zip([("表.xlsx".encode(), good(1)), ("表.xlsx".encode(), good(2))]))
    assert [b.path for b in books[1:]] == ["包.zip!表.xlsx", "包.zip!表_2.xlsx"]
    assert books[1].sha256 != books[2].sha256


def test_encrypted_members_ask_for_no_password() -> None:
    assert outcomes(raw_zip([(b"a.xlsx", good())], flags=1))["包.zip!a.xlsx"] == ("encrypted", ["WBK-003"])


def test_a_zip_of_photographs_is_an_attachment_and_one_of_nothing_is_no_workbook() -> None:
    (book, _) = open_book("照片.zip", archive({"a.jpg": b"\xff\xd8\xff" + bytes(9)}))
    assert (book.outcome, book.attachment, book.findings) == ("not-a-workbook", True, ())
    (book,) = open_book("空.zip", archive({}))
    assert (book.outcome, book.attachment, [f.rule for f in book.findings]) == ("not-a-workbook", False, ["WBK-001"])


def test_too_many_members_refuse_the_whole() -> None:
    (book,) = open_book("包.zip", archive({f"{i}.txt": b"x" for i in range(501)}))
    assert (book.outcome, [f.rule for f in book.findings]) == ("rejected", ["WBK-014"])


@given(st.text(max_size=60))
def test_a_label_never_climbs_never_starts_at_a_root_and_holds_no_control_sign(name: str) -> None:
    shown, _ = label(name)
    assert shown and not shown.startswith("/") and ".." not in shown.split("/") and "\\" not in shown
    assert all(ord(c) >= 32 for c in shown) and "\u202e" not in shown
