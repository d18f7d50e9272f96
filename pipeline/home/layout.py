"""Where everything of a home lies: a folder in, named paths out; nothing is read or written except season.toml's [paths]."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.home.season import read_toml
from pipeline.model import WennuanError

AREAS = {"_district": "register", "_decisions": "decision"}
SENTINELS = frozenset({".gitkeep", ".keep"})  # empty files that only say "this folder is mounted"
MODE_FILE, MODE_FOLDER, MODE_OBJECT = 0o600, 0o700, 0o400


@dataclass(frozen=True, slots=True)
class Home:
    """`state` holds ledger, archive, secret and lock when [paths] moves them; else they lie where the contract says."""

    root: Path
    state: Path | None = None

    @property
    def season(self) -> Path:
        return self.root / "season.toml"

    @property
    def schemas(self) -> Path:
        return self.root / "schemas"

    @property
    def templates(self) -> Path:
        return self.root / "templates"

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def nights(self) -> Path:
        return self.outbox / "nights"

    @property
    def staging(self) -> Path:
        return self.outbox / ".staging"

    @property
    def cache(self) -> Path:
        return self.outbox / "cache"

    @property
    def latest(self) -> Path:
        return self.outbox / "latest"

    @property
    def _kept(self) -> Path:
        return self.state or self.outbox

    @property
    def ledger(self) -> Path:
        return self._kept / "ledger.sqlite"

    @property
    def archive(self) -> Path:
        return self._kept / "archive"

    @property
    def lock(self) -> Path:
        return self._kept / ".lock"

    @property
    def secret(self) -> Path:
        return (self.state or self.root) / ".secret"


def open_home(root: Path) -> Home:
    """The home in this folder. Raises WennuanError when it holds no season.toml or that file cannot be read as TOML."""
    folder = root.absolute()
    if not (folder / "season.toml").is_file():
        raise WennuanError("no_home", code=2, folder=folder)
    state = read_toml((folder / "season.toml").read_bytes()).get("paths", {})
    moved = state.get("state") if isinstance(state, dict) else None
    return Home(folder, folder / moved if isinstance(moved, str) and moved else None)


def lay_out(home: Home) -> None:
    """Make the folders a home needs, with an empty sentinel in the inbox; what exists stays as it is.

    A home that already has nights keeps the inbox it has: making it anew would hide a lost mount.
    """
    began = home.ledger.exists()
    ours = (home.nights, home.archive)
    for folder in ours if began else (*ours, home.inbox / "_district", home.inbox / "_decisions"):
        folder.mkdir(mode=MODE_FOLDER, parents=True, exist_ok=True)
    if not began:
        (home.inbox / ".gitkeep").touch(mode=MODE_FILE, exist_ok=True)


def area_of(path: str) -> str:
    """form | register | decision, by the first folder under inbox/."""
    first, slash, _ = path.partition("/")
    return AREAS.get(first, "form") if slash else "form"
