"""The office's list of inquiries: left with a receipt, answered under it, withdrawn by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.errors import InquiryError
from bot.inquiries.records import Exchanged, Inquiry, InquiryState, LeftInquiry, Message, Writer
from bot.store.database import Database, utc_now
from bot.store.exclusive import Turn, take_turns
from bot.store.receipt_codes import code_hash, codes_for
from bot.store.tables import inquiries, inquiry_messages
from bot.types import PrivateContact

#: Characters of one message, of one part of the conversation sent along, and of a line of the contact.
LONGEST_MESSAGE, LONGEST_PART, LONGEST_LINE = 2_000, 6_000, 300
#: Exchanges of the conversation kept: the newest.
MOST_EXCHANGES = 12
#: Messages under one inquiry; whoever has more to say leaves a new one.
MOST_MESSAGES = 30
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class InquiryOffice:
    """Inquiries in the database. Every method is one transaction; the constructor does no I/O."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- for the asker ------------------------------------------------------------------------------

    def leave(
        self,
        question: str,
        contact: PrivateContact,
        *,
        conversation: Sequence[Exchanged] = (),
        agreed: bool,
        language: str = "zh-CN",
        key: str = "",
    ) -> LeftInquiry:
        """Put a question on the office's list; ``agreed``: the asker lets staff read it and use the contact.

        The same sent again under the asker's ``key`` (:func:`codes_for`) is the question it was.
        Raises :class:`InquiryError` when that is not agreed, nothing is asked or nobody could be answered.
        """
        if not agreed:
            raise InquiryError("没有同意把问题和联系方式交给工作人员", remedy="勾选同意后再提交；不同意就不会保存")
        question, contact = _message(question), _contact(contact)
        if not (contact.phone or contact.email):
            raise InquiryError("没有留下联系办法", remedy="填电话或邮箱，工作人员才能回复您；也可以凭回执码回来看")
        now = utc_now()
        row = {
            "conversation": [[each.question, each.answer] for each in _bounded(conversation)],
            "contact_name": contact.name,
            "contact_phone": contact.phone,
            "contact_email": contact.email,
            "language": language[:16],
            "asked_at": now,
            "state": InquiryState.WAITING.value,
        }
        with self._database.write() as connection:
            take_turns(connection, Turn.LEAVING_QUESTION)
            receipt, known = _receipt(connection, key, question, asdict(contact))
            if known is not None:
                return LeftInquiry(known, receipt, again=True)
            row["code_hash"] = code_hash(receipt)
            number = int(connection.execute(insert(inquiries).returning(inquiries.c.id), row).scalar_one())
            _write(connection, number, Writer.ASKER, question, "", now)
            return LeftInquiry(_numbered(connection, number), receipt)

    def opened(self, receipt: str) -> Inquiry:
        """The inquiry a receipt opens; raises :class:`InquiryError` when it opens none."""
        with self._database.read() as connection:
            return self._by_receipt(connection, receipt)

    def opens(self, receipt: str) -> bool:
        """Whether ``receipt`` is that of an inquiry."""
        with self._database.read() as connection:
            return bool(_fetch(connection, inquiries.c.code_hash == code_hash(receipt)))

    def add(self, receipt: str, text: str) -> Inquiry:
        """A further message of the asker; the inquiry waits for the office again."""
        text = _message(text)
        with self._database.write() as connection:
            found = self._by_receipt(connection, receipt)
            return _added(connection, found, Writer.ASKER, text, "")

    def withdraw(self, receipt: str) -> Inquiry:
        """Take an inquiry back: its words, its conversation and its contact are deleted."""
        with self._database.write() as connection:
            found = self._by_receipt(connection, receipt)
            connection.execute(delete(inquiry_messages).where(inquiry_messages.c.inquiry_id == found.id))
            emptied = {"conversation": [], "contact_name": "", "contact_phone": "", "contact_email": ""}
            _set(connection, found.id, {**emptied, "state": InquiryState.WITHDRAWN.value})
            return _fetch(connection, inquiries.c.id == found.id)[0]

    def _by_receipt(self, connection: Connection, receipt: str) -> Inquiry:
        found = _fetch(connection, inquiries.c.code_hash == code_hash(receipt))
        if not found:
            # The code itself is a key: it is not repeated in a message that may be logged.
            raise InquiryError("回执码不对", remedy="照回执逐字核对（不分大小写），仍不行请重新提问")
        return found[0]

    # --- for the office -----------------------------------------------------------------------------

    def listed(self, states: Iterable[InquiryState] = (InquiryState.WAITING,)) -> tuple[Inquiry, ...]:
        """The inquiries in ``states``, the longest waiting first."""
        wanted = [state.value for state in states]
        with self._database.read() as connection:
            return tuple(_fetch(connection, inquiries.c.state.in_(wanted)))

    def waiting(self) -> int:
        """How many inquiries wait for an answer."""
        query = select(func.count()).where(inquiries.c.state == InquiryState.WAITING.value)
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def inquiry(self, number: int) -> Inquiry:
        """The inquiry of that number; raises :class:`InquiryError` when there is none."""
        with self._database.read() as connection:
            return _numbered(connection, number)

    def reply(self, number: int, text: str, *, by: str) -> Inquiry:
        """Write back under the asker's receipt; ``by`` is who of the staff answers."""
        text, author = _message(text), _line(by)
        if not author:
            raise InquiryError("没有写明是谁答复", remedy="写上经办人")
        with self._database.write() as connection:
            return _added(connection, _numbered(connection, number), Writer.OFFICE, text, author)

    def close(self, number: int) -> Inquiry:
        """Take an inquiry off the list; the receipt still shows it. Its contact is deleted: nobody needs it now."""
        with self._database.write() as connection:
            found = _numbered(connection, number)
            _check_open(found)
            gone = {"contact_name": "", "contact_phone": "", "contact_email": ""}
            _set(connection, number, {**gone, "state": InquiryState.CLOSED.value})
            return _numbered(connection, number)


def _receipt(connection: Connection, key: str, *content: object) -> tuple[str, Inquiry | None]:
    """The receipt for what is sent under ``key``, and the inquiry it opens already; one that ended is not meant."""
    codes = codes_for(key, *content)
    while True:
        code = next(codes)
        found = _fetch(connection, inquiries.c.code_hash == code_hash(code))
        if not found or not found[0].state.ended:
            return code, found[0] if found else None


def _added(connection: Connection, found: Inquiry, writer: Writer, text: str, author: str) -> Inquiry:
    _check_open(found)
    last = found.messages[-1]
    if (last.writer, last.text, last.author) == (writer, text, author):
        # Sent again because the answer to the first sending was lost.
        return found
    if len(found.messages) >= MOST_MESSAGES:
        raise InquiryError("这条提问下的往来已经很多", value=len(found.messages), remedy="请另外提一个问题")
    _write(connection, found.id, writer, text, author, utc_now())
    state = InquiryState.ANSWERED if writer is Writer.OFFICE else InquiryState.WAITING
    _set(connection, found.id, {"state": state.value})
    return _numbered(connection, found.id)


def _check_open(found: Inquiry) -> None:
    if found.state.ended:
        raise InquiryError("这条提问不能再补充或答复", value=found.state.label, remedy="请另外提一个问题")


def _numbered(connection: Connection, number: int) -> Inquiry:
    found = _fetch(connection, inquiries.c.id == number)
    if not found:
        raise InquiryError("没有这条提问", value=number, remedy="用 inquiries list 查看编号")
    return found[0]


def _fetch(connection: Connection, condition: Any) -> list[Inquiry]:
    rows = connection.execute(select(inquiries).where(condition).order_by(inquiries.c.id)).mappings().all()
    told: dict[int, list[Message]] = {row["id"]: [] for row in rows}
    query = (
        select(inquiry_messages)
        .join(inquiries, inquiries.c.id == inquiry_messages.c.inquiry_id)
        .where(condition)
        .order_by(inquiry_messages.c.id)
    )
    for each in connection.execute(query).mappings():
        told[each["inquiry_id"]].append(Message(Writer(each["writer"]), each["text"], each["at"], each["author"]))
    return [_from_row(row, told[row["id"]]) for row in rows]


def _from_row(row: Mapping[Any, Any], messages: Sequence[Message]) -> Inquiry:
    return Inquiry(
        id=row["id"],
        messages=tuple(messages),
        conversation=tuple(Exchanged(*each) for each in row["conversation"]),
        contact=PrivateContact(name=row["contact_name"], phone=row["contact_phone"], email=row["contact_email"]),
        state=InquiryState(row["state"]),
        asked_at=row["asked_at"],
        language=row["language"],
    )


def _write(connection: Connection, number: int, writer: Writer, text: str, author: str, at: str) -> None:
    row = {"inquiry_id": number, "writer": writer.value, "text": text, "author": author, "at": at}
    connection.execute(insert(inquiry_messages), row)


def _set(connection: Connection, number: int, values: Mapping[str, Any]) -> None:
    connection.execute(update(inquiries).where(inquiries.c.id == number).values(**values))


def _message(text: str) -> str:
    text = _UNSTORABLE.sub("", text).strip()
    if not text:
        raise InquiryError("没有写内容", remedy="用一两句话写明要问什么")
    if len(text) > LONGEST_MESSAGE:
        raise InquiryError("写得太长", value=f"{len(text)} 个字", remedy=f"不超过 {LONGEST_MESSAGE} 个字，要点先写")
    return text


def _line(text: str) -> str:
    return " ".join(_UNSTORABLE.sub("", text).split())[:LONGEST_LINE]


def _contact(contact: PrivateContact) -> PrivateContact:
    return PrivateContact(name=_line(contact.name), phone=_line(contact.phone), email=_line(contact.email))


def _bounded(conversation: Sequence[Exchanged]) -> list[Exchanged]:
    newest = list(conversation)[-MOST_EXCHANGES:]
    return [Exchanged(_part(each.question), _part(each.answer)) for each in newest]


def _part(text: str) -> str:
    return _UNSTORABLE.sub("", text)[:LONGEST_PART]
