"""A folder in, a new home out: season.toml, schemas, templates, inbox, outbox, a README in Chinese, a secret."""

from __future__ import annotations

from pathlib import Path

from pipeline.book.problems import Spot
from pipeline.book.words_in import parse
from pipeline.home.disk import environment, make_folder
from pipeline.home.layout import Home, lay_out, open_home
from pipeline.home.schemas import package_files, package_root
from pipeline.home.secret import secret_of
from pipeline.model import WennuanError

ALLOWED = {"inbox", "outbox", ".git", ".gitignore"}


def found_home(folder: Path) -> Home:
    """Raises WennuanError (2) where the folder already holds a home or other files."""
    place = folder.absolute()
    if (place / "season.toml").exists():
        raise WennuanError("home_exists", code=2, folder=place)
    if place.is_dir() and any(p.name not in ALLOWED for p in place.iterdir()):
        raise WennuanError("folder_not_empty", code=2, folder=place)
    words = parse((package_root() / "schemas" / "words" / "cli.yaml").read_bytes(), Spot("cli.yaml"))["readme"]
    with environment(place):
        make_folder(place)
        for part, under in (("schemas", "schemas"), ("templates", "templates"), ("windows", "")):
            for path, data in package_files(part).items():
                target = place / under / path
                make_folder(target.parent)
                target.write_bytes(data)
        (place / "season.toml").write_bytes(model_season())
        (place / str(words["file"])).write_text(str(words["text"]), encoding="utf-8-sig")
    home = open_home(place)
    lay_out(home)
    secret_of(home)
    return home


def model_season() -> bytes:
    """The model season's settings: a new home starts from them."""
    return (package_root() / "season.toml").read_bytes()
