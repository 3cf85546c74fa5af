"""Other programs: the command line's contracts over HTTP, an OpenAI-compatible chat, tools for agents."""
