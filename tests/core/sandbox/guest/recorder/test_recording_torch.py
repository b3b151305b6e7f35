"""What is recorded of torch loops, with Keras and without."""

from __future__ import annotations

import pytest

from core.sandbox.guest.events import OptimizerSeen, Pass, Trained, Updates
from core.sandbox.host import ExecutionRecord, Limits, run
from tests.core.sandbox.host.small_documents import printed, program, statuses

SETUP = """
    import os
    os.environ["KERAS_BACKEND"] = "torch"
    import torch
    import keras
    import numpy as np

    x = np.random.rand(60, 4).astype("float32")
    y = (x.sum(1) > 2).astype("int64")
    data = torch.utils.data.TensorDataset(torch.tensor(x), torch.tensor(y))
    loader = torch.utils.data.DataLoader(data, batch_size=10, shuffle=True)
"""
KERAS = """
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    optimizer = keras.optimizers.Adam(1e-2)
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for a, b in loader:
        loss = loss_fn(b, model(a, training=True))
        model.zero_grad()
        loss.backward()
        gradients = [v.value.grad for v in model.trainable_weights]
        with torch.no_grad():
            optimizer.apply(gradients, model.trainable_weights)
    print(loss.item())
"""
TORCH = """
    net = torch.nn.Linear(4, 2)
    sgd = torch.optim.SGD(net.parameters(), lr=0.1)
    for epoch in range(2):
        for a, b in loader:
            loss = torch.nn.functional.cross_entropy(net(a), b)
            sgd.zero_grad()
            loss.backward()
            sgd.step()
        print(loss.item())
"""


@pytest.fixture(scope="module")
def record() -> ExecutionRecord:
    """The document, executed."""
    return run(program(SETUP, KERAS, TORCH), Limits(max_steps=15), seed=5)


def test_losses_come_from_what_was_differentiated(record: ExecutionRecord) -> None:
    updates = record.of(Updates)
    values = [value for update in updates for (value,) in update.losses]
    assert ["ok", "ok", "ok"] == statuses(record)
    assert 15 == len(values)
    rows = [float(row) for row in printed(record)]
    assert values[5] == rows[0]
    assert values[11] == rows[1]
    assert values[14] == rows[2]


def test_both_kinds_of_optimizers(record: ExecutionRecord) -> None:
    assert ["Adam", "SGD"] == [o.kind for o in record.of(OptimizerSeen)]
    assert [0.1] == [o.learning_rate for o in record.of(OptimizerSeen)][1:]
    assert {()} == {t.unchanged for t in record.of(Trained)}


def test_a_loader_is_ended_by_the_budget(record: ExecutionRecord) -> None:
    passes = record.of(Pass)
    assert ["exhausted", "exhausted", "cut"] == [p.ended for p in passes]
    assert [6, 6, 3] == [p.steps for p in passes]
    assert {"DataLoader"} == {p.data for p in passes}
    cut = record.cells[2].cut
    assert cut is not None
    assert 3 == cut.pass_number
