"""Images, sheets of images and models that a loop saves."""

from __future__ import annotations

from core.dialects.layout import Expr, Group, call
from core.dialects.python.layers import number
from core.dialects.python.logging import Numbers
from core.dialects.python.page import Page
from core.spec import ops

SHEET = '''\
def save_sheet(images, rows, columns, file):
    """Save images as one sheet, each stretched from its darkest to its brightest."""
    tiles = np.asarray(images, dtype="float64")[: rows * columns, :, :, 0]
    low = tiles.min(axis=(1, 2), keepdims=True)
    span = np.maximum(tiles.max(axis=(1, 2), keepdims=True) - low, 1e-12)
    tiles = np.rint((tiles - low) / span * 255.0)
    height, width = tiles.shape[1:]
    tiles = tiles.reshape(rows, columns, height, width).swapaxes(1, 2)
    sheet = tiles.reshape(rows * height, columns * width, 1)
    keras.utils.array_to_img(sheet, scale=False).save(file)'''


def image(page: Page, op: ops.SaveImage, place: str, numbers: Numbers) -> None:
    """Prints how the first image of a batch is saved."""
    pixels = f"{op.images}[0] * {number(op.scale)}"
    if op.offset:
        pixels += f" + {number(op.offset)}"
    made = call("keras.utils.array_to_img", pixels, scale="False")
    page.assign("image", made, [place])
    page.line(Group("image.save(", (numbers.text(op.file),)), [place])


def sheet(page: Page, op: ops.Sheet, place: str, numbers: Numbers) -> None:
    """Prints how a sheet of images is saved; the function is defined with the program."""
    items: tuple[Expr, ...] = (
        op.images,
        str(op.rows),
        str(op.columns),
        numbers.text(op.file),
    )
    page.line(Group("save_sheet(", items), [place])


def model(page: Page, op: ops.SaveModel, place: str, numbers: Numbers) -> None:
    """Prints how a model is saved."""
    page.line(Group(f"{page.name(op.model)}.save(", (numbers.text(op.file),)), [place])
