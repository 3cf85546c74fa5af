"""What the compose file, the image and the proxy's settings say exists, and can be read by what reads it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import load_settings
from bot.web.server import IDLE_SECONDS
from tests.support.nginx import configured, nginx_program

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = DEPLOY / "compose.yaml"


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return read


def services() -> dict[str, Any]:
    found: dict[str, Any] = compose()["services"]
    return found


def test_the_compose_file_follows_the_specification() -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    command = [str(program), "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_proxys_settings_are_read_by_nginx(tmp_path: Path) -> None:
    file = configured(tmp_path, (7871, 7872, 7873))
    done = subprocess.run([nginx_program(), "-t", "-c", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "warn" not in done.stderr, done.stderr


def test_the_proxy_lets_go_of_a_connection_before_the_program_does() -> None:
    """Else a question is sent into one that is being closed, and is not sent again."""
    kept = re.search(r"upstream web \{[^}]*\bkeepalive_timeout (\d+)s;", (DEPLOY / "nginx.conf").read_text("utf-8"))
    assert kept is not None and 0 < int(kept[1]) < IDLE_SECONDS


def test_what_the_services_set_are_settings() -> None:
    for name, service in services().items():
        given = {key: value for key, value in service.get("environment", {}).items() if key.startswith("BOT_")}
        filled = {key: re.sub(r"\$\{[^}]+\}", "assistant.example.cn", value) for key, value in given.items()}
        read = load_settings(filled, ROOT / "no-such.toml")
        if given:
            assert read.chroma.url == "http://chroma:8000" and read.serving.log == "-", name
            assert "127.0.0.1" in read.serving.hosts and read.database_url == ""


def test_nothing_has_a_password_of_its_own() -> None:
    text = COMPOSE.read_text(encoding="utf-8")
    for service in services().values():
        for key, value in service.get("environment", {}).items():
            if re.search("PASSWORD|TOKEN|SECRET|KEY|DATABASE_URL", key):
                assert key.endswith("_FILE") and value.startswith("/run/secrets/"), key
    assert not re.search(r"//[^/\s:]+:[^@\s]+@", text)
    for told in compose()["secrets"].values():
        assert set(told) == {"file"} and told["file"].startswith("./secrets/")
    kept = [path.name for path in (DEPLOY / "secrets").iterdir()]
    assert kept == [".gitignore"]
    # What must be set has no value to fall back on.
    assert not re.search(r"\$\{\w+:-", text)


def test_secrets_and_volumes_that_are_used_are_there() -> None:
    file = compose()
    for name, service in services().items():
        for secret in service.get("secrets", []):
            assert secret in file["secrets"], (name, secret)
        for volume in service.get("volumes", []):
            source, _, target = volume.rpartition(":") if volume.count(":") == 1 else volume.partition(":")
            assert target, volume
            if source.startswith("."):
                assert (DEPLOY / source).exists(), volume
            elif not source.startswith("$"):
                assert source in file["volumes"], volume
        for value in service.get("environment", {}).values():
            if value.startswith("/run/secrets/"):
                assert value.removeprefix("/run/secrets/") in service["secrets"], (name, value)


def test_every_service_is_closed_where_it_can_be() -> None:
    for name, service in services().items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.get("privileged") and "cap_add" not in service, name
        assert name == "nginx" or "ports" not in service, name
        assert name == "ingest" or service["healthcheck"]["test"], name
    assert compose()["networks"]["inside"]["internal"] is True


def test_the_web_trusts_the_proxy_and_nobody_else() -> None:
    proxy = services()["nginx"]["networks"]["inside"]["ipv4_address"]
    webs = {name: each for name, each in services().items() if name.startswith("web")}
    assert len(webs) == 3
    addresses = {each["networks"]["inside"]["ipv4_address"] for each in webs.values()}
    assert len(addresses) == 3 and proxy not in addresses
    for each in webs.values():
        assert each["environment"]["BOT_SERVING_PROXIES"] == proxy
    named = re.findall(r"server (\w+):7860", (DEPLOY / "nginx.conf").read_text(encoding="utf-8"))
    assert sorted(named) == sorted(webs)


@pytest.mark.parametrize("name", ["ingest", "web1", "chroma"])
def test_the_commands_of_our_own_image_exist(name: str) -> None:
    command = services()[name]["command"]
    words = command if command[0] != "sh" else command[2].split("||")[0].split()
    program = Path(sys.executable) if words[0] == "python" else Path(sys.executable).with_name(words[0])
    at = words.index("bot") + 2 if "bot" in words else 2
    done = subprocess.run(
        [str(program), *words[1:at], "--help"], capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
    )
    assert done.returncode == 0, done.stderr
    for option in (word for word in words[at:] if word.startswith("--")):
        assert option in done.stdout, option


def test_what_the_image_is_made_of_exists() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    copied = [line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY") and "--from" not in line]
    names = [name for line in copied for name in line]
    assert names and all((ROOT / name).exists() for name in names)
    shut_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert not {name.split("/")[0] for name in names} & set(shut_out)
    assert "deploy/secrets" in shut_out
    assert "[postgresql]" in text and "postgresql" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert re.search(r"^USER assistant$", text, re.MULTILINE)
    for service in services().values():
        for word in service.get("healthcheck", {}).get("test", []):
            if word.startswith("/program/"):
                assert f"COPY {word.removeprefix('/program/')} {word}" in text


def test_what_must_be_set_is_in_the_example_and_told() -> None:
    needed = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text(encoding="utf-8")))
    example = (DEPLOY / "env.example").read_text(encoding="utf-8")
    assert needed == set(re.findall(r"^(\w+)=", example, re.MULTILINE)) != set()
    told = (DEPLOY / "README.md").read_text(encoding="utf-8")
    for name in (*needed, *compose()["secrets"]):
        assert name in told, name


def test_the_health_check_tells_well_from_unwell(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("ok", encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            address = re.search(r"http://[\d.:]+", server.stdout.readline())
            assert address is not None
            codes = [
                subprocess.run(
                    [sys.executable, str(DEPLOY / "healthy.py"), f"{address[0]}/{name}"],
                    stderr=subprocess.DEVNULL,
                    check=False,
                ).returncode
                for name in ("there", "gone")
            ]
        finally:
            server.kill()
    assert codes[0] == 0 and codes[1] != 0


def test_the_tools_that_ci_needs_are_installed_by_it() -> None:
    told = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "nginx-light" in told and "postgresql" in told
