"""What stands around the ops of a program: imports, seeds, loops, functions, threaded state."""

from __future__ import annotations

from core.site.texts import Text
from core.site.words.explanation import Explanation

LOOP = (
    Explanation(
        "imports",
        Text("imports", "导入"),
        Text(
            "What the program needs, and which backend Keras is to use: it reads the choice when "
            "it is imported.",
            "程序所需的包，以及 Keras 使用哪个后端：它在导入时读取这一选择。",
        ),
        Text(
            "Set after the import, the choice is ignored and the program runs on another backend.",
            "若在导入之后才设定，选择会被忽略，程序就在别的后端上运行。",
        ),
    ),
    Explanation(
        "seed",
        Text("seed everything", "设定随机种子"),
        Text(
            "One seed for Python, NumPy, Keras and the framework, before anything is drawn.",
            "在抽取任何随机数之前，为 Python、NumPy、Keras 与框架设定同一个种子。",
        ),
        Text(
            "Without it no two runs are alike, and a difference between them says nothing.",
            "没有它，任意两次运行都不相同，差异也就说明不了什么。",
        ),
    ),
    Explanation(
        "batches",
        Text("cut batches by hand", "手写批次"),
        Text(
            "JAX brings no data pipeline of its own: a small class shuffles and cuts NumPy arrays.",
            "JAX 自身没有数据管道：用一个小类打乱并切分 NumPy 数组。",
        ),
        Text(
            "Shuffling images and labels apart from each other pairs each image with a stranger's "
            "label.",
            "若图像与标签分别打乱，每张图就会配上别人的标签。",
        ),
    ),
    Explanation(
        "state",
        Text("state as values", "把状态取为值"),
        Text(
            "Weights, optimizer slots and metric counts are taken out of their objects, because a "
            "function that JAX transforms may not change anything outside itself.",
            "把权重、优化器槽与指标计数从对象中取出，"
            "因为被 JAX 变换的函数不得改动自身之外的任何东西。",
        ),
        Text(
            "Changed inside a compiled function, an object keeps a tracer instead of a number, and "
            "the next use raises an error.",
            "在编译函数内部改动对象，留下的是追踪器而不是数值，下一次使用就会报错。",
        ),
    ),
    Explanation(
        "state.back",
        Text("put the state back", "写回状态"),
        Text(
            "After training, the trained weights are assigned to the model again.",
            "训练结束后，把训练好的权重重新赋给模型。",
        ),
        Text(
            "Without it the model that is saved or shown still has its first weights.",
            "没有它，保存或使用的模型仍是最初的权重。",
        ),
    ),
    Explanation(
        "compile",
        Text("compile and fit", "compile 与 fit"),
        Text(
            "Hands optimizer, loss and metrics to the model; `fit` then runs the loop for us.",
            "把优化器、损失与指标交给模型；之后由 `fit` 替我们运行循环。",
        ),
        Text(
            "`fit` reports the mean loss of the epoch so far and resets metrics by itself: its "
            "figures are not those of single batches.",
            "`fit` 报告的是本轮至今的平均损失，并自动重置指标：它的数字不是单个批次的数字。",
        ),
    ),
    Explanation(
        "loop.epochs",
        Text("for each epoch", "逐轮循环"),
        Text(
            "One pass over all batches, as often as the guide says.",
            "把所有批次过一遍为一轮，轮数由教程指定。",
        ),
        Text(
            "What belongs after an epoch and slips into the inner loop runs a thousand times.",
            "本应在一轮之后做的事若滑进内层循环，就会运行上千次。",
        ),
    ),
    Explanation(
        "loop.announce",
        Text("announce", "预告"),
        Text("A line before or after the epochs.", "各轮之前或之后的一行文字。"),
        Text("Nothing but the reader's patience.", "只会少一行提示，别无影响。"),
    ),
    Explanation(
        "loop.batch",
        Text("for each batch", "逐批循环"),
        Text(
            "Takes the next batch; steps are counted from 0 in Python and from 1 in R.",
            "取下一个批次；步数在 Python 中从 0 数起，在 R 中从 1 数起。",
        ),
        Text(
            "Counted otherwise, a loop that stops after step 10 takes 11 or 12 steps: all guides "
            "disagree with their own comments here.",
            "计数方式不同，“第 10 步后停止”的循环实际会走 11 或 12 步：各教程都与自己的注释不符。",
        ),
    ),
    Explanation(
        "loop.break",
        Text("stop early", "提前停止"),
        Text("Leaves the loop after a few steps, to save time.", "走几步就离开循环，以节省时间。"),
        Text(
            "Without it the GAN trains for hours on a laptop.",
            "没有它，GAN 在笔记本上要训练数小时。",
        ),
    ),
    Explanation(
        "loop.exhausted",
        Text("an iterator used up", "用尽的迭代器"),
        Text(
            "The R guide's compiled section iterates over an iterator that an earlier loop has "
            "used up.",
            "R 教程的编译一节，遍历的是前一个循环已经用尽的迭代器。",
        ),
        Text(
            "The loop takes no step at all and prints an accuracy of 0.0000.",
            "循环一步也没有走，打印出的准确率是 0.0000。",
        ),
    ),
    Explanation(
        "loop.log",
        Text("now and then, log", "每隔若干步记录"),
        Text("Logs every so many steps only.", "每隔一定步数才记录一次。"),
        Text(
            "Logging more rarely than the loop has steps prints nothing at all: the R guide's GAN "
            "logs every 200 steps and stops after 11.",
            "记录间隔大于总步数就什么也不打印：R 教程的 GAN 每 200 步记录一次，却在 11 步后停止。",
        ),
    ),
    Explanation(
        "loop.time",
        Text("start the clock", "开始计时"),
        Text("Notes the time as an epoch begins.", "在一轮开始时记下时间。"),
        Text(
            "The first steps of a compiled function include its compilation: a clock over them "
            "measures the compiler.",
            "编译函数的最初几步包含编译时间：计入它们，量到的是编译器。",
        ),
    ),
    Explanation(
        "step.function",
        Text("the step as a function", "把一步写成函数"),
        Text(
            "Everything one step does, as a function, so that it can be compiled once and called "
            "for every batch.",
            "把一步所做的一切写成函数，以便编译一次、逐批调用。",
        ),
        Text(
            "Compiled with Python numbers as arguments, it is compiled anew for each of them.",
            "若以 Python 数字作参数，每换一个数就会重新编译。",
        ),
    ),
    Explanation(
        "step.call",
        Text("take a step", "走一步"),
        Text("Calls the step function on a batch.", "对一个批次调用步骤函数。"),
        Text(
            "Defined and never called, a step trains nothing: three of the guides publish such a "
            "section.",
            "只定义而从不调用，就什么也不会训练：有三篇教程的一节正是如此。",
        ),
    ),
    Explanation(
        "step.state",
        Text("state in, state out", "状态传入、传出"),
        Text(
            "The step unpacks the state it was given, and packs the new one for the next step.",
            "步骤先拆开传入的状态，最后再打包新状态交给下一步。",
        ),
        Text(
            "A state that is not handed on is lost: the next step starts from the old weights.",
            "没有继续传递的状态就丢失了：下一步又从旧权重开始。",
        ),
    ),
    Explanation(
        "step.pack",
        Text("carry the state", "携带状态"),
        Text(
            "The loop holds the state between the steps, and unpacks it after the last one.",
            "循环在各步之间保管状态，最后一步之后再拆开。",
        ),
        Text(
            "Unpacked too early, the metrics that are read are those of the step before.",
            "拆得太早，读到的指标就是前一步的。",
        ),
    ),
    Explanation(
        "no_grad",
        Text("without gradients", "不记录梯度"),
        Text(
            "torch records every operation for differentiation unless it is told not to.",
            "除非明确说明，torch 会为求导记录每一步运算。",
        ),
        Text(
            "Without it an evaluation keeps all its intermediate results in memory.",
            "没有它，评估会把所有中间结果都留在内存里。",
        ),
    ),
)
