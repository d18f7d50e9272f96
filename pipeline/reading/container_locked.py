"""Files with an opening password: in go encrypted bytes, out come plain ones if the office's well-known default key opens them.

Excel encrypts "read-only recommended" books with a fixed key and never asks for it (reliability.md 0.12); nothing else is tried.
"""

from __future__ import annotations

from io import BytesIO

import msoffcrypto
from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

from pipeline.reading.limits import DAMAGE

DEFAULT_KEY = "VelvetSweatshop"


def unlock(data: bytes, package: bool) -> bytes | None:
    """`package`: an EncryptedPackage, else BIFF records. The plain bytes, or None when the default key does not fit or the encryption is not one we know."""
    plain = BytesIO()
    try:
        locked = msoffcrypto.OfficeFile(BytesIO(data))
        locked.load_key(password=DEFAULT_KEY, **({"verify_password": True} if package else {}))
        locked.decrypt(plain)
    except (InvalidKeyError, DecryptionError, FileFormatError, ParseError, AttributeError, TypeError, *DAMAGE):
        return None
    return plain.getvalue() or None
