"""Adding, replacing, retiring, restoring: what is there, what is kept, who is told."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
from pathlib import Path

import pytest

from bot.curation import ledger
from bot.curation.kept_files import digest_of
from bot.curation.records import Action
from bot.curation.room import CorpusRoom
from bot.documents.corpus import MAX_FILE_BYTES, list_corpus_files
from bot.errors import AssistantError, CorpusError
from bot.settings import PROJECT_ROOT, load_settings
from bot.store.database import Database
from tests.curation.conftest import NOTICE, files

NEW = "新办法\n示例办法支持10万元。\n".encode()


def test_a_file_handed_in_does_not_count_until_accepted(room, corpus):
    before = files(corpus)
    upload = room.hand_in("新办法.txt", NEW, by="甲")
    assert files(corpus) == before and [each.id for each in room.uploads()] == [upload.id]
    done = room.accept(upload.id, by="甲", note="来自官网")
    assert files(corpus) == {**before, "新办法.txt": NEW} and room.uploads() == ()
    assert (done.action, done.document, done.before_digest, done.after_digest) == (
        Action.ADD,
        "新办法.txt",
        None,
        digest_of(NEW),
    )
    assert [(each.by_name, each.note) for each in room.changes()] == [("甲", "来自官网")]
    assert [each.id for each in list_corpus_files(corpus).files] == ["园区.md", "新办法.txt", "通知.txt"]
    with pytest.raises(CorpusError):
        room.accept(upload.id, by="甲")


def test_replacing_keeps_the_path_and_the_old_bytes(room, corpus):
    upload = room.hand_in("下载 (3).txt", NEW, by="甲", replaces="通知.txt")
    room.accept(upload.id, by="甲", seen=digest_of(NOTICE.encode()))
    assert (corpus / "通知.txt").read_bytes() == NEW and len(files(corpus)) == 2
    assert room.kept.get(room.changes()[0].before_digest) == NOTICE.encode()
    room.undo(room.changes()[0].id, by="乙")
    assert (corpus / "通知.txt").read_text(encoding="utf-8") == NOTICE
    assert [each.action for each in room.changes("通知.txt")] == [Action.UNDO, Action.REPLACE]


def test_replacing_by_another_format_leaves_one_of_the_two(room, corpus):
    upload = room.hand_in("通知.md", NEW, by="甲", replaces="通知.txt")
    room.accept(upload.id, by="甲")
    assert sorted(files(corpus)) == ["园区.md", "通知.md"] and room.uploads() == ()
    assert [each.document for each in room.retired()] == ["通知.txt"]


def test_retired_is_kept_and_restored(room, corpus):
    before = files(corpus)
    done = room.retire("通知.txt", by="甲", note="过期")
    assert "通知.txt" not in files(corpus) and [each.id for each in room.retired()] == [done.id]
    again = room.undo(done.id, by="乙")
    assert again.action is Action.RESTORE and files(corpus) == before and room.retired() == ()


def test_undo_only_of_the_last_change(room, corpus):
    first = room.accept(room.hand_in("a.txt", NEW, by="甲", replaces="通知.txt").id, by="甲")
    room.accept(room.hand_in("b.txt", NEW + b"2", by="甲", replaces="通知.txt").id, by="甲")
    with pytest.raises(CorpusError, match="之后又改过"):
        room.undo(first.id, by="甲")
    assert (corpus / "通知.txt").read_bytes() == NEW + b"2"


def test_a_name_that_is_taken_is_told(room, corpus):
    upload = room.hand_in("通知.txt", NEW, by="甲")
    with pytest.raises(CorpusError, match="同名"):
        room.accept(upload.id, by="甲")
    assert files(corpus)["通知.txt"] == NOTICE.encode() and room.upload(upload.id) == upload


def test_two_editors_the_second_is_told_and_loses_nothing(room, corpus):
    seen = digest_of(NOTICE.encode())
    first = room.hand_in("a.txt", NEW, by="甲", replaces="通知.txt")
    second = room.hand_in("b.txt", NEW + b"B", by="乙", replaces="通知.txt")
    room.accept(first.id, by="甲", seen=seen)
    with pytest.raises(CorpusError, match="别人改过"):
        room.accept(second.id, by="乙", seen=seen)
    with pytest.raises(CorpusError, match="别人改过"):
        room.retire("通知.txt", by="乙", seen=seen)
    assert (corpus / "通知.txt").read_bytes() == NEW
    assert room.kept.get(room.upload(second.id).digest) == NEW + b"B"


def test_many_at_once_each_counts_once(room, corpus):
    uploads = [room.hand_in(f"同时{n}.txt", NEW + bytes([65 + n]), by="甲") for n in range(8)]
    errors = []

    def accept(number):
        try:
            room.accept(number, by="甲")
        except CorpusError as error:
            errors.append(error)

    threads = [threading.Thread(target=accept, args=(each.id,)) for each in uploads for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(files(corpus)) == 10 and len(room.changes()) == 8 and len(errors) == 8


@pytest.mark.parametrize(
    "document",
    [
        "",
        "..",
        "../x.txt",
        "/etc/passwd",
        "a/../../x",
        "a\x00b",
        "nichts.txt",
        "sub/none.txt",
        ".git/config",
        "a\\b",
        "./通知.txt",
    ],
)
def test_nothing_outside_the_folder_is_touched(room, corpus, document):
    secret = corpus.parent / "x.txt"
    secret.write_text("外面的")
    there = "none" in document or "nichts" in document
    for work in (
        lambda: room.retire(document, by="甲"),
        lambda: room.hand_in("n.txt", NEW, by="甲", replaces=document or ".."),
        lambda: room.retire(document, by="甲") if there else room.edit(document, lambda _: b"x", by="甲"),
    ):
        with pytest.raises(CorpusError):
            work()
    assert secret.read_text() == "外面的" and len(files(corpus)) == 2


def test_the_folders_own_files_are_no_documents(room, corpus):
    (corpus / "programmes.yaml").write_text("- id: a\n", encoding="utf-8")
    for work in (
        lambda: room.retire("programmes.yaml", by="甲"),
        lambda: room.hand_in("a.txt", NEW, by="甲", replaces="programmes.yaml"),
    ):
        with pytest.raises(CorpusError):
            work()
    assert (corpus / "programmes.yaml").exists()


def test_links_are_left_alone(room, corpus):
    outside = corpus.parent / "outside"
    outside.mkdir()
    (outside / "y.txt").write_text("外面的")
    (corpus / "link").symlink_to(outside)
    (corpus / "file.txt").symlink_to(outside / "y.txt")
    for document in ("link/y.txt", "file.txt"):
        with pytest.raises(CorpusError, match="之外"):
            room.retire(document, by="甲")
    assert (outside / "y.txt").read_text() == "外面的"


@pytest.mark.parametrize("data", [b"", b"\x00\x00", b" \r\n\t"])
def test_an_empty_file_is_refused(room, data):
    with pytest.raises(CorpusError, match="空文件"):
        room.hand_in("a.txt", data, by="甲")


def test_forty_megabytes_are_taken_and_more_than_the_limit_not(on_sqlite, corpus):
    big = b"x" * (40 * 1024 * 1024)
    on_sqlite.accept(on_sqlite.hand_in("大.txt", big, by="甲").id, by="甲")
    assert (corpus / "大.txt").stat().st_size == len(big)
    with pytest.raises(CorpusError, match="文件太大"):
        on_sqlite.hand_in("更大.txt", b"x" * (MAX_FILE_BYTES + 1), by="甲")


def test_dropping_forgets_the_bytes_unless_they_are_needed(room):
    shared = room.hand_in("一.txt", NEW, by="甲"), room.hand_in("二.txt", NEW, by="甲")
    room.drop(shared[0].id)
    assert room.kept.get(shared[1].digest) == NEW
    room.drop(shared[1].id)
    with pytest.raises(CorpusError):
        room.kept.get(shared[1].digest)


def test_damaged_kept_bytes_are_told_not_restored(room, corpus):
    done = room.retire("通知.txt", by="甲")
    room.kept.path(done.before_digest).write_bytes(b"anderes")
    with pytest.raises(CorpusError, match="损坏"):
        room.undo(done.id, by="甲")
    assert "通知.txt" not in files(corpus)


# --- killed between two steps ---------------------------------------------------------------------------

STEPS = ["kept", "begun", "written", "finished"]


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("action", ["add", "replace", "retire"])
def test_killed_between_two_steps_nothing_is_lost_or_doubled(
    room, corpus, monkeypatch, settings, either_database, step, action
):
    before = files(corpus)
    upload = room.hand_in("新.txt", NEW, by="甲", replaces="通知.txt" if action == "replace" else "")

    def dies(*_, **__):
        raise Killed

    with monkeypatch.context() as patch:
        if step == "kept":
            patch.setattr(ledger, "begin", dies)
        elif step == "begun":
            patch.setattr(room.folder.__class__, "put", dies)
        elif step == "written":
            patch.setattr(ledger, "finish", dies)
        if step != "finished":
            with pytest.raises(Killed):
                room.retire("通知.txt", by="甲") if action == "retire" else room.accept(upload.id, by="甲")
        else:
            room.retire("通知.txt", by="甲") if action == "retire" else room.accept(upload.id, by="甲")
    happened = step in ("written", "finished")
    after = files(corpus)
    assert (after != before) is happened
    other = CorpusRoom(settings, either_database)
    assert len(other.changes()) == (1 if happened else 0)
    assert [each.id for each in other.uploads()] == ([] if happened and action != "retire" else [upload.id])
    assert files(corpus) == after, "settling touches no file"
    if happened:
        other.undo(other.changes()[0].id, by="乙")
        assert files(corpus) == before
    elif action != "retire":
        other.accept(upload.id, by="甲")
        assert len(other.changes()) == 1


def in_a_process(code, folder):
    """Run ``code`` in a process of its own; what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def open_folder():
    """A folder that other users reach, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="curation-"))
    folder.chmod(0o777)
    (folder / "corpus").mkdir()
    (folder / "corpus" / "通知.txt").write_text(NOTICE, encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "data").chmod(0o777)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


BEGIN = """
    import sys
    from pathlib import Path
    from bot.curation.room import CorpusRoom
    from bot.errors import AssistantError
    from bot.settings import load_settings
    from bot.store.database import Database
    folder = Path(sys.argv[1])
    settings = load_settings(environment={}, corpus_dir=folder / "corpus", data_dir=folder / "data")
    room = CorpusRoom(settings, Database(settings.resolved_database_url))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_read_only_folder_is_told_and_nothing_is_recorded(open_folder):
    (open_folder / "corpus").chmod(
        stat.S_IRUSR | stat.S_IXUSR | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH
    )
    printed = in_a_process(
        BEGIN
        + """
    import os
    upload = room.hand_in("新.txt", b"neu", by="x")
    len(room.changes())
    for path in [folder / "data", *(folder / "data").rglob("*")]:
        path.chmod(0o777)
    os.seteuid(65534)
    for work in (lambda: room.accept(upload.id, by="x"), lambda: room.retire("通知.txt", by="x")):
        try:
            work()
        except AssistantError as error:
            print(error)
    print(len(room.changes()), len(room.uploads()))
    """,
        open_folder,
    )
    lines = printed.splitlines()
    assert len(lines) == 3 and all("不能写" in line and "写权限" in line for line in lines[:2]) and lines[2] == "0 1"
    assert sorted(files(open_folder / "corpus")) == ["通知.txt"]


def test_a_full_disk_is_told_and_leaves_nothing_half(open_folder):
    printed = in_a_process(
        BEGIN
        + """
    import resource
    small = room.hand_in("小.txt", b"x" * 100_000, by="x")
    big = room.hand_in("大.txt", b"y" * 3_000_000, by="x")
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
    room.accept(small.id, by="x")
    for work in (lambda: room.accept(big.id, by="x"), lambda: room.hand_in("z.txt", b"z" * 3_000_000, by="x")):
        try:
            work()
        except AssistantError as error:
            print(error)
    print(len(room.changes()), len(room.uploads()))
    """,
        open_folder,
    )
    lines = printed.splitlines()
    assert len(lines) == 3 and all("磁盘写满了" in line for line in lines[:2]) and lines[2] == "1 1"
    assert sorted(files(open_folder / "corpus")) == ["小.txt", "通知.txt"]
    assert not [path for path in open_folder.rglob(".writing-*")]


@pytest.mark.parametrize("delay", [0.0, 0.002, 0.006, 0.012, 0.02])
def test_a_process_killed_at_any_moment_leaves_every_file_old_or_new(open_folder, delay):
    code = textwrap.dedent(
        BEGIN
        + """
    print("go", flush=True)
    for n in range(10_000):
        upload = room.hand_in("a.txt", f"第{n}版正文".encode(), by="x", replaces="通知.txt")
        room.accept(upload.id, by="x")
        print(n, flush=True)
    """
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(open_folder)],
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "go\n"
    process.stdout.readline()
    threading.Event().wait(delay)
    process.kill()
    told = [0, *(int(line) for line in process.stdout.read().split())][-1]
    process.wait()
    settings = load_settings(environment={}, corpus_dir=open_folder / "corpus", data_dir=open_folder / "data")
    room = CorpusRoom(settings, Database(settings.resolved_database_url))
    held = (open_folder / "corpus" / "通知.txt").read_text()
    newest = room.changes()[0]
    assert held in (f"第{told}版正文", f"第{told + 1}版正文") and newest.after_digest == digest_of(held.encode())
    assert len(room.changes()) == int(held[1:-3]) + 1, "each version is on record once"
    assert len(room.uploads()) <= 1
    for change in room.changes():
        assert room.kept.get(change.before_digest)
    with pytest.raises(AssistantError):
        room.retire("nichts.txt", by="x")
