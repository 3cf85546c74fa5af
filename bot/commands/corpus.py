"""``bot corpus``: the documents on file, and adding, replacing, retiring, restoring them, each kept and on record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.ask import DataOption, JsonOption, guarded
from bot.commands.batches import DONE
from bot.commands.calling import as_given
from bot.curation.records import Change
from bot.errors import CorpusError, UsageError
from bot.serialization import to_line
from bot.settings import INGEST, Settings, load_settings

if TYPE_CHECKING:
    from bot.curation.room import CorpusRoom
    from bot.curation.shelf import ShelfLine

app = typer.Typer(help="资料：列出、加入、替换、撤下、恢复。改动留底，导入后才进入回答。", no_args_is_help=True)

CorpusOption = Annotated[Path | None, typer.Option("--corpus", help="资料文件夹")]
ByOption = Annotated[str, typer.Option("--by", help="经办人")]
NoteOption = Annotated[str, typer.Option("--note", help="从哪里来、为什么")]
DocumentArgument = Annotated[str, typer.Argument(help="文件在资料库中的路径")]
FileArgument = Annotated[Path, typer.Argument(help="要交的文件")]


@app.command("list")
def list_documents(data: DataOption = None, corpus: CorpusOption = None, as_json: JsonOption = False) -> None:
    """列出资料：状态、文号、日期、有效期，读取时的缺漏，重复和被代替的。"""

    def run() -> int:
        from bot.curation.shelf import CorpusShelf

        lines, failed = CorpusShelf(_settings(data, corpus)).lines()
        for line in lines:
            print(to_line(_object(line)) if as_json else _readable(line))
        for each in failed:
            print(
                to_line({"id": each.path, "failed": each.reason}) if as_json else f"{each.path}  用不了：{each.reason}"
            )
        if not lines and not failed and not as_json:
            print("资料文件夹里没有文件。")
        return DONE

    raise typer.Exit(guarded(run))


@app.command("add")
def add(
    file: FileArgument, by: ByOption, note: NoteOption = "", data: DataOption = None, corpus: CorpusOption = None
) -> None:
    """把一份文件放进资料文件夹。"""

    def run() -> int:
        return _accepted(_room(_settings(data, corpus)), file, "", by, note)

    raise typer.Exit(guarded(run))


@app.command("replace")
def replace(
    document: DocumentArgument,
    file: FileArgument,
    by: ByOption,
    note: NoteOption = "",
    data: DataOption = None,
    corpus: CorpusOption = None,
) -> None:
    """用一份文件替换资料里的一份；原来的留底。"""

    def run() -> int:
        return _accepted(_room(_settings(data, corpus)), file, document, by, note)

    raise typer.Exit(guarded(run))


@app.command("retire")
def retire(
    document: DocumentArgument,
    by: ByOption,
    note: NoteOption = "",
    data: DataOption = None,
    corpus: CorpusOption = None,
) -> None:
    """把一份文件移出资料文件夹；留底，可以恢复。"""

    def run() -> int:
        return _told(_room(_settings(data, corpus)).retire(document, by=by, note=note))

    raise typer.Exit(guarded(run))


@app.command("restore")
def restore(document: DocumentArgument, by: ByOption, data: DataOption = None, corpus: CorpusOption = None) -> None:
    """恢复一份撤下的文件。"""

    def run() -> int:
        room = _room(_settings(data, corpus))
        found = next((each for each in room.retired() if each.document == document), None)
        if found is None:
            names = "、".join(each.document for each in room.retired()[:5])
            raise CorpusError("没有撤下过这份文件", value=document, remedy=f"可以恢复：{names or '（没有）'}")
        return _told(room.undo(found.id, by=by))

    raise typer.Exit(guarded(run))


def _accepted(room: CorpusRoom, file: Path, replaces: str, by: str, note: str) -> int:
    """Hand a file in and have it count; one that is refused is not kept."""
    upload = room.hand_in(file.name, _bytes(file), by=by, replaces=replaces)
    try:
        change = room.accept(upload.id, by=by, note=note)
    except CorpusError:
        room.drop(upload.id)
        raise
    return _told(change)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise UsageError("没有这个文件", value=file, remedy="核对路径") from None
    except IsADirectoryError:
        raise UsageError("这是文件夹，一次交一份文件", value=file, remedy="给出一个文件的路径") from None


def _told(change: Change) -> int:
    print(as_given(f"{change.action.label}：{change.document}（改动 {change.id}）。运行 {INGEST} 后进入回答。"))
    return DONE


def _settings(data: Path | None, corpus: Path | None) -> Settings:
    return load_settings(data_dir=data, corpus_dir=corpus)


def _room(settings: Settings) -> CorpusRoom:
    """The documents to be changed; those that came with the program are copied out of it first."""
    from bot.curation.room import CorpusRoom
    from bot.documents.own_corpus import own_corpus
    from bot.store.database import shared_database

    settings, told = own_corpus(settings)
    if told:
        print(told)
    return CorpusRoom(settings, shared_database(settings.resolved_database_url))


def _object(line: ShelfLine) -> dict[str, Any]:
    known = line.metadata
    return {
        "id": line.id,
        "state": line.state.value,
        "title": known.title if known else None,
        "document_numbers": list(known.document_numbers) if known else [],
        "issuers": list(known.issuers) if known else [],
        "date": known.date if known else None,
        "valid_until": known.valid_until if known else None,
        "superseded_by": line.superseded_by,
        "repeals": list(line.repeals),
        "duplicates": list(line.duplicates),
        "versions": list(line.versions),
        "left_out": len(line.lost),
        "warnings": list(line.warnings),
    }


def _readable(line: ShelfLine) -> str:
    known = line.metadata
    parts = [line.id, line.state.label]
    if known:
        parts += [known.title, known.document_number or "", known.date or ""]
        parts.append(f"有效期至 {known.valid_until}" if known.valid_until else "")
    parts.append(f"{len(line.lost)} 处没收进正文" if line.lost else "")
    parts.append(f"重复：{'、'.join(line.duplicates)}" if line.duplicates else "")
    parts.append(f"被代替：{line.superseded_by}" if line.superseded_by else "")
    return "  ".join(part for part in parts if part)
