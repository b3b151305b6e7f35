"""Which distribution brings a package: what is installed under another name than it is imported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import packages_distributions

from packaging.utils import canonicalize_name

NAMES: Mapping[str, str] = {
    "PIL": "pillow",
    "cv2": "opencv-python",
    "keras_cv": "keras-cv",
    "keras_hub": "keras-hub",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "tensorflow": "tensorflow",
    "tf_keras": "tf-keras",
    "yaml": "pyyaml",
}
"""Where the two names differ, and loops often import it; else what is installed here says."""


def distributions(packages: Iterable[str]) -> frozenset[str]:
    """The distributions that bring packages, by their canonical names.

    A package that neither the list nor this environment knows is taken to be called as its
    distribution; nothing is looked up, and nothing is installed for it.
    """
    here = packages_distributions()
    found = set()
    for package in packages:
        named = NAMES.get(package)
        brought = [named] if named else here.get(package, [package])
        found |= {canonicalize_name(name) for name in brought}
    return frozenset(found)
