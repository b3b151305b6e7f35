"""Why each dialect's program looks the way it does."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attrs import frozen

from core.site.texts import Text, same


@frozen
class Portrait:
    """A dialect in words.

    Attributes:
        name: what its column is called.
        sub: what it runs on.
        why: why its program looks as it does, point by point.
    """

    name: Text
    sub: Text
    why: tuple[Text, ...]


PORTRAITS: Mapping[str, Portrait] = MappingProxyType(
    {
        "tensorflow": Portrait(
            same("TensorFlow"),
            Text("Keras 3, GradientTape", "Keras 3，GradientTape"),
            (
                Text(
                    "A tape records what runs inside the `with` block; `tape.gradient` then walks "
                    "it backwards.",
                    "磁带记录 `with` 块内的运算；`tape.gradient` 再沿它反向求导。",
                ),
                Text(
                    "Weights, slots and metrics are objects that change in place, so nothing has "
                    "to be handed around.",
                    "权重、优化器槽和指标都是就地改变的对象，因此无须传来传去。",
                ),
                Text(
                    "`@tf.function` turns the step into a graph: faster, with the same numbers.",
                    "`@tf.function` 把步骤变成计算图：更快，数值相同。",
                ),
            ),
        ),
        "jax": Portrait(
            same("JAX"),
            Text("Keras 3, value_and_grad, jit", "Keras 3，value_and_grad、jit"),
            (
                Text(
                    "JAX transforms functions. What it differentiates and compiles must be a pure "
                    "function: all that changes goes in as an argument and comes out as a result.",
                    "JAX 变换的是函数。它求导和编译的必须是纯函数：凡会改变的，都作为参数传入、"
                    "作为结果传出。",
                ),
                Text(
                    "Hence `stateless_call`, `stateless_apply` and `stateless_update_state`: the "
                    "same Keras operations, with their state in plain sight.",
                    "因此有 `stateless_call`、`stateless_apply` 与 `stateless_update_state`："
                    "同样的 Keras 运算，状态摆在明处。",
                ),
                Text(
                    "There is no tape: `value_and_grad` turns the function that computes the loss "
                    "into one that also returns its gradients.",
                    "没有磁带：`value_and_grad` 把计算损失的函数变成同时返回梯度的函数。",
                ),
                Text(
                    "After the loop the trained weights are put back into the model.",
                    "循环结束后，再把训练好的权重写回模型。",
                ),
            ),
        ),
        "torch": Portrait(
            same("torch"),
            Text("Keras 3, autograd", "Keras 3，autograd"),
            (
                Text(
                    "torch always records, so the forward pass needs no block around it; "
                    "`autograd.grad` asks for the gradients.",
                    "torch 始终在记录，所以前向计算外面不需要代码块；梯度由 `autograd.grad` 取得。",
                ),
                Text(
                    "What must not be recorded says so: updates and evaluation run under "
                    "`torch.no_grad()`.",
                    "不该记录的要明说：更新与评估在 `torch.no_grad()` 之下运行。",
                ),
                Text(
                    "Nothing is compiled: each operation runs when Python reaches it.",
                    "不做编译：Python 执行到哪里，运算就进行到哪里。",
                ),
            ),
        ),
        "legacy": Portrait(
            same("Keras 2"),
            Text("as the older guides wrote it", "旧教程的写法"),
            (
                Text(
                    "`apply_gradients(zip(…))`, `reset_states`, `LeakyReLU(alpha=…)`: the names "
                    "before Keras 3. Searches still turn them up.",
                    "`apply_gradients(zip(…))`、`reset_states`、`LeakyReLU(alpha=…)`："
                    "Keras 3 之前的名字，如今仍常能搜到。",
                ),
                Text(
                    "Keras 3 still takes some of them and refuses others, `reset_states` among "
                    "these.",
                    "其中一些 Keras 3 仍然接受，另一些则拒绝，例如 `reset_states`。",
                ),
            ),
        ),
        "r": Portrait(
            same("R"),
            Text("keras3 for R", "R 语言的 keras3"),
            (
                Text(
                    "Pipes build models, `%<-%` takes batches apart, `%as%` names the tape.",
                    "用管道搭建模型，用 `%<-%` 拆开批次，用 `%as%` 给磁带命名。",
                ),
                Text(
                    "R counts from 1, also the steps; `iter_next` returns `NULL` at the end.",
                    "R 从 1 数起，步数也是；到结尾时 `iter_next` 返回 `NULL`。",
                ),
                Text(
                    "Beneath it are the same Python objects: the same calls in the same order give "
                    "bit-identical losses.",
                    "底下是同样的 Python 对象：相同的调用、相同的顺序，得到逐位相同的损失。",
                ),
            ),
        ),
        "fit": Portrait(
            same("fit"),
            Text("compile and fit", "compile 与 fit"),
            (
                Text(
                    "The whole loop in one call. What stands in a column of its own elsewhere "
                    "happens inside `fit`.",
                    "一次调用就是整个循环。别处单独成行的内容，都在 `fit` 内部发生。",
                ),
                Text(
                    "`fit` prints the mean loss of the epoch so far, a loop prints the loss of one "
                    "batch: other figures for the same training.",
                    "`fit` 打印本轮至今的平均损失，循环打印单个批次的损失：同样的训练，"
                    "不同的数字。",
                ),
            ),
        ),
    }
)
