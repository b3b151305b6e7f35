"""Which runs a horizon is measured from."""

from __future__ import annotations

from attrs import evolve

from core.check.horizon.campaign import horizons, is_base, variation_of, variations
from core.check.horizon.variation import BASE, VARIATIONS, on_processor
from core.run.backends.arithmetic import Arithmetic
from core.run.runner.options import RunOptions
from core.run.worker import Job, Outcome
from core.spec import Scenario
from scenarios.dcgan_article import SCENARIOS as ARTICLE
from scenarios.keras_io_tf import SCENARIOS as GUIDE
from tests.example_traces import TRACE

FIRST, GAN = GUIDE[0], GUIDE[-1]


def job(backend: str, scenario: Scenario = FIRST) -> Job:
    return Job(
        name=f"guide@{backend}",
        backend=backend,
        scenarios=(scenario.id,),
        options=RunOptions(seed=3, randomness="controlled"),
        data="digits",
        repository="repository",
    )


def outcome(ran: Job) -> Outcome:
    name = ran.scenarios[0]
    return Outcome(ran, {name: evolve(TRACE, scenario=name, backend=ran.backend)})


def names(scenario: Scenario, backends: tuple[str, ...]) -> dict[str, list[str]]:
    jobs = [job(backend, scenario) for backend in backends]
    whole = [each for base in jobs for each in (base, *variations(base))]
    found = horizons([scenario], [outcome(each) for each in whole])
    return {backend: [s.name for s in h.samples] for (_, backend), h in found.items()}


def test_every_variation_is_a_job_of_its_own_and_is_known_again() -> None:
    made = variations(job("torch"))
    assert list(VARIATIONS) == [variation_of(each) for each in made]
    assert [False] * 3 == [is_base(each) for each in made]
    assert BASE == variation_of(job("torch"))
    assert is_base(job("torch"))
    assert 4 == len({each.name for each in (job("torch"), *made)})


def test_the_other_number_of_threads_is_another_than_the_pinned_one() -> None:
    found = {v.arithmetic(b).threads for v in VARIATIONS for b in ("tensorflow",)} - {None}
    assert {1} == found
    assert {2} == {v.arithmetic("torch").threads for v in VARIATIONS} - {None}


def test_emulated_processors_are_further_variations() -> None:
    made = variations(job("jax"), ("EPYC", "Haswell"))
    assert ["EPYC", "Haswell"] == [each.arithmetic.processor for each in made[len(VARIATIONS) :]]
    known = [variation_of(each) for each in made]
    assert [*VARIATIONS, on_processor("EPYC"), on_processor("Haswell")] == known
    assert not any(is_base(each) for each in made)
    assert BASE == on_processor("")


def test_an_emulated_run_is_a_further_sample_of_each_backend() -> None:
    plain, emulated = job("tensorflow"), job("jax")
    ran = [plain, *variations(plain), emulated, *variations(emulated, ("EPYC",))]
    found = horizons([FIRST], [outcome(each) for each in ran])
    for _, horizon in found.items():
        samples = [sample.name for sample in horizon.samples]
        assert 3 + 4 + 1 == len(samples)
        assert "jax: emulated EPYC" in samples


def test_a_native_job_is_no_base() -> None:
    native = evolve(job("jax"), options=RunOptions(seed=3))
    assert not is_base(native)


def test_backends_pool_their_samples() -> None:
    found = names(FIRST, ("tensorflow", "jax"))
    assert 3 + 3 + 1 == len(found["tensorflow"])
    assert found["tensorflow"][0].startswith("tensorflow: ")
    assert found["jax"][0].startswith("jax: ")
    assert sorted(found["tensorflow"]) == sorted(found["jax"])


def test_backends_that_compute_something_else_are_not_compared_with_each_other() -> None:
    found = names(GAN, ("tensorflow", "jax", "torch"))
    assert 9 + 1 == len(found["tensorflow"]) == len(found["jax"])
    assert ["tensorflow and torch"] == [name for name in found["jax"] if " and " in name]
    article = names(ARTICLE[0], ("tensorflow", "torch"))
    assert [6, 6] == [len(found) for found in article.values()]


def test_without_all_its_variations_a_run_has_no_horizon() -> None:
    base = job("tensorflow")
    ran = [outcome(each) for each in (base, *variations(base)[:2])]
    assert {} == horizons([FIRST], ran)
    emulated = outcome(variations(base, ("EPYC",))[-1])
    assert {} == horizons([FIRST], [*ran, emulated])


def test_a_job_with_other_arithmetic_is_no_base() -> None:
    assert not is_base(evolve(job("jax"), arithmetic=Arithmetic(threads=1)))
