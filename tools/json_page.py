"""`docs/json.md`, made from the schemas of the JSON documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.cli.main import GROUPS

SCHEMAS = Path(__file__).resolve().parent / "cli" / "schemas"
HEAD = """\
# JSON documents

For whoever writes a program that reads what `parity VERB --json` prints. Made from the schemas in
`tools/cli/schemas` (JSON Schema, draft 2020-12) by `python -m tools.pages`; what the tests of the
command line print is checked against them.

stdout is one JSON document. Fields keep their name and meaning; new ones may come, so that a reader
passes over those it does not know. A column "type" ends in `?` where the value may be null, and a
field in *italics* is not in every document. `a[].b` is the field `b` of each item of the list `a`.

```console
$ parity check keras_io_tf --json > check.json
$ python -c "import json; print(json.load(open('check.json'))['summary'])"
```

The exit code says the same as without `--json` ([command-line.md](command-line.md)).
"""

Part = Mapping[str, object]
Row = tuple[str, str, str]


def _schema(name: str) -> Part:
    found = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def _part(value: object) -> Part:
    return value if isinstance(value, Mapping) else {}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


class _Writer:
    """Writes schemas as tables.

    Attributes:
        shared: the parts that several documents have, by name.
    """

    def __init__(self) -> None:
        self.shared = _part(_schema("common")["$defs"])

    def page(self) -> str:
        """The whole page."""
        verbs = [verb for verbs in GROUPS.values() for verb in verbs]
        pieces = [HEAD, "## Every document\n", *self._table(_part(self.shared["head"]))]
        wrong = _part(self.shared["wrong_use"])
        pieces += ["## A wrong use\n", f"{wrong['description']}\n", *self._table(wrong)]
        for verb in verbs:
            if (SCHEMAS / f"{verb}.json").exists():
                pieces += self._verb(verb)
        pieces.append("## Parts of several documents\n")
        for name, part in self.shared.items():
            if name not in {"head", "wrong_use"}:
                pieces += [f"### `{name}`\n", f"{_part(part).get('description', '')}\n"]
                pieces += self._table(_part(part))
        return "\n".join(pieces)

    def _verb(self, verb: str) -> Iterator[str]:
        schema = _schema(verb)
        yield f"## `parity {verb}`\n"
        yield f"{schema['description']}\n"
        forms = [_part(form) for form in _listed(schema["anyOf"])]
        own = [form for form in forms if form["title"] != "wrong use"]
        for form in own:
            if len(own) > 1:
                yield f"### {verb}: {form['title']}\n"
            if "$ref" in form:
                yield f"The fields of [{self._name(form)}](#{self._name(form)}).\n"
            yield from self._table(form)

    def _table(self, part: Part) -> Iterator[str]:
        rows = list(self._rows(part, ""))
        if rows:
            yield "| field | type | meaning |\n|---|---|---|"
            yield "\n".join(f"| {name} | {kind} | {text} |" for name, kind, text in rows) + "\n"
        elif "enum" in part or "anyOf" in part:
            yield f"{self._kind(part)}\n"

    def _rows(self, part: Part, prefix: str) -> Iterator[Row]:
        required = _listed(part.get("required"))
        for name, value in _part(part.get("properties")).items():
            field = _part(value)
            mark = "`" if name in required else "*"
            path = f"{prefix}{name}"
            text = str(field.get("description", self._described(field)))
            yield f"{mark}{path}{mark}", self._kind(field), text.replace("|", "\\|")
            yield from self._rows(field, f"{path}.")
            yield from self._rows(_part(field.get("items")), f"{path}[].")

    def _described(self, field: Part) -> str:
        return str(_part(self.shared.get(self._name(field))).get("description", ""))

    def _name(self, field: Part) -> str:
        return str(field.get("$ref", "")).rpartition("/")[2]

    def _kind(self, field: Part) -> str:
        if "$ref" in field:
            return f"[{self._name(field)}](#{self._name(field)})"
        if "const" in field:
            return f"`{json.dumps(field['const'])}`"
        if "enum" in field:
            return ", ".join(f"`{value}`" for value in _listed(field["enum"]))
        if "anyOf" in field:
            kinds = [self._kind(_part(one)) for one in _listed(field["anyOf"])]
            mark = "?" if "null" in kinds else ""
            return " or ".join(kind for kind in kinds if kind != "null") + mark
        kind = field.get("type", "any")
        kinds = [str(one) for one in (kind if isinstance(kind, list) else [kind])]
        mark = "?" if "null" in kinds else ""
        shown = " or ".join(one for one in kinds if one != "null")
        if shown == "array":
            shown = f"list of {self._kind(_part(field.get('items')))}"
        elif shown == "object" and "additionalProperties" in field:
            shown = f"object of {self._kind(_part(field['additionalProperties']))}"
        return shown + mark


def page() -> str:
    """The page, as `docs/json.md` is to hold it."""
    return _Writer().page()
