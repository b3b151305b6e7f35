"""Deprecated and removed names, each with its replacement.

Sources: the release notes and the code of Keras 2.15 to 3.15, TensorFlow 2, JAX 0.4 to 0.10,
torch 2 and NumPy 1.24. `gone` is the first release without it; where a release only warns, `gone`
is empty.
"""

from __future__ import annotations

from typing import Literal

from attrs import frozen

Version = tuple[int, ...]


@frozen
class Old:
    """A name that is on its way out.

    Attributes:
        kind: `method` (called on any object), `name` (a dotted name; all below it where it ends in
            a dot), `keyword` (of a call whose name ends in `owner`), or `suffix` (of a path that a
            model is saved to).
        name: the method, dotted name, keyword or suffix.
        new: what to write instead.
        package: the package whose version decides.
        gone: the first version without it; empty where it still works.
        owner: the callable that has the keyword; a part in front of a dot has to be in its name.
    """

    kind: Literal["method", "name", "keyword", "suffix"]
    name: str
    new: str
    package: str
    gone: Version = ()
    owner: str = ""


KERAS_3: Version = (3,)

TABLE: tuple[Old, ...] = (
    Old("method", "reset_states", "`reset_state()`", "keras", KERAS_3),
    Old("method", "fit_generator", "`fit`, which takes generators", "keras", KERAS_3),
    Old("method", "evaluate_generator", "`evaluate`, which takes generators", "keras", KERAS_3),
    Old("method", "predict_generator", "`predict`, which takes generators", "keras", KERAS_3),
    Old("method", "predict_classes", "`predict(…).argmax(axis=-1)`", "keras", KERAS_3),
    Old("keyword", "alpha", "`negative_slope=`", "keras", owner="LeakyReLU"),
    Old("keyword", "lr", "`learning_rate=`", "keras", KERAS_3, "optimizers."),
    Old("keyword", "decay", "a learning-rate schedule", "keras", KERAS_3, "optimizers."),
    Old("keyword", "save_format", "a path that ends in `.keras`", "keras", KERAS_3, "save"),
    Old("keyword", "save_format", "a path that ends in `.keras`", "keras", KERAS_3, "save_model"),
    Old(
        "keyword",
        "options",
        "nothing: `.keras` files have no such option",
        "keras",
        KERAS_3,
        "save_model",
    ),
    Old("keyword", "signatures", "`model.export(…)`", "keras", KERAS_3, "save_model"),
    Old(
        "keyword",
        "input_length",
        "nothing: the length is found at run time",
        "keras",
        owner="Embedding",
    ),
    Old("keyword", "time_major", "a transposed input", "keras", KERAS_3, "LSTM"),
    Old("keyword", "time_major", "a transposed input", "keras", KERAS_3, "GRU"),
    Old("suffix", ".model", "a path that ends in `.keras`", "keras", KERAS_3),
    Old("suffix", ".tf", "a path that ends in `.keras`", "keras", KERAS_3),
    Old("suffix", ".pb", "a path that ends in `.keras`, or `model.export(…)`", "keras", KERAS_3),
    Old("suffix", ".h5", "a path that ends in `.keras`", "keras"),
    Old("name", "keras.layers.experimental.preprocessing.", "`keras.layers`", "keras", KERAS_3),
    Old("name", "keras.layers.CuDNNLSTM", "`keras.layers.LSTM`", "keras", KERAS_3),
    Old("name", "keras.layers.CuDNNGRU", "`keras.layers.GRU`", "keras", KERAS_3),
    Old(
        "name", "keras.layers.ThresholdedReLU", "`keras.layers.ReLU(threshold=…)`", "keras", KERAS_3
    ),
    Old("name", "keras.optimizers.legacy.", "`keras.optimizers`", "keras", KERAS_3),
    Old("name", "keras.optimizers.experimental.", "`keras.optimizers`", "keras", KERAS_3),
    Old("name", "keras.utils.np_utils.", "`keras.utils`", "keras", KERAS_3),
    Old("name", "keras.wrappers.scikit_learn.", "the package `scikeras`", "keras", KERAS_3),
    Old("name", "keras.estimator.", "`model.fit`", "keras", KERAS_3),
    Old(
        "name",
        "keras.preprocessing.image.ImageDataGenerator",
        "`keras.utils.image_dataset_from_directory`",
        "keras",
    ),
    Old("name", "keras.preprocessing.text.", "`keras.layers.TextVectorization`", "keras"),
    Old("name", "tensorflow.Session", "eager execution", "tensorflow", (2,)),
    Old("name", "tensorflow.placeholder", "a function's argument", "tensorflow", (2,)),
    Old(
        "name",
        "tensorflow.global_variables_initializer",
        "nothing: variables have values",
        "tensorflow",
        (2,),
    ),
    Old("name", "tensorflow.contrib.", "the package that took it over", "tensorflow", (2,)),
    Old("name", "tensorflow.estimator.", "`keras.Model`", "tensorflow", (2, 16)),
    Old("name", "tensorflow.data.experimental.AUTOTUNE", "`tf.data.AUTOTUNE`", "tensorflow"),
    Old("name", "tensorflow.random_normal", "`tf.random.normal`", "tensorflow", (2,)),
    Old("name", "jax.tree_map", "`jax.tree.map`", "jax", (0, 6)),
    Old("name", "jax.tree_multimap", "`jax.tree.map`", "jax", (0, 4)),
    Old("name", "jax.experimental.optimizers.", "the package `optax`", "jax", (0, 4)),
    Old("name", "jax.experimental.stax.", "`keras`, or the package `flax`", "jax", (0, 4)),
    Old("name", "jax.experimental.host_callback.", "`jax.experimental.io_callback`", "jax", (0, 5)),
    Old(
        "name", "torch.autograd.Variable", "a tensor: tensors record gradients themselves", "torch"
    ),
    Old("name", "torch.cuda.amp.", "`torch.amp`", "torch"),
    Old("name", "torch.nn.functional.tanh", "`torch.tanh`", "torch"),
    Old("keyword", "size_average", "`reduction=`", "torch", owner="Loss"),
    Old("keyword", "volatile", "`torch.no_grad()`", "torch", (0, 4), "Variable"),
    Old("name", "numpy.float", "`float`, or `np.float64`", "numpy", (1, 24)),
    Old("name", "numpy.int", "`int`, or `np.int64`", "numpy", (1, 24)),
    Old("name", "numpy.object", "`object`", "numpy", (1, 24)),
)
"""The list; the lists of methods and keywords hold for every object, so they are specific ones."""
