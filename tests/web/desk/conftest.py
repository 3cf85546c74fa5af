"""A desk over a real database with a member of staff, a technology manager, and somebody who is both."""

import re
import shutil
from datetime import date

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.accounts.accounts import Accounts
from bot.accounts.records import Role
from bot.assistant import Assistant
from bot.settings import load_settings
from bot.store.database import shared_database
from bot.web.desk.context import Desk
from bot.web.desk.site import add_desk

PASSWORD = "示例密码-correct-horse"
TODAY = date(2026, 3, 2)


class DeskUnderTest:
    """``browser("staff")`` is signed in; without a name a stranger."""

    def __init__(self, folder, **settings):
        self.settings = load_settings(environment={}, data_dir=folder, **settings)
        self.assistant = Assistant(self.settings, lambda: TODAY)
        self.desk = Desk.of(self.assistant, self.settings, lambda: TODAY)
        self.database, self.trail = self.desk.database, self.desk.trail
        self.office, self.market = self.desk.inquiries, self.desk.market
        self.accounts = Accounts(self.database)
        self.site = FastAPI()
        add_desk(self.site, self.desk)

    def browser(self, name="", base_url="http://desk.test"):
        client = TestClient(self.site, base_url=base_url, follow_redirects=False)
        if name:
            done = client.post("/desk/sign-in", data={"name": name, "password": PASSWORD})
            assert done.status_code == 303 and done.headers["location"] == "/desk"
        return client

    def post(self, client, path, data=None, **more):
        """Send a form as a page of the desk would."""
        return client.post(path, data={"csrf": csrf(client), **(data or {})}, **more)


def csrf(client, path="/desk"):
    return re.search(r'name="csrf" value="([0-9a-f]{64})"', client.get(path).text)[1]


@pytest.fixture(scope="session")
def accounts_folder(tmp_path_factory):
    """A database with the accounts: hashing passwords takes long on purpose."""
    folder = tmp_path_factory.mktemp("accounts")
    database = shared_database(load_settings(environment={}, data_dir=folder).resolved_database_url)
    accounts = Accounts(database)
    for name, roles in (("staff", [Role.STAFF]), ("manager", [Role.MANAGER]), ("both", list(Role))):
        accounts.add(name, PASSWORD, roles)
    database.clear_remains()
    database.close()
    return folder


@pytest.fixture
def desk(tmp_path, accounts_folder):
    shutil.copytree(accounts_folder, tmp_path, dirs_exist_ok=True)
    return DeskUnderTest(tmp_path)
