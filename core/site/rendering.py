"""Templates to pages."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment

from core.site.texts import Text, marked
from core.templating import templates


@cache
def _environment() -> Environment:
    environment = templates("core.site")
    environment.globals["t"] = Text
    environment.filters["marked"] = marked
    environment.filters["thousands"] = lambda value: f"{value:,}"
    return environment


def rendered(template: str, **values: object) -> str:
    """A page's text.

    Args:
        template: a file in `templates`.
        values: what it names.
    """
    return _environment().get_template(template).render(**values)
