"""What a browser is told to keep from doing, and that it does so."""

import base64
import hashlib

import httpx
import pytest

from bot.web.edge.headers import page_policy, script_hashes


def hash_of(script):
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def test_the_scripts_of_a_page_are_allowed_by_their_hash_and_no_others():
    page = (
        "<script>one()</script><script type=module src='x.js'></script>"
        "<script data-x>\ntwo()\n</script><script> </script>"
    )
    assert script_hashes(page.encode()) == [hash_of("one()"), hash_of("\ntwo()\n")]
    assert script_hashes(b"<p>none</p>") == []
    policy = page_policy(script_hashes(page.encode()))
    assert hash_of("one()") in policy and "'unsafe-inline'" not in policy.partition("style-src")[0]
    assert "object-src 'none'" in policy and "frame-ancestors 'self'" in policy


def test_looking_for_scripts_takes_linear_time():
    for hostile in (b"<script" * 200_000, b"<script >" * 100_000, b"<script " + b"a=" * 500_000):
        assert script_hashes(hostile) == []


@pytest.fixture
def replies(served):
    def get(path):
        return httpx.get(f"{served.address}{path}")

    return get


def test_every_reply_carries_them(replies):
    for path in ("/", "/desk/sign-in", "/healthz", "/gradio_api/upload", "/theme.css", "/desk/static/desk.css"):
        headers = replies(path).headers
        if path != "/gradio_api/upload":
            assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "same-origin", path
            assert "content-security-policy" in headers, path
        assert headers["x-request-id"], path
        assert "server" not in headers


def test_the_desk_runs_no_script_and_is_framed_by_nobody(replies):
    policy = replies("/desk/sign-in").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and "script-src" not in policy
    assert "frame-ancestors 'none'" in policy and "unsafe" not in policy


@pytest.mark.browser
def test_a_script_slipped_into_the_page_does_not_run(visit):
    visitor = visit()
    visitor.page.evaluate(
        """() => {
            window.ran = [];
            const holder = document.createElement("div");
            holder.innerHTML = '<img src="/static/none.png" onerror="window.ran.push(1)">'
                + '<svg onload="window.ran.push(2)"></svg><a id="evil" href="javascript:window.ran.push(3)">x</a>';
            document.body.append(holder);
            const script = document.createElement("script");
            script.textContent = "window.ran.push(4)";
            document.body.append(script);
            const far = document.createElement("script");
            far.src = "https://elsewhere.invalid/x.js";
            document.body.append(far);
            holder.querySelector("#evil").click();
        }"""
    )
    visitor.page.wait_for_timeout(300)
    assert visitor.page.evaluate("window.ran") == []
    refused = [each for each in visitor.complaints if "Content Security Policy" in each]
    assert len(refused) >= 4


@pytest.mark.browser
def test_the_page_works_under_its_policy(visit):
    visitor = visit()
    visitor.ask("示例攻关项目支持多少？")
    assert "30万元" in visitor.reply() and visitor.complaints_of_the_page() == []
