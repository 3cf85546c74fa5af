"""A corpus folder of a test's own with the room over it, on both databases."""

import pytest

from bot.curation.room import CorpusRoom
from bot.settings import load_settings

NOTICE = "关于示例项目的通知\n示例字〔2025〕1号\n各企业：\n示例项目最高支持20万元，2025年9月1日起申报。\n示例区科学技术委员会\n2025年5月28日\n"
OTHER = "示例园区简介\n示例园区有三幢楼，提供会议室和实验室。\n"


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "通知.txt").write_text(NOTICE, encoding="utf-8")
    (folder / "园区.md").write_text(OTHER, encoding="utf-8")
    return folder


@pytest.fixture
def settings(tmp_path, corpus):
    return load_settings(environment={}, corpus_dir=corpus, data_dir=tmp_path / "data")


@pytest.fixture
def room(settings, either_database):
    return CorpusRoom(settings, either_database)


@pytest.fixture
def on_sqlite(settings, database):
    return CorpusRoom(settings, database)


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
