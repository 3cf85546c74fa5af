"""Cases in and out of the desk as YAML and workbooks."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import HTMLResponse, Response

from bot.accounts.records import Role
from bot.evaluation.case_files import MAX_SHEET_BYTES, read_case_file, to_sheet, to_yaml
from bot.evaluation.case_sheets import SheetMistakes
from bot.evaluation.case_store import TakenIn
from bot.evaluation.cases import CasesError
from bot.web.desk.bench.room import CASES, Room, shown_page
from bot.web.desk.frame import as_told, choices, form, submit
from bot.web.desk.guard import OwnForm, Signed
from bot.web.desk.replies import SHEET, YAML, download
from bot.web.markup import EMPTY, Html, join, tag, text

TITLE = "导入导出用例"
_MISTAKES_SHOWN = 100


def add_case_transfer(router: APIRouter, room: Room) -> None:
    """Import, whole or not at all, and export."""
    trail, store = room.desk.trail, room.cases
    staff = Annotated[Signed, Depends(room.desk.guard.only(Role.STAFF))]

    @router.get("/cases/import", response_class=HTMLResponse)
    def asking(signed: staff) -> HTMLResponse:
        return shown_page(TITLE, _page(signed), signed)

    @router.post("/cases/import", dependencies=[OwnForm], response_model=None)
    def take_in(
        signed: staff, file: Annotated[UploadFile | None, File()] = None, replacing: Annotated[str, Form()] = ""
    ) -> HTMLResponse:
        name = (file.filename or "") if file is not None else ""
        try:
            if file is None or not name:
                raise CasesError("没有选文件", remedy="选一个 .yaml 或 .xlsx")
            content = file.file.read(MAX_SHEET_BYTES + 1)
            cases = read_case_file(content, name)
            done = store.take_in(cases, by=signed.user.name, source=name[-100:], replacing=bool(replacing))
        except CasesError as error:
            mistakes = error.mistakes if isinstance(error, SheetMistakes) else ()
            problem = error.message if mistakes else str(error)
            shown = join((_mistakes(mistakes), _page(signed, bool(replacing))))
            return shown_page(TITLE, shown, signed, problem=problem, status=400)
        trail.record(signed.user, "case.import", "", f"{len(done.added)}+{len(done.replaced)}")
        return shown_page(TITLE, join((_told(done), _page(signed))), signed)

    @router.get("/cases.yaml", response_model=None)
    def as_yaml(signed: staff, tag: str = "") -> Response:
        found = store.listed(tag or None)
        trail.record(signed.user, "case.export", "", f"yaml {len(found)}")
        return download(to_yaml(kept.case for kept in found).encode(), "用例.yaml", YAML)

    @router.get("/cases.xlsx", response_model=None)
    def as_sheet(signed: staff, tag: str = "") -> Response:
        found = store.listed(tag or None)
        trail.record(signed.user, "case.export", "", f"xlsx {len(found)}")
        return download(to_sheet(kept.case for kept in found), "用例.xlsx", SHEET)


def _page(signed: Signed, replacing: bool = False) -> Html:
    chosen = tag("input", type="file", id="file", name_="file", accept=".yaml,.yml,.xlsx")
    over = tag("input", type="checkbox", id="replacing", name_="replacing", value="1", checked=replacing)
    return join(
        (
            tag("h2", text("导入")),
            tag(
                "p",
                text("YAML（用例格式）或 xlsx（先导出一份作模板，一行一条）。有一处错就一条也不导入。"),
                class_="hint",
            ),
            form(
                f"{CASES}/import",
                signed,
                tag("div", tag("label", text("文件"), for_="file"), chosen, class_="field"),
                tag("p", over, tag("label", text("覆盖同名的用例"), for_="replacing"), class_="tick"),
                submit("导入", main=True),
                file=True,
            ),
            tag("h2", text("导出")),
            choices({f"{CASES}.yaml": "导出 YAML", f"{CASES}.xlsx": "导出 xlsx"}),
            tag("p", text("停用的也在里面。"), class_="hint"),
            tag("p", tag("a", text("用例列表"), href=CASES)),
        )
    )


def _mistakes(mistakes: tuple[str, ...]) -> Html:
    if not mistakes:
        return EMPTY
    more = len(mistakes) - _MISTAKES_SHOWN
    rest = tag("p", text(f"还有 {more} 处。")) if more > 0 else EMPTY
    return join(
        (tag("ul", *(tag("li", as_told(each)) for each in mistakes[:_MISTAKES_SHOWN]), class_="mistakes"), rest)
    )


def _told(done: TakenIn) -> Html:
    counts = f"新增 {len(done.added)} 条，覆盖 {len(done.replaced)} 条，没有变的 {len(done.unchanged)} 条。"
    return tag("p", text(counts), class_="notice", role="status")
