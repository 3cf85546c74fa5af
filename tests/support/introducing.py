"""What a manager does at the desk by forms, for the pair n1 and o1."""

import html
import re

PHONE, MAIL = "13912345678", "sun8@example.com"
PAIR = "/desk/pairs/n1/o1"


class Manager:
    """A browser of a manager: every form is sent as its page would send it."""

    def __init__(self, desk, name="manager"):
        self.desk, self.client = desk, desk.browser(name)

    def get(self, path, status=200):
        reply = self.client.get(path)
        assert reply.status_code == status, (path, reply.status_code)
        return html.unescape(reply.text)

    def send(self, path, status=303, **values):
        reply = self.desk.post(self.client, path, values)
        assert reply.status_code == status, (path, reply.status_code, problem(reply.text))
        return reply.headers["location"] if status == 303 else html.unescape(reply.text)

    def step(self, name, status=303, **values):
        return self.send(f"/desk/pairs/{name}", status, need="n1", offer="o1", **values)

    def say(self, side, step="given", scope="name,contact", status=303, **more):
        told = {"side": side, "step": step, "channel": "phone", "said_by": "示例联系人", "scope": scope, **more}
        seen = str(self.desk.market.consent_state("n1", "o1").changed)
        return self.step("said", status, **{"seen": seen, **told})

    def draft(self, stage="ask_need_owner", form="letter", language="zh"):
        return self.step("draft", stage=stage, form=form, language=language)

    def hand_out(self, letter, status=303, version="1", **more):
        told = {"whom": "示例公司办公室", "means": "mail", "day": "2026-03-02", "version": version, **more}
        return self.send(f"{letter}/send", status, **told)


def problem(page):
    found = re.findall(r'class="problem"[^>]*>([^<]*)', html.unescape(page))
    return found


def editor(page):
    """What the editor on a page would send as it stands."""
    form = page[page.index("/save") :].split("</form>")[0]
    sent = dict(re.findall(r'type="hidden" name="((?:base|kind-\d+))" value="([^"]*)"', form))
    boxes = re.findall(r'<textarea[^>]* name="(part-\d+)"[^>]*>\n?([^<]*)</textarea>', form)
    return {**sent, **{name: html.unescape(value) for name, value in boxes}}


def changed(form, old, new):
    assert any(old in value for value in form.values())
    return {name: value.replace(old, new) for name, value in form.items()}
