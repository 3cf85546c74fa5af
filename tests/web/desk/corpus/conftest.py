"""A desk over a small corpus of a test's own."""

import shutil
from dataclasses import dataclass

import pytest

from bot.ingestion import ingest
from tests.web.desk.conftest import DeskUnderTest, csrf

NOTICE = "关于示例项目的通知\n示例字〔2025〕1号\n各企业：\n示例项目最高支持20万元，2025年9月1日起申报。本通知有效期至2026年4月1日。\n示例区科学技术委员会\n2025年5月28日\n"
PARK = "---\ntitle: 示例园区简介\ndate: 2025-06-01\nvalid_until: 2026-01-31\n---\n示例园区设有“示例一号楼”，提供会议室和实验室。\n"
CARDS = """# 示例卡片
- id: shili
  name: 示例项目
  kind: 资金
  document: 通知.txt
  status: {value: unknown}
  summary: {value: 示例项目最高支持20万元, quote: 示例项目最高支持20万元}
"""


@pytest.fixture(scope="session")
def corpus_ingested(tmp_path_factory):
    """The small corpus with its index, made once."""
    folder = tmp_path_factory.mktemp("small")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "通知.txt").write_text(NOTICE, encoding="utf-8")
    (corpus / "园区.md").write_text(PARK, encoding="utf-8")
    (corpus / "programmes.yaml").write_text(CARDS, encoding="utf-8")
    made = DeskUnderTest(folder / "data", corpus_dir=corpus)
    ingest(made.settings)
    made.database.close()
    return folder


@dataclass
class Room:
    """The desk, its corpus folder, somebody of the staff."""

    desk: DeskUnderTest
    corpus: object

    def __post_init__(self):
        self.staff = self.desk.browser("staff")

    def post(self, path, data=None, client=None, **more):
        return self.desk.post(client or self.staff, f"/desk/corpus{path}", data, **more)

    def get(self, path):
        return self.staff.get(f"/desk/corpus{path}")

    def hand_in(self, name, data, replaces="", client=None):
        client = client or self.staff
        return client.post(
            "/desk/corpus/upload",
            data={"csrf": csrf(client), "replaces": replaces},
            files={"file": (name, data)},
        )

    def names(self):
        return sorted(path.relative_to(self.corpus).as_posix() for path in self.corpus.rglob("*") if path.is_file())


@pytest.fixture
def room(tmp_path, accounts_folder, corpus_ingested):
    shutil.copytree(corpus_ingested / "corpus", tmp_path / "corpus")
    shutil.copytree(corpus_ingested / "data", tmp_path / "data")
    shutil.copytree(accounts_folder, tmp_path / "data", dirs_exist_ok=True)
    return Room(DeskUnderTest(tmp_path / "data", corpus_dir=tmp_path / "corpus"), tmp_path / "corpus")
