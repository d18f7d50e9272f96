"""Rebuild the generated part of schemas/words/hanzi.yaml: readings and simplified forms, one line a syllable.

Usage: PYTHON tools/make_hanzi.py   with pypinyin 0.55.0 and opencc-python-reimplemented 0.1.7 in that Python; the program
itself needs neither. Everything from the line `# --` on (look-alikes, variants, surnames) is kept as written by hand.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from pathlib import Path

import opencc
from pypinyin.pinyin_dict import pinyin_dict

OUT = Path(__file__).resolve().parent.parent / "schemas" / "words" / "hanzi.yaml"
HAND = "# --"
ASTRAL = 0x10000  # beyond it only what a simplified form leads to: the rest of those planes is no one's name


def plain(reading: str) -> str:
    """Toneless, ü written v."""
    bare = "".join(c for c in unicodedata.normalize("NFD", reading) if c not in "\u0300\u0301\u0304\u030c")
    return unicodedata.normalize("NFC", bare).replace("ü", "v").replace("ê", "e")


def main() -> None:
    pairs = {}
    folder = Path(opencc.__file__).parent / "dictionary"
    for name in ("TSCharacters.txt", "TWVariantsRev.txt", "HKVariantsRev.txt"):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            old, _, new = line.partition("\t")
            if len(old) == 1 and new.split():
                pairs.setdefault(old, new.split()[0])
    pairs = {old: pairs.get(new, new) for old, new in pairs.items() if old != pairs.get(new, new)}
    known = set(pairs.values())
    syllables = defaultdict(list)
    for code, readings in sorted(pinyin_dict.items()):
        if code < ASTRAL or chr(code) in known:
            syllables[plain(readings.split(",")[0])].append(chr(code))
    lines = [
        "# 汉字：读音（无声调，ü 写作 v）与简化字由 tools/make_hanzi.py 从 pypinyin、OpenCC 的字表生成，其余手工整理",
        "readings:",
        *(f"  '{s}': {''.join(chars)}" for s, chars in sorted(syllables.items())),
        "simplified:",
        f"  from: {''.join(sorted(pairs))}",
        f"  to: {''.join(pairs[c] for c in sorted(pairs))}",
    ]
    old = OUT.read_text(encoding="utf-8") if OUT.exists() else ""
    tail = old[old.index(HAND) :] if HAND in old else HAND + "\n"
    OUT.write_text("\n".join(lines) + "\n" + tail, encoding="utf-8")


if __name__ == "__main__":
    main()
