"""The newest night's name in; `latest` and the page that opens its overview out. Both can be rebuilt at any time."""

from __future__ import annotations

import html
from pathlib import Path
from urllib.parse import quote

from pipeline.home.disk import WINDOWS, environment, replace_text, sync_folder
from pipeline.home.layout import Home
from pipeline.home.schemas import home_words


def point_to(home: Home, run: str) -> None:
    """Let `latest` and the redirect page name this night."""
    with environment(home.latest):
        if latest_run(home) != run:
            _link(home.latest, f"nights/{run}")
        words = home_words()["front"]
        overview = f"nights/{run}/{words['overview']}"
        target = overview if (home.outbox / overview).is_file() else f"nights/{run}/"
        page = words["page"].replace("{href}", html.escape(quote(target))).replace("{run}", html.escape(run))
        place = home.outbox / words["file"]
        if not place.is_file() or place.read_text(encoding="utf-8") != page:
            replace_text(place, page)


def latest_run(home: Home) -> str:
    """The run that `latest` names, "" when there is none."""
    if home.latest.is_symlink():
        return home.latest.readlink().name
    if home.latest.is_file():
        return home.latest.read_text(encoding="utf-8").strip().rpartition("/")[2]
    return ""


def _link(latest: Path, target: str) -> None:
    if not WINDOWS:
        aside = latest.with_name(".latest.new")
        aside.unlink(missing_ok=True)
        try:
            aside.symlink_to(target, target_is_directory=True)
            aside.replace(latest)
            sync_folder(latest.parent)
            return
        except OSError:
            aside.unlink(missing_ok=True)
    if latest.is_symlink():
        latest.unlink()
    replace_text(latest, target + "\n")
