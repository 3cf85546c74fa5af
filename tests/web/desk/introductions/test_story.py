"""From a published need to a joint letter by two users in real browsers, the real program killed between the steps."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from bot.accounts.accounts import Accounts
from bot.accounts.records import Role
from bot.market.service import Market
from bot.settings import PROJECT_ROOT, load_settings
from bot.store.database import shared_database
from bot.types import PrivateContact, RecordKind
from tests.support import visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "示例密码-correct-horse"
TOLD = (
    "我们想找能给矿井轴流风机降噪的团队，现有消声罩体积过大难以下井，希望把噪声降到80分贝以下，"
    "预算60万元以内，委托开发，知识产权双方共有，电话13912345678"
)
OFFER = {
    "title": "矿井轴流风机仿生降噪叶片",
    "description": "用仿生锯齿叶片降低矿井轴流风机的噪声，风量不变，可在现有风机上换装。",
    "benefit": "噪声降低12%，每台节约成本3万元",
    "cooperation": "许可",
    "ip_status": "已授权发明专利，可许可",
    "region": "示例省",
}
PHONE, MAIL = "13912345678", "leaf@example.com"
STARTS_WITHIN = 90


class Program:
    """The program in a process of its own that is killed and started again at the same address."""

    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        self.address = f"http://127.0.0.1:{port}"
        self.kills = 0

    def start(self):
        command = [sys.executable, "-m", "bot", "serve", "--port", str(self.port), "--data", str(self.folder)]
        self.log = (self.folder / "program.log").open("ab")
        self.process = subprocess.Popen(
            command, cwd=PROJECT_ROOT, stdout=self.log, stderr=self.log, env=dict(os.environ)
        )
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.address}/desk/sign-in", timeout=5):
                    return
            except OSError:
                assert self.process.poll() is None, (self.folder / "program.log").read_text()[-2_000:]
                time.sleep(0.2)
        raise AssertionError("the program did not start")

    def stop(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)
        self.log.close()

    def killed_and_started_again(self):
        self.stop()
        self.kills += 1
        self.start()


@pytest.fixture
def program(tmp_path, corpus_settings):
    shutil.copytree(corpus_settings.data_dir / "index", tmp_path / "index")
    settings = load_settings(environment={}, data_dir=tmp_path)
    database = shared_database(settings.resolved_database_url)
    Accounts(database).add("manager", PASSWORD, [Role.MANAGER])
    running = Program(tmp_path, visits_port())
    running.market = Market(settings)
    running.start()
    yield running
    running.stop()
    database.close()


def visits_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def published(page):
    visits.go(page, "publish")
    page.fill("#tell-told", TOLD)
    page.click("#tell-form [type=submit]")
    page.wait_for_selector("#record-form .hint")
    page.click("#record-form [type=submit]:not([data-send-to])")
    page.wait_for_selector("#publish-form .preview")
    page.click("#confirm-form [type=submit]:not([data-send-to])")
    page.wait_for_selector("#publish-form .receipt")
    return page.inner_text("#publish-form .receipt-code")


def claimed(page, address, code):
    page.goto(address)
    page.wait_for_function("document.querySelector('#log[role=log]') !== null")
    visits.go(page, "mine")
    page.fill("#mine-receipt", code)
    page.press("#mine-receipt", "Enter")
    page.wait_for_selector("#mine-pairs .match-card")


def unfolded(page, heading):
    """The form below a heading."""
    fold = page.locator("details.step", has=page.locator(f"summary:text-is('{heading}')"))
    if not fold.evaluate("each => each.open"):
        fold.locator("summary").click()
    return fold


def sent_on(page, heading, label, **values):
    form = unfolded(page, heading)
    for name, value in values.items():
        box = form.locator(f"[name={name}]")
        (box.select_option if box.evaluate("each => each.tagName") == "SELECT" else box.fill)(value)
    form.locator(f"button:text-is('{label}')").click()
    page.wait_for_load_state()


def told(page, side, step):
    sent_on(page, f"记下{side}的征询或答复", "记入档案", step=step, channel="phone", said_by="示例联系人")


def test_from_a_published_need_to_a_joint_letter_and_its_end(program, visit, browser):
    owner = visit(address=program.address)
    code = published(owner.page)
    contact = PrivateContact(name="示例人", email=MAIL)
    submitted = program.market.submit(RecordKind.OFFER, OFFER, owner="示例叶片研究所", contact=contact)
    need, offer = program.market.claim(code)[1], submitted.record
    pair = f"{program.address}/desk/pairs/{need.id}/{offer.id}"
    room = browser.new_context(locale="zh-CN")
    room.set_default_timeout(20_000)
    desk = room.new_page()
    desk.goto(f"{program.address}/desk/sign-in")

    def interrupted(back_to):
        program.killed_and_started_again()
        desk.goto(back_to)
        return desk.inner_text("main")

    desk.fill("[name=name]", "manager")
    desk.fill("[name=password]", PASSWORD)
    desk.press("[name=password]", "Enter")
    desk.wait_for_url("**/desk")

    # The question to the need's owner, reworded, and on record as sent.
    desk.goto(pair)
    sent_on(desk, "起草一份", "起草并存档", stage="ask_need_owner")
    letter = desk.url
    assert re.search(r"/desk/letters/\d+$", letter) and PHONE not in desk.content()
    assert "请予函复" in interrupted(letter)
    box = unfolded(desk, "改写").locator("textarea", has_text="请予函复").first
    box.fill(box.input_value().replace("请予函复", "请尽快函复"))
    desk.click("button:text-is('保存为新的一版')")
    desk.wait_for_load_state()
    assert "请尽快函复" in interrupted(letter) and "第 2 版" in desk.inner_text("main")
    sent_on(desk, "记下已经发出", "记下已发出这一版", whom="示例公司办公室", means="mail")
    assert "已征询待答复" in interrupted(pair) and "第 2 版" in desk.inner_text("main")

    # Its owner agrees on the page with the receipt; the other one by phone.
    claimed(owner.page, program.address, code)
    owner.page.click("#mine-pairs [data-action=agree] [type=submit]:not([data-send-to])")
    owner.page.wait_for_selector("#mine-pairs [data-action=take_back]")
    assert "页面（凭回执码）" in interrupted(pair)
    told(desk, "成果方", "asked")
    assert "等成果方答复" in interrupted(pair)
    told(desk, "成果方", "given")
    assert "双方已同意，写双方引荐" in interrupted(pair)

    # The joint letter, sent to both.
    sent_on(desk, "起草一份", "起草并存档", stage="joint")
    joint = desk.url
    text = interrupted(joint)
    assert PHONE in text and MAIL in text
    sent_on(desk, "记下已经发出", "记下已发出这一版", whom="双方联系人", means="mail", sides="both")
    assert "已引荐，等双方答复" in interrupted(pair) and desk.locator("summary:text-is('推后再催')").count() == 2

    # A consent withdrawn on the page closes what it allowed, for good.
    claimed(owner.page, program.address, code)
    owner.page.on("dialog", lambda dialog: dialog.accept())
    owner.page.click("#mine-pairs [data-action=take_back] [type=submit]")
    owner.page.wait_for_function("!document.querySelector('#mine-pairs [data-action=take_back]')")
    text = interrupted(pair)
    assert "有一方不同意或撤回了" in text and "需求方已撤回" in text
    assert desk.locator("summary:text-is('推后再催')").count() == 0
    shut = interrupted(joint)
    assert PHONE not in shut and "需求方已撤回" in shut
    assert desk.request.get(f"{joint}/pdf").status == 404
    assert program.kills == 10
    room.close()
