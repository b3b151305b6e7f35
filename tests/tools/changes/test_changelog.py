from collections.abc import Mapping

from tools.changes.changelog import render

DOCUMENT: Mapping[str, object] = {
    "format": 1,
    "command": "python -m tools.changes",
    "recorded": "2026-11-21",
    "newest": "keras==3.15.1 tensorflow-cpu==2.16.2",
    "sections": [
        {
            "spec": "keras==2.15.0 tensorflow-cpu==2.15.1",
            "entries": [
                {
                    "kind": "loud",
                    "what": "metrics.Metric.reset_states is removed",
                    "evidence": "signatures",
                    "guides": ["multi_backend"],
                }
            ],
        },
        {"spec": "keras==3.14.1 tensorflow-cpu==2.16.2", "entries": []},
    ],
    "backends": {
        "environment": "Keras 3.15.1, tensorflow 2.21.0, jax 0.10.2",
        "backends": ["tensorflow", "jax"],
        "rows": [
            {
                "probe": "sigmoid-from-logits",
                "setting": "eager, float32 layer",
                "words": {"tensorflow": "the logits behind it", "jax": "its values"},
            }
        ],
    },
    "exchange": {
        "specs": ["keras==2.15.0 t", "keras==3.15.1 t"],
        "passages": [
            {
                "writer": f"keras=={writer} t",
                "reader": f"keras=={reader} t",
                "model": "generator",
                "form": ".keras",
                "difference": None if bad else 2e-7,
                "error": "TypeError: no" if bad else "",
                "keys": ["InputLayer.batch_shape"] if bad else [],
                "after": "something else" if bad else "",
            }
            for writer, reader, bad in (
                ("2.15.0", "2.15.0", False),
                ("3.15.1", "2.15.0", True),
            )
        ],
    },
}


def test_each_release_has_a_section_and_a_row() -> None:
    text = render(DOCUMENT)
    assert "| Keras 2.15.0 | 1 | 0 | 0 | 0 | 0 | 0 |" in text
    assert "## From Keras 2.15.0" in text
    assert "## From Keras 3.14.1\n\nNothing that the guides use." in text


def test_an_entry_has_its_evidence_and_its_guides() -> None:
    line = "- metrics.Metric.reset\\_states is removed (signatures; multi_backend)"
    assert line in render(DOCUMENT)


def test_the_command_that_made_it_is_named() -> None:
    assert "Made by `python -m tools.changes` on 2026-11-21" in render(DOCUMENT)


def test_a_failure_names_the_offending_key() -> None:
    assert (
        "- Keras 2.15.0 reading `.keras` of Keras 3.15.1 (generator): "
        "`InputLayer.batch_shape` (then something else)"
    ) in render(DOCUMENT)
