"""技术经理人助手: answers policy questions from documents on file, every claim traced to its sentence."""

__version__ = "0.1.0"
