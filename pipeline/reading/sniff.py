"""What a file is, by its bytes: in go name and bytes, out comes a kind; the name only settles what bytes cannot.

Kinds: xlsx xlsm xlsb xls ods csv html xml2003 are workbooks we read; ooxml/odf names and plain words name the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from pipeline.reading.sniff_ole import MAGIC

SYSTEM = re.compile(
    r"(?:~\$.*|\.~.*|\._.*|\..*|~.*\.tmp|.*\.(?:tmp|part|crdownload|lnk)|thumbs\.db|ehthumbs\.db|desktop\.ini)",
    re.I | re.S,
)
SIGNS: tuple[tuple[bytes, str], ...] = (
    (MAGIC, "ole"),
    (b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF8", "gif"), (b"II*\0", "tif"),
    (b"MM\0*", "tif"), (b"{\\rtf", "rtf"), (b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"), (b"\xfd7zXZ\0", "xz"), (b"MSCF", "cab"), (b"ID3", "audio"), (b"ID;P", "sylk"),
    (b"\x09\x00\x04\x00", "biff"), (b"\x09\x02\x06\x00", "biff"), (b"\x09\x04\x06\x00", "biff"), (b"\x09\x08\x08\x00", "biff"),
    (b"\x09\x08\x10\x00", "biff"), (b"\x00\x00\x02\x00\x04\x04", "lotus"), (b"\x00\x00\x02\x00\x06\x04", "lotus"),
    (b"\x00\x00\x1a\x00", "lotus"), (b"MZ", "program"), (b"\x7fELF", "program"),
)  # fmt: skip
ATTACHMENTS = frozenset(
    [
        "pdf",
        "jpg",
        "png",
        "gif",
        "tif",
        "bmp",
        "webp",
        "heic",
        "rtf",
        "doc",
        "docx",
        "ppt",
        "pptx",
        "wps",
        "ofd",
        "odt",
        "audio",
        "video",
        "txt",
        "msg",
        "vsd",
    ]
)
ARCHIVES = frozenset(["rar", "7z", "gz", "bz2", "xz", "cab"])
OLD_SHEETS = frozenset(["sylk", "dif", "dbf", "lotus", "biff", "numbers", "fods"])  # spreadsheets we do not read
NAMED_ATTACHMENTS = frozenset(
    [
        ".txt",
        ".md",
        ".log",
        ".heic",
        ".heif",
        ".webp",
        ".eml",
        ".msg",
        ".ofd",
        ".ceb",
        ".gd",
        ".sep",
        ".caj",
        ".dwg",
        ".mp3",
        ".mp4",
        ".mov",
        ".avi",
        ".wav",
    ]
)
ATTACHED = NAMED_ATTACHMENTS | frozenset(
    (".doc", ".docx", ".docm", ".dot", ".dotx", ".rtf", ".odt", ".wps", ".wpt", ".pdf", ".ppt", ".pptx", ".pps", ".ppsx", ".dps",
     ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff")
)  # fmt: skip
TABLES = frozenset((".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods", ".csv"))  # names under which a form is awaited
NEEDS_NAME = frozenset((".xls", ".xlsx", ".csv"))  # the only names under which text is read as a table
FITS: dict[str, frozenset[str]] = {
    "xlsx": frozenset((".xlsx", ".xltx")), "xlsm": frozenset((".xlsm", ".xltm")), "xlsb": frozenset((".xlsb",)),
    "xls": frozenset((".xls", ".et", ".xlt", ".ett")), "ods": frozenset((".ods", ".ots")), "csv": frozenset((".csv",)),
    "zip": frozenset((".zip",)),
}  # fmt: skip


def suffix(path: str) -> str:
    return PurePosixPath(path.replace("!", "/").replace("\\", "/")).suffix.lower()


ODF = "application/vnd.oasis.opendocument."
MAIN_TYPES = (
    ("word", "docx"), ("presentation", "pptx"), ("sheet.binary", "xlsb"), ("macroenabled", "xlsm"), ("spreadsheet", "xlsx"),
)  # fmt: skip
MEMBERS = (
    (r"xl/workbook\.bin", "xlsb"), (r"xl/.*", "xlsx"), (r"word/document\.xml", "docx"), (r"ppt/presentation\.xml", "pptx"),
    (r"ofd\.xml", "ofd"), (r".*\.iwa", "numbers"), (r"meta-inf/manifest\.xml", "odf"), (r"\[content_types\]\.xml", "opc"),
)  # fmt: skip
STREAMS = (
    ("encryptedpackage$", "locked"), ("(?:work)?book$", "xls"), ("worddocument$", "doc"), ("powerpoint document$", "ppt"),
    ("wps|matost$", "wps"), ("__substg1.0", "msg"), ("visiodocument$", "visio"),
)  # fmt: skip


TEXTS = (
    (r"<.*urn:schemas-microsoft-com:office:spreadsheet.*", "xml2003"), (r"<.*<?office:document.*opendocument", "fods"),
    (r"<.*?(?<=<)(?:!doctype html|html|table|head|body|meta|style|div|center|tr)\b", "html"), (r"<\?xml", "xml"),
    (r"mime-version:|content-type: multipart", "mht"),
)  # fmt: skip


def is_system(path: str) -> bool:
    """Lock, temporary and system files, by name alone: ~$x.xlsx, .~x, Thumbs.db, .DS_Store, anything under __MACOSX."""
    names = path.replace("\\", "/").replace("!", "/").split("/")
    return "__MACOSX" in names or bool(SYSTEM.fullmatch(names[-1]))


def sniff(path: str, data: bytes) -> str:
    """The kind of a file: 'zip' and 'ole' are containers still to be looked into; 'unknown' when nothing fits."""
    head = data[:4096]
    signed = next((kind for sign, kind in SIGNS if head.startswith(sign)), "")
    if not data.strip(b"\0"):
        return "zeros" if data else "empty"
    if head.startswith(b"PK") and (head[2:4] in (b"\x03\x04", b"\x05\x06") or b"PK\x05\x06" in data[-66_000:]):
        return "zip"
    return signed or _media(head) or _old(path, data) or _text(path, data)


def _media(head: bytes) -> str:
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "bmp"
    if head[:4] == b"RIFF":
        return "webp" if head[8:12] == b"WEBP" else "video"
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in (b"heic", b"mif1", b"heix", b"msf1") else "video"
    return ""


def _old(path: str, data: bytes) -> str:
    if data[:5] == b"TABLE" and data[5:9].strip().startswith(b"0"):
        return "dif"
    if suffix(path) == ".dbf" and data[0] in (2, 3, 0x30, 0x31, 0x43, 0x83, 0x8B, 0xF5):
        return "dbf"
    return ""


def _text(path: str, data: bytes) -> str:
    text = decode(data[:4096], cut=True)
    if text is None:
        return "attachment" if suffix(path) in NAMED_ATTACHMENTS else "unknown"
    start = text.lstrip("\ufeff \t\r\n").lower()
    return next((kind for pattern, kind in TEXTS if re.match(pattern, start, re.S)), "txt")


def decode(data: bytes, cut: bool = False) -> str | None:
    """Text of unknown encoding: by its mark, else UTF-8, else GB 18030; None when it is no text. `cut`: data is a head."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decode(data, name, cut)
    if len(data) > 3 and data[1::2].count(0) > len(data) // 5:
        return _decode(data, "utf-16-le", cut)
    if len(data) > 3 and data[::2].count(0) > len(data) // 5:
        return _decode(data, "utf-16-be", cut)
    if re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", data):
        return None
    text = _decode(data, "utf-8", cut)
    return text if text is not None else _decode(data, "gb18030", cut)


def _decode(data: bytes, name: str, cut: bool) -> str | None:
    for lost in range(4 if cut else 1):
        try:
            return data[: len(data) - lost].decode(name)
        except UnicodeDecodeError:
            continue
    return None


def zip_kind(names: Iterable[str], mimetype: str, main_type: str) -> str:
    """The kind of a zip by its members' names, the ODF `mimetype` member and the main type in [Content_Types].xml."""
    lower = {n.lower() for n in names}
    if mimetype.startswith(ODF):
        return "ods" if mimetype.startswith(ODF + "spreadsheet") else "odt"
    kind = next((kind for sign, kind in MAIN_TYPES if sign in main_type.lower()), "")
    return kind or next((kind for part, kind in MEMBERS if any(re.fullmatch(part, name) for name in lower)), "zip")


def ole_kind(streams: Iterable[str]) -> str:
    """The kind of an OLE file by its stream names (any depth for Word; top level for the workbook)."""
    top = [name.lower() for name in streams if "/" not in name]
    return next((kind for sign, kind in STREAMS if any(re.match(sign, name) for name in top)), "ole")
