"""Text recognition for scans and pictures, where the extra ``ocr`` is installed.

rapidocr brings its models in its package and runs them with onnxruntime on the processor; nothing is fetched.
"""

from __future__ import annotations

import importlib.util
import io
import threading
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.documents.blocks import Extract
from bot.errors import DocumentError

REMEDY = '安装文字识别组件：pip install "tech-manager-assistant[ocr]"'
PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"})
#: A picture with more pixels is a map or an attack; A3 at 600 dots an inch has 70 million.
MAX_PIXELS = 80_000_000
MAX_FRAMES = 200
#: Longer sides are drawn smaller before recognition.
_MAX_SIDE = 4_000
#: Below this the recogniser guesses.
_MIN_SCORE = 0.5
_UNSURE_SCORE = 0.8
_WARNING = "文字由机器识别图片得到，引用前请核对原件"
# The recogniser keeps state between its steps.
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """A line of text in a picture; edges are pixels from the left and the top, ``score`` 0–1."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    score: float


def is_available() -> bool:
    """Whether the extra is installed."""
    return importlib.util.find_spec("rapidocr") is not None


def recognise(picture: Any) -> list[RecognisedLine]:
    """The lines of ``picture``, (height, width, 3) uint8 in the order blue, green, red.

    Raises :class:`DocumentError` where the extra is not installed.
    """
    if not is_available():
        raise DocumentError("图片里的文字要先识别", remedy=REMEDY)
    with _lock:
        result = _engine()(picture)
    if result.boxes is None or result.txts is None:
        return []
    lines = []
    for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        xs, ys = [float(point[0]) for point in box], [float(point[1]) for point in box]
        if text.strip() and score >= _MIN_SCORE:
            lines.append(RecognisedLine(text.strip(), min(xs), min(ys), max(xs), max(ys), float(score)))
    return lines


def recognise_pages(pictures: Sequence[Any]) -> Extract:
    """The text of pictures, one a page, laid out like any page and marked as read by machine."""
    from bot.documents.formats.pdf.assembling import assemble
    from bot.documents.formats.pdf.scans import content_of_lines

    contents = []
    unsure = 0
    for number, picture in enumerate(pictures, 1):
        lines = recognise(picture)
        unsure += sum(line.score < _UNSURE_SCORE for line in lines)
        contents.append(content_of_lines(lines, number, picture.shape[1], picture.shape[0]))
    assembled = assemble(contents)
    doubts = (f"有 {unsure} 行识别得没有把握",) if unsure else ()
    return Extract(
        assembled.blocks,
        assembled.dropped,
        warnings=(_WARNING, *doubts, *assembled.warnings),
        machine_read=True,
    )


def read_picture(data: bytes) -> Extract:
    """A picture file: .png, .jpg, .tif (all its pages), .bmp.

    Raises :class:`DocumentError` where the extra is not installed, for files that are no pictures or too large,
    and for pictures without text.
    """
    if not is_available():
        raise DocumentError("图片里的文字要先识别", remedy=f"{REMEDY}，或把文字另存为 docx、txt 后放入")
    extract = recognise_pages(_frames(data))
    if not extract.blocks:
        raise DocumentError(
            "图片里没有认出文字", tried="文字识别（OCR）", remedy="换一张清楚的图片，或把文字另存为 txt"
        )
    return extract


def _frames(data: bytes) -> list[Any]:
    import numpy as np
    from PIL import Image, ImageOps, ImageSequence

    remedy = "用看图软件另存为 png 再放入"
    try:
        with warnings.catch_warnings():
            # Pillow warns of pictures that our own limit refuses or allows.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data))
        if image.width * image.height > MAX_PIXELS:
            raise DocumentError("图片太大", value=f"{image.width}×{image.height} 像素", remedy="缩小或裁开后放入")
        frames = []
        for number, frame in enumerate(ImageSequence.Iterator(image)):
            if number >= MAX_FRAMES or frame.width * frame.height > MAX_PIXELS:
                raise DocumentError("图片的页数或尺寸太大", value=f"第 {number + 1} 页", remedy="拆开后放入")
            upright = ImageOps.exif_transpose(frame).convert("RGBA")
            ground = Image.new("RGBA", upright.size, "white")
            flat = Image.alpha_composite(ground, upright).convert("RGB")
            flat.thumbnail((_MAX_SIDE, _MAX_SIDE))
            frames.append(np.ascontiguousarray(np.asarray(flat)[:, :, ::-1]))
        return frames
    except DocumentError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged picture may fail anywhere in the library
        raise DocumentError("图片打不开", tried=str(error)[:120], remedy=remedy) from None


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return RapidOCR(params={"Global.log_level": "error"})
