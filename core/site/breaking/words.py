"""The seeded defects in words: what was changed, what one sees, how to notice."""

from __future__ import annotations

from attrs import frozen

from core.site.texts import Text


@frozen
class Lesson:
    """One defect in words.

    Attributes:
        name: what was done.
        seen: what the curve does.
        notice: how to notice it in a loop of one's own.
        shows: what its chart shows: `loss`, `train_acc` or `val_acc`.
    """

    name: Text
    seen: Text
    notice: Text
    shows: str = "loss"


SOUND = Lesson(
    Text("The loop as it should be", "正确的循环"),
    Text("The loss falls at once and then ever more slowly.", "损失先迅速下降，然后越来越慢。"),
    Text("This is the gray line of all charts.", "各图中的灰线就是它。"),
)
SOUND_DROPOUT = Lesson(
    Text("The same loop with dropout, on scaled pixels", "加上 dropout、像素已缩放的循环"),
    Text("Training is noisier and slower than without.", "训练比不加时更嘈杂、更慢。"),
    Text("The gray line of the charts about dropout.", "与 dropout 有关的图中的灰线。"),
)
NO_APPLY = Lesson(
    Text("Gradients computed, never applied", "算了梯度，却没有应用"),
    Text(
        "The loss stays where it started, for ever. Nothing warns: every line runs and prints.",
        "损失永远停在起点。没有任何警告：每一行都在运行、在打印。",
    ),
    Text(
        "Look at one weight before and after a step: it must have moved.",
        "在一步前后各看一个权重：它必须动过。",
    ),
)
WRONG_MODEL = Lesson(
    Text("The optimizer updates another model", "优化器更新了另一个模型"),
    Text(
        "The same flat line as without an update: the gradients of this model move the weights of "
        "an older one of the same shape.",
        "与不更新一样是平线：这个模型的梯度，推动的是另一个同形状旧模型的权重。",
    ),
    Text(
        "In a notebook, run the cell that builds the model and the one that builds the optimizer "
        "together, always.",
        "在笔记本里，构建模型与构建优化器的单元格总要一起运行。",
    ),
)
RATE_TIMES_10 = Lesson(
    Text("Learning rate ten times as large", "学习率放大十倍"),
    Text(
        "The first steps, on raw pixels, throw the weights so far off that most hidden units never "
        "switch on again. Three epochs later one digit in five is right.",
        "在原始像素上，最初几步就把权重推得太远，多数隐藏单元再也不会激活。三轮之后，"
        "五个数字只对一个。",
    ),
    Text(
        "Compare two rates over a few hundred steps before training for hours.",
        "在训练数小时之前，先用几百步比较两个学习率。",
    ),
)
RATE_TIMES_100 = Lesson(
    Text("Learning rate a hundred times as large", "学习率放大百倍"),
    Text(
        "The loss is stuck near ln 10 = 2.30: the model guesses. The first steps have switched its "
        "hidden units off, and a unit that is off for every image has no gradient.",
        "损失卡在 ln 10 = 2.30 附近：模型在猜。最初几步把隐藏单元都关掉了，"
        "而对所有图像都关闭的单元没有梯度。",
    ),
    Text(
        "A loss of the logarithm of the number of classes means guessing.",
        "损失等于类别数的对数，就是在猜。",
    ),
)
RATE_OVER_100 = Lesson(
    Text("Learning rate a hundredth", "学习率缩小百倍"),
    Text(
        "The loss falls, so nothing looks wrong; it falls a hundred times too slowly.",
        "损失在下降，看不出问题；只是慢了百倍。",
    ),
    Text(
        "On a logarithmic axis a healthy curve bends within the first epoch. This one has hardly "
        "begun.",
        "在对数坐标上，健康的曲线在第一轮内就会拐弯。这条几乎还没开始。",
    ),
)
PROBABILITIES = Lesson(
    Text("Raw scores taken for probabilities", "把原始分数当作概率"),
    Text(
        "With `from_logits=False` the loss cuts raw scores to 0…1. What is cut has no gradient, "
        "and the loss soon says ln 10 = 2.30: guessing.",
        "用 `from_logits=False` 时，损失函数把原始分数截到 0…1。被截掉的没有梯度，"
        "损失很快停在 ln 10 = 2.30：在猜。",
    ),
    Text(
        "Does the last layer end in an activation? If not, the loss needs `from_logits=True`.",
        "最后一层有激活函数吗？若没有，就必须告诉损失函数 `from_logits=True`。",
    ),
)
SQUASHED = Lesson(
    Text(
        "An activation before a loss that wants raw scores", "在需要原始分数的损失之前加了激活函数"
    ),
    Text(
        "On TensorFlow the loss does not change by a bit: Keras finds the scores behind the sigmoid"
        " and uses those. Only the accuracy sinks, because large scores all become 1. On JAX and "
        "torch the same code trains on squashed scores, and its loss cannot go below "
        "ln(1 + 9/e) = 1.46.",
        "在 TensorFlow 上损失逐位不变：Keras 找到 sigmoid 之前的分数并改用它。只有准确率下降，"
        "因为大的分数都变成了 1。"
        "在 JAX 与 torch 上，同样的代码用压缩过的分数训练，损失不可能低于 ln(1 + 9/e) = 1.46。",
    ),
    Text(
        "Run the loop on a second backend: what means the same gives the same first loss.",
        "在另一个后端上运行这个循环：含义相同，首个损失就相同。",
    ),
)
SCALED = Lesson(
    Text("Pixels scaled to 0…1", "把像素缩放到 0…1"),
    Text(
        "No defect but a mend, which the guides leave out: the first loss is 2.5 instead of 165, "
        "and the whole curve lies lower.",
        "这不是缺陷而是改进，教程里没有做：首个损失是 2.5 而不是 165，整条曲线都更低。",
    ),
    Text(
        "The first loss of ten even guesses is ln 10 = 2.30. Anything far above it says that the "
        "inputs are too large.",
        "十类均匀猜测的首个损失是 ln 10 = 2.30。远高于它，就说明输入太大。",
    ),
)
NO_SHUFFLE = Lesson(
    Text("No shuffle", "不打乱顺序"),
    Text(
        "On data that lies in mixed order already, hardly anything: each epoch repeats the same "
        "order. This bug waits for other data.",
        "若数据本来就是混合顺序，几乎没有影响：每一轮重复同一顺序。这个错误在等待别的数据。",
    ),
    Text(
        "Print the labels of the first batches of two epochs: they should differ, and hold all "
        "classes.",
        "打印两轮最初几批的标签：它们应当不同，且各类俱全。",
    ),
)
SORTED_DATA = Lesson(
    Text(
        "Data sorted by class, shuffled through a small buffer", "数据按类别排序，只用小缓冲区打乱"
    ),
    Text(
        "The code is unchanged; the file is sorted by label. A buffer of 1,024 mixes neighbours "
        "only, so that the model learns one class after the other and forgets the one before. The "
        "loss sinks within a class and leaps at the next.",
        "代码没有改动，只是文件按标签排序。大小为 1,024 的缓冲区只混合相邻样本，"
        "模型一类接一类地学，学了新的忘了旧的。"
        "损失在一类之内下降，到下一类又跳升。",
    ),
    Text(
        "A saw-toothed loss, and a validation accuracy far below the training accuracy.",
        "锯齿状的损失，以及远低于训练准确率的验证准确率。",
    ),
)
NEVER_RESET = Lesson(
    Text("Metric never reset", "指标从不重置"),
    Text(
        "The weights are the same to the bit; only the report is wrong. Each epoch's accuracy is "
        "the mean of all epochs so far, and always too low.",
        "权重逐位相同，错的只是报告。每一轮的准确率是至今各轮的平均，总是偏低。",
    ),
    Text(
        "From the second epoch on the printed accuracy lags behind the validation accuracy, more "
        "and more.",
        "从第二轮起，印出的准确率越来越落后于验证准确率。",
    ),
    shows="train_acc",
)
ONE_METRIC = Lesson(
    Text("Validation counted into the training metric", "把验证计入训练指标"),
    Text(
        "Validation accuracy reads 0.0 %, because its own metric is never updated; and from the "
        "second epoch on, the training accuracy contains the validation samples.",
        "验证准确率读数为 0.0%，因为它自己的指标从未更新；而从第二轮起，"
        "训练准确率里混进了验证样本。",
    ),
    Text(
        "An accuracy of exactly 0 is never a bad model: guessing gives 10 %.",
        "准确率恰为 0 从来不是模型差：瞎猜也有 10%。",
    ),
    shows="train_acc",
)
ON_TRAINING_DATA = Lesson(
    Text("Evaluated on the training data", "在训练数据上评估"),
    Text(
        "The report is better than the model: it is asked about what it has learnt by heart.",
        "报告比模型好：考的是它背过的题。",
    ),
    Text(
        "Count the samples that were evaluated: 12,800 are not the 10,000 that were set aside.",
        "数一数评估了多少样本：12,800 个，而不是留出的 10,000 个。",
    ),
    shows="val_acc",
)
NO_TRAINING_FLAG = Lesson(
    Text("`training=True` forgotten", "忘了 `training=True`"),
    Text(
        "Dropout does nothing: the loss is even lower than it should be, because the model trains "
        "without the noise that was asked for.",
        "dropout 不起作用：损失甚至比应有的更低，因为训练时没有所要求的噪声。",
    ),
    Text(
        "Change the dropout rate: if the first losses do not move, the flag is missing.",
        "改一下 dropout 比例：若最初几步的损失不变，就是漏了这个参数。",
    ),
)
