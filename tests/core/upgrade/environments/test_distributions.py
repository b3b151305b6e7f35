from __future__ import annotations

from core.upgrade.environments.distributions import distributions


def test_a_package_is_brought_by_the_distribution_that_is_installed_here() -> None:
    assert {"attrs", "numpy"} == distributions(["attr", "numpy"])


def test_well_known_names_that_differ_are_known_without_being_installed() -> None:
    assert {"pillow", "pyyaml", "tf-keras"} == distributions(["PIL", "yaml", "tf_keras"])


def test_an_unknown_package_is_called_as_its_distribution() -> None:
    assert {"my-own-package"} == distributions(["my_own_package"])
