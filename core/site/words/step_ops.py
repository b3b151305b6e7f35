"""Step ops explained."""

from __future__ import annotations

from core.site.texts import Text
from core.site.words.explanation import Explanation

STEP = (
    Explanation(
        "GradScope",
        Text("record for differentiation", "记录运算以便求导"),
        Text(
            "Marks the forward pass whose operations are to be differentiated: a tape in "
            "TensorFlow, a function in JAX, nothing at all in torch, which always records.",
            "标出需要求导的前向计算：TensorFlow 用磁带（tape），JAX 用函数，"
            "torch 始终在记录，因而什么也不用写。",
        ),
        Text(
            "What is computed outside it has no gradient: TensorFlow returns `None`, and the "
            "weights never move.",
            "在它之外计算的东西没有梯度：TensorFlow 返回 `None`，权重纹丝不动。",
        ),
    ),
    Explanation(
        "Call",
        Text("call a model", "调用模型"),
        Text(
            "Runs the model on a batch. `training=True` switches dropout and batch statistics on, "
            "`training=False` off.",
            "对一个批次运行模型。`training=True` 启用 dropout 与批统计，`training=False` 关闭。",
        ),
        Text(
            "Forgetting `training=True` trains without dropout and never updates BatchNorm; "
            "forgetting `training=False` makes every evaluation noisy and too low.",
            "忘了 `training=True`，训练就没有 dropout，BatchNorm 也不更新；"
            "忘了 `training=False`，每次评估都带噪声且偏低。",
        ),
    ),
    Explanation(
        "Loss",
        Text("compute a loss", "计算损失"),
        Text(
            "One number for the batch: the mean over its samples of how wrong the prediction is.",
            "整个批次得到一个数：各样本预测误差的平均。",
        ),
        Text(
            "Sums instead of means make the step size depend on the batch size; labels and "
            "predictions the wrong way round give a number too, and no error.",
            "用求和代替平均，步长就随批大小变化；标签与预测写反也会得到一个数，而不报错。",
        ),
    ),
    Explanation(
        "AddTracked",
        Text("add the losses a model tracked", "加上模型记录的损失"),
        Text(
            "Layers may add losses of their own while they are called, such as a regularization; "
            "the loop has to add them to the total.",
            "层在被调用时可以自行添加损失（例如正则项）；循环必须把它们加进总损失。",
        ),
        Text(
            "`fit` does it by itself, a loop of your own does not: the regularization is computed "
            "and then ignored.",
            "`fit` 会自动加上，自己写的循环不会：正则项算了出来，却被忽略。",
        ),
    ),
    Explanation(
        "Gradients",
        Text("differentiate", "求梯度"),
        Text(
            "How the loss changes with each trainable weight: one array per weight.",
            "损失随每个可训练权重的变化：每个权重对应一个数组。",
        ),
        Text(
            "Differentiate with regard to the wrong model, and a GAN trains the half that it meant "
            "to hold still.",
            "若对错误的模型求导，GAN 就会去训练本应保持不动的那一半。",
        ),
    ),
    Explanation(
        "Apply",
        Text("apply gradients", "应用梯度"),
        Text(
            "One step of the optimizer: moves the weights against their gradients. The only line "
            "of the loop that learns.",
            "优化器走一步：沿梯度反方向移动权重。整个循环里唯一在学习的一行。",
        ),
        Text(
            "Left out, everything still runs and prints; the loss only wanders around its first "
            "value.",
            "漏掉它，一切照常运行和打印，损失只是在初值附近徘徊。",
        ),
    ),
    Explanation(
        "UpdateMetric",
        Text("update a metric", "更新指标"),
        Text(
            "Adds a batch to the counts of a metric.",
            "把一个批次计入指标。",
        ),
        Text(
            "Without it the metric reads 0. With one metric for both, training accuracy is mixed "
            "with validation accuracy.",
            "没有它，指标读数为 0。若训练与验证共用一个指标，两种准确率就混在一起。",
        ),
    ),
    Explanation(
        "Draw",
        Text("draw random numbers", "抽取随机数"),
        Text(
            "Latent vectors for a generator, or noise for labels. TensorFlow seeds every drawing "
            "op by itself, JAX wants a key, torch has one generator.",
            "生成器的潜在向量，或标签的噪声。TensorFlow 为每个抽样运算单独设种子，"
            "JAX 需要一把密钥，torch 只有一个生成器。",
        ),
        Text(
            "Re-using a JAX key draws the same numbers again at every step, and the generator "
            "learns to draw a single picture.",
            "重复使用同一把 JAX 密钥，每一步都会抽到同样的数，生成器就只学会画一张图。",
        ),
    ),
    Explanation(
        "Fill",
        Text("fill a tensor", "填充张量"),
        Text(
            "A tensor of one value: labels that say real or fake.",
            "填满同一个值的张量：表示真或假的标签。",
        ),
        Text(
            "A last batch may be smaller: labels of the constant batch size then no longer fit. "
            "The R guide asks each tensor for its size instead.",
            "最后一批可能更小：按固定批大小做的标签就对不上。R 教程改为询问每个张量的大小。",
        ),
    ),
    Explanation(
        "Concat",
        Text("join tensors", "拼接张量"),
        Text(
            "Puts fake and real images (and their labels) into one batch, in the same order.",
            "把假图与真图（及其标签）按相同顺序拼成一批。",
        ),
        Text(
            "Images joined in one order and labels in the other train the discriminator to be "
            "wrong, without an error.",
            "图像与标签的拼接顺序若相反，判别器就会被教成总是判错，而不报错。",
        ),
    ),
    Explanation(
        "Affine",
        Text("scale and add", "缩放并相加"),
        Text(
            "Adds a little noise to the labels, so that the discriminator cannot be too sure.",
            "给标签加一点噪声，使判别器不至于过分自信。",
        ),
        Text(
            "Without it the discriminator often wins early, and the generator's gradients fade.",
            "没有它，判别器往往早早获胜，生成器的梯度随之消失。",
        ),
    ),
    Explanation(
        "Sum",
        Text("add tensors", "张量相加"),
        Text(
            "Adds losses: on real images and on fake ones.",
            "把损失相加：真图上的与假图上的。",
        ),
        Text(
            "With one of the two left out, the discriminator learns to call everything real, or "
            "everything fake.",
            "漏掉其中一项，判别器就会学会把一切都判为真，或都判为假。",
        ),
    ),
    Explanation(
        "Return",
        Text("return", "返回"),
        Text(
            "What a step hands back for logging: its losses, and images where a guide saves them.",
            "一步交回用于记录的东西：损失，以及教程要保存的图像。",
        ),
        Text(
            "A step that returns nothing leaves the log to print an old global: the R guide's "
            "compiled section does so.",
            "什么也不返回的步骤，日志打印的就是旧的全局变量：R 教程的编译一节正是如此。",
        ),
    ),
)
