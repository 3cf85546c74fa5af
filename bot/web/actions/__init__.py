"""What the page's forms do: each handler takes what was sent and gives back markup or a file; nothing here is HTML."""
