"""``bot backup`` and ``bot restore``: one file with everything, and its return."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.ask import DataOption, JsonOption, guarded
from bot.commands.batches import DONE
from bot.commands.calling import as_given
from bot.serialization import to_line
from bot.settings import INGEST, PROGRAM, load_settings

FileArgument = Annotated[Path, typer.Argument(help="备份文件（.zip）")]
CorpusOption = Annotated[Path | None, typer.Option("--corpus", help="资料文件夹")]


def backup(
    file: FileArgument,
    with_index: Annotated[bool, typer.Option("--with-index", help="连索引一起；不加，恢复后 ingest 重建")] = False,
    corpus: CorpusOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """把数据库、资料和它的历史存成一个文件；服务不用停。文件里有联系方式，请妥善保管。"""

    def run() -> int:
        from bot.upkeep.backup import make_backup

        made = make_backup(load_settings(data_dir=data, corpus_dir=corpus), file, with_index=with_index)
        size = sum(each.size for each in made.files.values())
        if as_json:
            print(to_line({"file": str(file), "files": len(made.files), "bytes": size, "revision": made.revision}))
        else:
            print(f"已备份 {len(made.files)} 个文件到 {file}。里面有联系方式和账号，请妥善保管。")
        return DONE

    raise typer.Exit(guarded(run))


def restore(
    file: FileArgument,
    check: Annotated[bool, typer.Option("--check", help="只检查备份，不恢复")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="原来的数据改名留着，换成备份里的")] = False,
    corpus: CorpusOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """检查备份并恢复到数据文件夹和资料文件夹；旧程序的备份会升级，损坏的和更新的不恢复。"""

    def run() -> int:
        from bot.upkeep.backup import check_backup, restore_backup

        settings = load_settings(data_dir=data, corpus_dir=corpus)
        moved: tuple[str, ...] = ()
        if check:
            manifest = check_backup(file)
        else:
            done = restore_backup(settings, file, replace=replace)
            manifest, moved = done.manifest, tuple(map(str, done.moved))
        if as_json:
            print(to_line({"made_at": manifest.made_at, "files": len(manifest.files), "moved": moved}))
            return DONE
        print(f"备份完好：{manifest.made_at}，{len(manifest.files)} 个文件。")
        for path in moved:
            print(f"原来的在 {path}")
        if not check:
            print(as_given(f"已恢复。接着运行 {INGEST}，再用 {PROGRAM} doctor 看一遍。"))
        return DONE

    raise typer.Exit(guarded(run))
