"""``bot introduce``: draft an introduction; ``bot introduce consent``: put a consent on record."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.ask import DataOption, JsonOption, guarded, offline_settings
from bot.commands.batches import DONE
from bot.errors import UsageError
from bot.introductions.records import Form, Introduction, Language, Stage
from bot.market.consents import WHOLE_SCOPE, Consent, ConsentChannel, ConsentScope, ConsentStep
from bot.market.records import Side
from bot.serialization import to_line
from bot.settings import load_settings

app = typer.Typer(help="起草引荐文书；双方同意之前不透露任何一方。", invoke_without_command=True)

NeedOption = Annotated[str, typer.Option("--need", help="需求编号")]
OfferOption = Annotated[str, typer.Option("--offer", help="成果编号")]


@app.callback()
def introduce(
    context: typer.Context,
    need: Annotated[str | None, typer.Option("--need", help="需求编号")] = None,
    offer: Annotated[str | None, typer.Option("--offer", help="成果编号")] = None,
    form: Annotated[Form, typer.Option("--form", help="对接函、短消息、邮件或一页摘要")] = Form.LETTER,
    stage: Annotated[Stage, typer.Option("--stage", help="征询一方，或双方引荐")] = Stage.ASK_NEED_OWNER,
    language: Annotated[Language, typer.Option("--language", help="文书语言：zh 中文，en 英文")] = Language.CHINESE,
    docx: Annotated[Path | None, typer.Option("--docx", help="另存为 Word 文件")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="另存为 PDF 文件")] = None,
    offline: Annotated[bool, typer.Option("--offline", help="只用模板，不用模型服务")] = False,
    save: Annotated[bool, typer.Option("--save", help="把这份草稿记入档案")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """起草引荐文书。"""
    if context.invoked_subcommand is not None:
        return

    def run() -> int:
        from bot.assistant import Assistant
        from bot.introductions.letters import Letters

        if need is None or offer is None:
            raise UsageError("要给出需求和成果", remedy="加上 --need 编号 --offer 编号")
        assistant = Assistant(offline_settings(load_settings(data_dir=data), offline))
        worded = assistant.introduce(need, offer, form, stage, language)
        introduction = worded.introduction
        if worded.note:
            print(worded.note, file=sys.stderr)
        if save and introduction.blocked is None:
            letter = Letters(assistant.market, assistant.office).keep(introduction, actor="desk")
            introduction = letter.introduction(letter.newest)
            print(f"已存档为第 {letter.id} 号，在工作台这一对的页面打开", file=sys.stderr)
        if as_json:
            facts = [asdict(fact) for fact in introduction.facts]
            content = {"text": introduction.text, "facts": facts, "withheld": list(introduction.withheld)}
            print(to_line({**content, "blocked": introduction.blocked}))
        else:
            print(introduction.blocked or introduction.text)
            for item in introduction.withheld:
                print(f"未写入：{item}", file=sys.stderr)
        if introduction.blocked is None:
            _write_files(introduction, docx, pdf)
        return DONE

    raise typer.Exit(guarded(run))


def _write_files(introduction: Introduction, docx: Path | None, pdf: Path | None) -> None:
    from bot.introductions.files import to_docx, to_pdf

    for path, write in ((docx, to_docx), (pdf, to_pdf)):
        if path is None:
            continue
        try:
            path.write_bytes(write(introduction))
        except OSError as error:
            raise UsageError("文件写不了", value=path, tried=str(error), remedy="换一个能写的文件夹") from error


@app.command("consent")
def consent(
    need: NeedOption,
    offer: OfferOption,
    side: Annotated[Side, typer.Option("--side", help="哪一方")],
    given_by: Annotated[str, typer.Option("--given-by", help="谁说的：姓名或职务")],
    how: Annotated[
        ConsentChannel, typer.Option("--how", help="怎样说的：电话 phone、邮件 mail、书面 written、页面 page")
    ],
    evidence: Annotated[str, typer.Option("--evidence", help="依据，只给经办人看")] = "",
    step: Annotated[ConsentStep, typer.Option("--step", help="征询、同意、不同意、撤回")] = ConsentStep.GIVEN,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="撤回同意，同 --step withdrawn")] = False,
    name_only: Annotated[bool, typer.Option("--name-only", help="只同意告知单位名称，不转交联系方式")] = False,
    by: Annotated[str, typer.Option("--by", help="经办人")] = "desk",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """记下一方被征询，或它的答复：同意、不同意、撤回。"""

    def run() -> int:
        from bot.market.service import Market

        consent = Consent(
            need_id=need,
            offer_id=offer,
            side=side,
            step=ConsentStep.WITHDRAWN if withdraw else step,
            channel=how,
            said_by=given_by,
            actor=by,
            scope=(ConsentScope.NAME,) if name_only else WHOLE_SCOPE,
            evidence=evidence,
        )
        state = Market(load_settings(data_dir=data)).record_consent(consent)
        standings = {each.value: state.of(each).standing for each in Side}
        if as_json:
            missing = [each.value for each in state.missing]
            told = {"need_id": need, "offer_id": offer, "missing": missing}
            print(to_line({**told, "standings": {name: standing.value for name, standing in standings.items()}}))
        else:
            told_sides = "，".join(f"{each.label}{state.of(each).standing.label}" for each in Side)
            print("双方均已同意，可以双方引荐。" if state.agreed else f"已记录。现在：{told_sides}")
        return DONE

    raise typer.Exit(guarded(run))
