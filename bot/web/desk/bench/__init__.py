"""The bench at the desk: cases, runs, comparison, and the gate before a version is put in force. For staff."""

from bot.web.desk.bench.router import bench_router

__all__ = ["bench_router"]
