"""Setup ops explained."""

from __future__ import annotations

from core.site.texts import Text
from core.site.words.explanation import Explanation

SETUP = (
    Explanation(
        "BuildModel",
        Text("build a model", "构建模型"),
        Text(
            "Chains layers from an input to an output and draws the initial weights, in the order "
            "in which the layers are made.",
            "把层从输入到输出连接起来，并按各层创建的顺序抽取初始权重。",
        ),
        Text(
            "Building it earlier, later or twice shifts every random number drawn after it: the "
            "same seed then gives other weights and another curve.",
            "提前、推迟或重复构建，都会使其后的随机数全部错位：种子相同，权重与曲线却不同。",
        ),
    ),
    Explanation(
        "MakeOptimizer",
        Text("create an optimizer", "创建优化器"),
        Text(
            "Chooses the update rule and its learning rate. Its memory, such as Adam's two moving "
            "averages, appears when it first meets a model's weights.",
            "选定更新规则与学习率。它的记忆（如 Adam 的两个滑动平均）在首次接触模型权重时才建立。",
        ),
        Text(
            "An optimizer built on one model refuses another's weights in Keras 3; one made anew "
            "at every step forgets its averages and trains like a worse rule.",
            "在 Keras 3 中，已为某个模型建立的优化器会拒绝另一个模型的权重；"
            "若每一步都新建，则滑动平均丢失，训练效果变差。",
        ),
    ),
    Explanation(
        "MakeLoss",
        Text("create a loss function", "创建损失函数"),
        Text(
            "Says how wrong a prediction is, as one number. `from_logits` says whether the model "
            "ends in raw scores or in probabilities.",
            "用一个数说明预测错了多少。`from_logits` 说明模型的输出是原始分数还是概率。",
        ),
        Text(
            "The wrong `from_logits` raises no error: training slows down or stalls, and backends "
            "even disagree about what the same code means.",
            "`from_logits` 写错不会报错：训练会变慢或停滞，而且各后端对同一段代码的理解也不一致。",
        ),
    ),
    Explanation(
        "MakeMetric",
        Text("create a metric", "创建指标"),
        Text(
            "A counter that is updated batch by batch and read at the end: accuracy over all that "
            "it has seen since its last reset.",
            "逐批累加、最后读取的计数器：自上次重置以来所见全部样本的准确率。",
        ),
        Text(
            "Without one there is only the loss of single batches, which jumps too much to show "
            "whether an epoch was better than the one before.",
            "没有它就只剩单个批次的损失，起伏太大，看不出这一轮是否比上一轮好。",
        ),
    ),
    Explanation(
        "LoadImages",
        Text("load the images", "载入图像"),
        Text(
            "Reads images and labels, gives them a shape (flat rows or 28×28×1) and, where the "
            "guide does, scales the pixels.",
            "读入图像与标签，整理形状（展平的行或 28×28×1），并在教程要求时缩放像素。",
        ),
        Text(
            "Raw pixels from 0 to 255 make the first loss about 100 instead of 2.3, because the "
            "first scores are a hundred times too large.",
            "直接使用 0 到 255 的像素，首个损失约为 100 而不是 2.3，因为最初的分数大了百倍。",
        ),
    ),
    Explanation(
        "SplitData",
        Text("set validation samples aside", "留出验证样本"),
        Text(
            "Keeps 10,000 samples that the training never sees: the last ones in the Python "
            "guides, a random draw in the R guide.",
            "留出训练从不接触的 10,000 个样本：Python 教程取最后一段，R 教程随机抽取。",
        ),
        Text(
            "Measured on samples it was trained on, a model always looks better than it is.",
            "用训练过的样本来衡量，模型总会显得比实际更好。",
        ),
    ),
    Explanation(
        "OpenDataset",
        Text("open a dataset", "打开数据集"),
        Text(
            "Cuts arrays into batches, shuffled through a buffer where the guide asks for it; each "
            "pass then has an order of its own.",
            "把数组切成批次，并在教程要求时经缓冲区打乱；之后每一遍都有自己的顺序。",
        ),
        Text(
            "Without a shuffle every epoch repeats one order, and data sorted by class teaches the "
            "model one class after the other.",
            "不打乱则每一轮顺序相同；若数据按类别排序，模型就会一类接一类地学，又一类接一类地忘。",
        ),
    ),
    Explanation(
        "Continue",
        Text("continue from an earlier section", "沿用前面章节的对象"),
        Text(
            "Takes a model, an optimizer or a dataset over from an earlier section, in the state "
            "in which that section left it.",
            "从前面的章节接过模型、优化器或数据集，保持那一章结束时的状态。",
        ),
        Text(
            "A section that quietly goes on with a trained model starts at a loss of 0.4; compared "
            "with a fresh one, it looks like magic.",
            "悄悄沿用已训练模型的章节，损失一开始就是 0.4；与从头训练相比，宛如奇迹。",
        ),
    ),
    Explanation(
        "SeedFramework",
        Text("seed the framework", "设定框架的随机种子"),
        Text(
            "Seeds the framework's own generator (`tf.random.set_seed`) and nothing else.",
            "只给框架自己的随机数生成器设种子（`tf.random.set_seed`），别无其他。",
        ),
        Text(
            "In Keras 3 it leaves initial weights and dropout masks unseeded: two runs still "
            "differ. `keras.utils.set_random_seed` seeds all of them.",
            "在 Keras 3 中，它不管初始权重与 dropout 掩码：两次运行仍然不同。"
            "`keras.utils.set_random_seed` 才会全部设定。",
        ),
    ),
)
