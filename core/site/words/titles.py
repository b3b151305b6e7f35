"""Section titles and introductions in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.site.texts import Text, same
from core.spec import Scenario

_ZH: Mapping[str, str] = MappingProxyType(
    {
        "A first end-to-end example": "完整的第一个例子",
        "A first end-to-end example with gradient tapes": "用梯度带写的第一个完整例子",
        "Low-level handling of metrics": "自己更新与读取指标",
        "Speeding up the training step by compiling it": "编译训练步骤以提速",
        "Low-level handling of losses tracked by the model": "把模型自带的损失计入总损失",
        "End-to-end example: a GAN training loop from scratch": "完整例子：手写 GAN 的训练循环",
        "A deep convolutional GAN on MNIST": "MNIST 上的深度卷积 GAN",
        "as published": "照原文",
        "as intended": "按本意",
        "The loss computed from logits, on every backend": "由 logits 计算损失（所有后端）",
        "The sigmoid applied twice, on every backend": "sigmoid 用了两次（所有后端）",
    }
)
_GUIDES: Mapping[str, str] = MappingProxyType(
    {
        "Writing a training loop from scratch in TensorFlow": "在 TensorFlow 中从零编写训练循环",
        "Writing a training loop from scratch": "从零编写训练循环（旧版）",
        "Writing a training loop from scratch in TensorFlow (R keras3)": (
            "在 TensorFlow 中从零编写训练循环（R keras3）"
        ),
        "Creating DCGAN with TensorFlow 2 and Keras": "用 TensorFlow 2 和 Keras 构建 DCGAN",
    }
)
_ENGLISH = {zh: en for en, zh in _ZH.items()}
_SECTIONS: Mapping[str, Text] = MappingProxyType(
    {
        "first_loop": Text(
            "Batches go in, a loss comes out, gradients move the weights: the whole of training in "
            "a dozen lines.",
            "批次进，损失出，梯度推动权重：十几行代码就是训练的全部。",
        ),
        "metrics": Text(
            "The same loop with a measure of success: accuracy over an epoch and on samples that "
            "were set aside.",
            "同一个循环，加上成效的度量：整轮的准确率，以及在留出样本上的准确率。",
        ),
        "compiled": Text(
            "The step becomes a function that is compiled once: the same numbers, several times as "
            "fast.",
            "把步骤变成只编译一次的函数：数值相同，速度快数倍。",
        ),
        "tracked_losses": Text(
            "A layer adds a loss of its own, and the loop has to remember to count it.",
            "某一层自带损失，循环必须记得把它算进去。",
        ),
        "gan": Text(
            "Two models, two optimizers, one step: a generator learns to draw, a discriminator to "
            "tell drawings from photographs.",
            "两个模型、两个优化器、一个步骤：生成器学画，判别器学辨真假。",
        ),
        "dcgan": Text(
            "Two tapes over one forward pass, batch statistics and dropout: the details on which "
            "implementations part.",
            "一次前向计算、两条磁带，外加批统计与 dropout：各实现正是在这些细节上分道扬镳。",
        ),
    }
)


def section_title(scenario: Scenario) -> Text:
    """A section's title; in the language of its guide where there is no other."""
    title = scenario.title
    if title in _ENGLISH:
        return Text(_ENGLISH[title], title)
    if title in _ZH:
        return Text(title, _ZH[title])
    for separator in (", ", ": "):
        head, found, variant = title.rpartition(separator)
        if found and head in _ZH and variant in _ZH:
            return Text(title, f"{_ZH[head]}（{_ZH[variant]}）")
    return same(title)


def guide_title(scenario: Scenario) -> Text:
    """A guide's title with its translation."""
    title = scenario.guide.title
    return Text(title, _GUIDES[title]) if title in _GUIDES else same(title)


def introduction(scenario: Scenario) -> Text | None:
    """What a section shows, in one sentence."""
    return _SECTIONS.get(scenario.section.partition("~")[0])
