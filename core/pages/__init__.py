"""What every page of HTML is made with: Jinja templates and Pygments styles."""

from core.pages.templating import highlighted, styles, templates

__all__ = ["highlighted", "styles", "templates"]
