"""Ops that log, save, read and evaluate, explained."""

from __future__ import annotations

from core.site.texts import Text
from core.site.words.explanation import Explanation

LOG = (
    Explanation(
        "Log",
        Text("print", "打印"),
        Text(
            "A line for the reader: the loss of one batch, an accuracy, a time.",
            "给读者看的一行：某个批次的损失、准确率或耗时。",
        ),
        Text(
            "Every line makes the program wait for the numbers: printing at each step costs more "
            "than the step itself.",
            "每打印一行，程序都要等数值算完：每步都打印，比这一步本身还费时。",
        ),
    ),
    Explanation(
        "ReadMetric",
        Text("read a metric", "读取指标"),
        Text("The metric's value, as a number.", "把指标的当前值读成一个数。"),
        Text(
            "Read after the reset, it says 0.",
            "在重置之后才读，得到的是 0。",
        ),
    ),
    Explanation(
        "ResetMetric",
        Text("reset a metric", "重置指标"),
        Text(
            "Sets the counts back to zero, so that the next epoch is measured alone.",
            "把计数清零，使下一轮单独计算。",
        ),
        Text(
            "Without it each epoch's accuracy is the average of all epochs so far: always too low "
            "while the model improves.",
            "没有它，每一轮的准确率都是至今所有轮的平均：模型在进步时总是偏低。",
        ),
    ),
    Explanation(
        "Validate",
        Text("evaluate on a dataset", "在数据集上评估"),
        Text(
            "Runs the evaluation step over every batch of the samples that were set aside.",
            "对留出的样本逐批运行评估步骤。",
        ),
        Text(
            "Without it nobody sees when a model only learns its training samples by heart.",
            "没有它，就看不出模型是否只是把训练样本背了下来。",
        ),
    ),
    Explanation(
        "SaveImage",
        Text("save an image", "保存图像"),
        Text(
            "Saves the first generated image; pixels are scaled back to 0…255.",
            "保存第一张生成的图像；像素缩放回 0…255。",
        ),
        Text(
            "A loss says little about a GAN: only pictures show whether it has learnt to draw.",
            "GAN 的损失说明不了多少：只有图像才看得出它是否学会了画。",
        ),
    ),
    Explanation(
        "Sheet",
        Text("save a sheet of images", "保存一页图像"),
        Text(
            "Sixteen generated images on one sheet, each stretched from its darkest to its "
            "brightest pixel.",
            "一页十六张生成图像，每张都从最暗到最亮拉伸。",
        ),
        Text(
            "One image alone hides a collapse: a generator that always draws the same picture.",
            "只看一张图发现不了坍缩：生成器总在画同一张图。",
        ),
    ),
    Explanation(
        "SaveModel",
        Text("save a model", "保存模型"),
        Text(
            "Writes architecture, weights and optimizer state to a `.keras` file.",
            "把结构、权重与优化器状态写入 `.keras` 文件。",
        ),
        Text(
            "Keras 3 refuses other endings and Keras 2's extra arguments: the article as published "
            "trains for an epoch and then stops with an error.",
            "Keras 3 拒绝其他后缀和 Keras 2 的额外参数：文章按原样训练一轮后就报错中止。",
        ),
    ),
)
