"""MachineCurve's article "Creating DCGAN with TensorFlow 2 and Keras"."""

from scenarios.dcgan_article.dcgan import DCGAN, GUIDE
from scenarios.dcgan_article.defects import DEFECTS
from scenarios.dcgan_article.readings import DCGAN_LOGITS, DCGAN_TWICE

SCENARIOS = (DCGAN, DCGAN_LOGITS, DCGAN_TWICE)

__all__ = ["DEFECTS", "GUIDE", "SCENARIOS"]
