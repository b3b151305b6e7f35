"""Hand-written TensorFlow loops for the guides' classifier, as a reader would write them.

They are what the runner's speed is measured against, and nothing else uses them.
"""

from __future__ import annotations

from typing import Any

from core.run.backends.common import import_keras


class Yardsticks:
    """One model per way of training it, all over the same images.

    Args:
        x: training images, uint8, shape (n, 784).
        y: labels, shape (n,).
        x_val: validation images.
        y_val: validation labels.
        batch: samples per step.
    """

    def __init__(self, x: Any, y: Any, x_val: Any, y_val: Any, batch: int) -> None:
        import tensorflow

        self.tf: Any = tensorflow
        self.keras = import_keras("tensorflow", "float32")
        self.batch = batch
        data = tensorflow.data.Dataset
        self.train = data.from_tensor_slices((x, y)).shuffle(1024).batch(batch)
        self.validation = data.from_tensor_slices((x_val, y_val)).batch(batch)
        self._eager = self._trainer(compiled=False)
        self._graph = self._trainer(compiled=True)
        self._fits: dict[int, Any] = {}

    def _model(self) -> Any:
        keras = self.keras
        inputs = keras.Input(shape=(784,))
        hidden = keras.layers.Dense(64, activation="relu")(inputs)
        hidden = keras.layers.Dense(64, activation="relu")(hidden)
        return keras.Model(inputs, keras.layers.Dense(10)(hidden))

    def _loss(self) -> Any:
        return self.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def _trainer(self, *, compiled: bool) -> Any:
        tf, model = self.tf, self._model()
        optimizer, loss_fn = self.keras.optimizers.Adam(1e-3), self._loss()
        accuracy = self.keras.metrics.SparseCategoricalAccuracy()

        def train(x: Any, y: Any) -> Any:
            with tf.GradientTape() as tape:
                logits = model(x, training=True)
                loss = loss_fn(y, logits)
            gradients = tape.gradient(loss, model.trainable_weights)
            optimizer.apply(gradients, model.trainable_weights)
            accuracy.update_state(y, logits)
            return loss

        def test(x: Any, y: Any) -> None:
            accuracy.update_state(y, model(x, training=False))

        if compiled:
            return tf.function(train), tf.function(test)
        return train, test

    def steps(self, way: str, count: int) -> None:
        """Trains for some steps: `eager`, `graph`, or `fit N` with N steps per execution."""
        if way.startswith("fit"):
            self._fit(int(way.split()[1]), count)
            return
        train, _ = self._eager if way == "eager" else self._graph
        for x, y in self.train.take(count):
            train(x, y)

    def _fit(self, steps_per_execution: int, count: int) -> None:
        if steps_per_execution not in self._fits:
            model = self._model()
            model.compile(
                optimizer=self.keras.optimizers.Adam(1e-3),
                loss=self._loss(),
                metrics=["accuracy"],
                steps_per_execution=steps_per_execution,
            )
            self._fits[steps_per_execution] = model
        self._fits[steps_per_execution].fit(self.train.take(count), verbose=0)

    def whole_guide(self) -> None:
        """The guide's supervised part: three eager epochs, two with validation, two compiled."""
        for way, epochs, validated in (("eager", 3, False), ("eager", 2, True), ("graph", 2, True)):
            train, test = self._eager if way == "eager" else self._graph
            for _ in range(epochs):
                for step, (x, y) in enumerate(self.train):
                    loss = train(x, y)
                    if step % 100 == 0:
                        float(loss)
                if validated:
                    for x, y in self.validation:
                        test(x, y)
