"""What stands before a hosted service: passes requests on that carry a token, over TLS where it has a folder for keys."""

from __future__ import annotations

import ssl
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path

_SILENCE_LOOK = 0.05


class GuardedRelay:
    def __init__(self, behind: str, header: str = "", value: str = "", folder: Path | None = None) -> None:
        self.passed = 0
        self.silent = threading.Event()
        self.certificate = folder / "relay-certificate.pem" if folder else None
        relay = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                while relay.silent.is_set():
                    time.sleep(_SILENCE_LOOK)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if header and self.headers.get(header) != value:
                    return self.tell(401, b'{"error":"AuthError","message":"no"}')
                relay.passed += 1
                request = urllib.request.Request(behind + self.path, body or None, method=self.command)
                request.add_header("Content-Type", "application/json")
                try:
                    with urllib.request.urlopen(request, timeout=30) as reply:
                        self.tell(reply.status, reply.read())
                except urllib.error.HTTPError as error:
                    self.tell(error.code, error.read())

            def tell(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_DELETE = do_PUT = answer

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if folder is not None:
            key, certificate = folder / "relay-key.pem", folder / "relay-certificate.pem"
            write_certificate(key, certificate)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"http{'s' if folder else ''}://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> GuardedRelay:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.silent.clear()
        self._server.shutdown()
        self._server.server_close()


def write_certificate(key_file: Path, certificate_file: Path) -> None:
    """A key and a certificate for 127.0.0.1 signed by itself, for a day."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "示例")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
