"""Debian's nginx with the settings that are shipped: only addresses, ports and places of files are others."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate

from tests.support.chroma_server import free_port
from tests.support.guarded_relay import write_certificate
from tests.support.needed import needed

SHIPPED = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"


def nginx_program() -> str:
    """Where nginx is; in CI it must be there."""
    return needed("nginx", "nginx-light", "/usr/sbin")


def configured(folder: Path, webs: Sequence[int], plain: int = 0, secure: int = 0) -> Path:
    """The shipped settings in ``folder``, for web processes at the ports ``webs`` of this machine."""
    key, certificate = folder / "tls_key", folder / "tls_certificate"
    write_certificate(key, certificate)
    text = SHIPPED.read_text(encoding="utf-8")
    exchanged = {
        "/run/secrets/tls_certificate": str(certificate),
        "/run/secrets/tls_key": str(key),
        "/tmp/nginx": f"{folder}/nginx",
        "listen 8080;": f"listen 127.0.0.1:{plain or free_port()};",
        "listen 8443 ssl;": f"listen 127.0.0.1:{secure or free_port()} ssl;",
        **{f"web{number}:7860": f"127.0.0.1:{port}" for number, port in enumerate(webs, start=1)},
    }
    for shipped, own in exchanged.items():
        assert shipped in text, shipped
        text = text.replace(shipped, own)
    file = folder / "nginx.conf"
    file.write_text(text, encoding="utf-8")
    return file


def key_pin(certificate: Path) -> str:
    """What Chromium knows a key by: the hash of the public key in ``certificate`` (RFC 7469, section 2.4)."""
    key = load_pem_x509_certificate(certificate.read_bytes()).public_key()
    told = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(told).digest()).decode()


@contextmanager
def nginx(folder: Path, webs: Sequence[int]) -> Iterator[tuple[str, Path]]:
    """A running proxy: its https address, and the certificate that it is trusted by."""
    plain, secure = free_port(), free_port()
    file = configured(folder, webs, plain, secure)
    command = [nginx_program(), "-c", str(file), "-g", "daemon off;"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while not (folder / "nginx.pid").exists():
            assert process.poll() is None and time.monotonic() < deadline, "nginx did not start"
            time.sleep(0.05)
        yield f"https://127.0.0.1:{secure}", folder / "tls_certificate"
    finally:
        process.terminate()
        process.wait(timeout=20)
