"""What is wrong in the translated text: the English guide's defects, which its code shares."""

import attrs

from scenarios import keras_io_tf

DEFECTS = tuple(
    # A translation's lines are its own; no figure of it is wrong because of one of these.
    attrs.evolve(defect, id=defect.id.replace("keras_io_tf/", "keras_io_tf_zh/", 1), lines=())
    for defect in keras_io_tf.DEFECTS
)
