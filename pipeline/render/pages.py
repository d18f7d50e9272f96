"""HTML templates and a view in; one self-contained page out. Sandboxed, autoescaped, strict about unknown names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import DictLoader, StrictUndefined, Template, meta, nodes
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from pipeline.render.complaints import WRONG, complaint, text_of
from pipeline.render.figures import Fig, clean
from pipeline.render.imprint import stamped


class Pages:
    """The office's HTML templates, each compiled once. `templates`: path under templates/ -> bytes."""

    def __init__(self, templates: Mapping[str, bytes]) -> None:
        sources = {path: text_of(path, data) for path, data in templates.items() if path.endswith(".html")}
        self._environment = SandboxedEnvironment(
            loader=DictLoader(sources),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_finalize,
        )
        self._compiled: dict[str, Template] = {}

    def render(self, path: str, view: Mapping[str, Any]) -> bytes:
        """One page. A template that asks for what the view does not hold is the office's error, named with its file."""
        try:
            if path not in self._compiled:
                self._compiled[path] = self._environment.get_template(path)
            return stamped(self._compiled[path].render(view).encode("utf-8"))
        except WRONG as error:
            raise complaint(path, error) from error

    def asks_for(self, path: str) -> set[str]:
        """The names a template (with what it includes or extends) expects from its view."""
        return _asked(self._environment, path)


def _finalize(value: Any) -> Any:
    """A figure becomes a <data> element that names it; other text loses what HTML cannot carry."""
    if isinstance(value, Fig):
        shown = Markup('<data data-figure="{}" value="{}">{}</data>')
        return shown.format(escape(value.key), value.value, escape(value.text))
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _asked(environment: SandboxedEnvironment, path: str) -> set[str]:
    if environment.loader is None:
        return set()
    tree = environment.parse(environment.loader.get_source(environment, path)[0])
    names = set(meta.find_undeclared_variables(tree))
    for child in meta.find_referenced_templates(tree):
        if child:
            names |= _asked(environment, child)
    brought = {name if isinstance(name, str) else name[1] for n in tree.find_all(nodes.FromImport) for name in n.names}
    return names - brought - {n.name for n in tree.find_all(nodes.Macro)}
