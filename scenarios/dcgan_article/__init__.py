"""MachineCurve's article "Creating DCGAN with TensorFlow 2 and Keras"."""

from scenarios.dcgan_article.dcgan import DCGAN, GUIDE
from scenarios.dcgan_article.defects import DEFECTS

SCENARIOS = (DCGAN,)

__all__ = ["DEFECTS", "GUIDE", "SCENARIOS"]
