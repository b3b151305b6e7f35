"""`parity site`: the teaching site as static files."""

from __future__ import annotations

from pathlib import Path

import click

from tools.cli import options
from tools.cli.document import emit
from tools.cli.printing import say
from tools.cli.verbs import verb


@verb("site")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@options.folders_option
@options.json_option
def command(folder: Path, folders: tuple[Path, ...], as_json: bool) -> None:
    """Write the teaching site into DIR: open DIR/index.html in a browser.

    Every section with its programs in columns, its curves, models and samples; every line
    explained; the ledger of defects; and what seeded defects do to a curve. It is made from what
    is recorded: nothing is trained, no framework is imported, and the pages need no network. DIR
    is made, or holds an earlier site, which is replaced.
    """
    from core.extras import require

    require("matplotlib", "site", "parity site")
    from core.site.site import build
    from core.site.writing import check_folder, write

    check_folder(folder)
    site = build(options.catalog(folders))
    write(site, folder)
    size = sum(map(len, site.files.values()))
    if as_json:
        emit(
            "site",
            {
                "folder": str(folder),
                "pages": [{"file": name, "bytes": len(site.files[name])} for name in site.pages],
                "files": len(site.files),
                "bytes": size,
            },
        )
    else:
        say(f"{len(site.pages)} pages, {size / 1e6:.1f} MB: open {folder / 'index.html'}")
