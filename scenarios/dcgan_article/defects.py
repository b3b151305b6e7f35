"""What is wrong in the published text, how one can tell, and what the scenarios do instead."""

from core.spec.defect import Defect

_SECTION = "dcgan_article/dcgan"
DEFECTS = (
    Defect(
        id=f"{_SECTION}/sigmoid-logits",
        what="the discriminator ends in a sigmoid, and the loss is told that it gets logits",
        evidence="Keras on TensorFlow finds the logits behind the sigmoid, uses those and warns; "
        "JAX and torch apply the sigmoid twice, by which a generator loss cannot exceed ln 2 = "
        "0.6931. Four of the seven published ones lie above 0.7, so they come from the logits",
        instead="model and loss stay as published; each backend's reading has a golden of its own",
    ),
    Defect(
        id=f"{_SECTION}/shared-initializer",
        what="one RandomNormal instance without a seed initializes every kernel; in Keras 3 an "
        "instance keeps its seed, so that all kernels begin with the same values",
        evidence="two layers of one shape built with it hold equal kernels, and Keras 2 warned of "
        "it; in Keras 3 nothing does",
        instead="one shared instance, as published",
    ),
    Defect(
        id=f"{_SECTION}/seed",
        what="the seed of 42 goes to TensorFlow's own generator only, while Keras 3 draws initial "
        "weights and dropout masks from seeds of its own",
        evidence="two processes that run the article as written begin with different weights",
        instead="native runs seed Keras first, then TensorFlow with 42 where the article does",
    ),
    Defect(
        id=f"{_SECTION}/save-format",
        what="models are saved to names that end in .model, with arguments of Keras 2's save_model",
        evidence="Keras 3 raises ValueError for signatures and options, and without those for the "
        "ending: the article ends with an error after its first epoch",
        instead="models are saved as .keras",
    ),
    Defect(
        id=f"{_SECTION}/run-id",
        what="lines, folders and file names hold a random run id, so that no two runs print the "
        "same",
        evidence="uuid4 is called when the program starts",
        instead="the same lines without the id, and no folder of that name",
    ),
    Defect(
        id=f"{_SECTION}/input-shape",
        what="first layers take input_shape, where Keras 3 wants an Input before them",
        evidence="Keras 3 warns twice",
        instead="an Input of the same shape",
    ),
    Defect(
        id=f"{_SECTION}/batch-count",
        what="a note proposes the dataset's batch size in place of its length, should the length "
        "be missing",
        evidence="the line would then announce 28 batches instead of 2,143",
        instead="the number of batches",
    ),
    Defect(
        id=f"{_SECTION}/optimizer-name",
        what="the text calls the optimizer AdamW once, and Adam everywhere else",
        evidence="the code makes Adam, without weight decay",
        instead="Adam",
    ),
    Defect(
        id=f"{_SECTION}/generator-relu",
        what="the text lists ReLU as the generator's activation, as the DCGAN paper has it; "
        "the code uses LeakyReLU",
        evidence="create_generator adds LeakyReLU three times",
        instead="LeakyReLU with Keras's default slope of 0.3",
    ),
    Defect(
        id=f"{_SECTION}/open-figures",
        what="every sample sheet opens a Matplotlib figure that is never closed",
        evidence="Matplotlib warns once more than 20 figures are open: at batch 1,050 of the first "
        "epoch",
        instead="sheets are made from the pixels, without figures",
    ),
)
