"""The desk: pages for technology managers and staff, behind a sign-in, rendered on the server."""
