"""The server's log: one JSON object a line, each with the id of its request, never with what anybody wrote."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

#: The request at work in this context; empty outside of any.
request_id: ContextVar[str] = ContextVar("request_id", default="")
LOG_FOLDER, LOG_FILE = "logs", "server.jsonl"
STANDARD_ERROR = "-"
#: The program's own, and those that would tell an exception's words, which may be a visitor's.
_LOGGERS = {"bot": logging.INFO, "uvicorn": logging.WARNING, "asyncio": logging.WARNING}
_LARGEST_FILE, _KEPT_FILES = 10_000_000, 5
#: Parts of a record that a caller added, by name; nothing else of it is written.
_TOLD = ("method", "route", "status", "milliseconds", "bytes", "outcome")


class JsonLines(logging.Formatter):
    """A record as one object. Of an exception its type and where it arose; its words may be a visitor's."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of ``record``, without a break."""
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            told["request"] = request_id.get()
        told |= {name: value for name in _TOLD if (value := getattr(record, name, None)) is not None}
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__name__
            told["trace"] = [line.strip() for line in traceback.format_tb(record.exc_info[2])]
        return json.dumps(told, ensure_ascii=False)


class Sentences(logging.Formatter):
    """What went wrong, for whoever watches the terminal; details stand in the file."""

    def format(self, record: logging.LogRecord) -> str:
        """The message with the kind of error."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] is not None else ""
        return f"{record.getMessage()} ({kind}, request {request_id.get()})" if kind else record.getMessage()


def write_logs(data_dir: Path, target: str) -> None:
    """Send the program's log to ``target``: a file, ``-`` for the standard error, empty for a file below ``data_dir``.

    The file is turned over by size. A folder that cannot be written is told once, and the log goes to the standard
    error. What is worse than a warning stands there in any case, as a sentence.
    """
    handler: logging.Handler
    if target == STANDARD_ERROR:
        handler = logging.StreamHandler(sys.stderr)
    else:
        path = Path(target) if target else data_dir / LOG_FOLDER / LOG_FILE
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handler = RotatingFileHandler(path, maxBytes=_LARGEST_FILE, backupCount=_KEPT_FILES, encoding="utf-8")
        except OSError as error:
            sys.stderr.write(f"日志写不进 {path}（{error.strerror}），改写到标准错误\n")
            handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    told = logging.StreamHandler(sys.stderr)
    told.setLevel(logging.WARNING)
    told.setFormatter(Sentences())
    for name, level in _LOGGERS.items():
        logger = logging.getLogger(name)
        logger.setLevel(level)
        # Libraries put handlers of their own on the root of all loggers.
        logger.propagate = False
        logger.handlers = [handler] if target == STANDARD_ERROR else [handler, told]
