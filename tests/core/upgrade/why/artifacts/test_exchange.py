from core.upgrade.why.artifacts.exchange import Passage, passage_of, passages_of


def test_a_small_difference_is_rounding_and_works() -> None:
    passage = passage_of("a", "b", "generator.keras", {"difference": 2e-7})
    assert (True, "generator", ".keras", "2.0e-07") == (
        passage.works,
        passage.model,
        passage.form,
        passage.words,
    )


def test_weights_are_a_format_of_their_own() -> None:
    assert ".weights.h5" == passage_of("a", "b", "my model.weights.h5", {"difference": 0.0}).form


def test_other_predictions_do_not_work() -> None:
    assert not passage_of("a", "b", "g.h5", {"difference": 0.25}).works


def test_predictions_that_are_no_numbers_do_not_work() -> None:
    passage = passage_of("a", "b", "g.h5", {"difference": float("nan")})
    assert (None, "predictions are not finite") == (passage.difference, passage.error)


def test_a_failure_names_the_keys_without_which_it_loads() -> None:
    answer = {
        "error": "TypeError: …",
        "keys": ["Dense.quantization_config"],
        "after": "",
        "difference": 0.0,
    }
    passage = passage_of("new", "old", "g.keras", answer)
    assert not passage.works
    assert "fails because of Dense.quantization_config" == passage.words


def test_what_its_writer_could_not_write_is_not_the_readers_fault() -> None:
    (passage,) = passages_of("a", "b", {"g.h5": "ValueError: no"}, {})
    assert "fails: not written: ValueError: no" == passage.words


def test_a_file_that_the_reader_does_not_mention_does_not_work() -> None:
    (passage,) = passages_of("a", "b", {"g.h5": ""}, {})
    assert Passage("a", "b", "g", ".h5") == passage
    assert not passage.works


def test_a_message_names_no_folder_of_the_machine() -> None:
    passage = passage_of("a", "b", "g.h5", {"error": "OSError: '/some/where/else/g.h5' is bad"})
    assert "OSError: '…/g.h5' is bad" == passage.error
