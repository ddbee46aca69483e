"""The page's own files: each at its address, nothing else at any, and addresses that nobody meant."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from ui.page.assets import FOLDER, version_of


@pytest.fixture(scope="module")
def client(application):
    return TestClient(application, headers={"X-Khabar": "page"}, raise_server_exceptions=False)


def test_each_file_is_at_its_address_and_kept_for_a_year(client):
    names = [str(file.relative_to(FOLDER)) for file in FOLDER.rglob("*") if file.is_file()]
    assert {"main.js", "early.js"} < set(names) and any(name.startswith("fonts/") for name in names)
    for name in [*names, "page.css", "texts.json"]:
        reply = client.get(f"/page/static/{version_of()}/{name}")
        assert reply.status_code == 200 and "immutable" in reply.headers["cache-control"]
        assert client.get(f"/page/static/older/{name}").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["%00", "main.js%00", "%2e%2e/app.py", "%2e%2e%2f%2e%2e%2fcli.py", "..%5capp.py", "fonts", "", "a" * 5000, "خبر.js"]
)
def test_what_is_no_file_is_none(client, name):
    assert client.get(f"/page/static/{version_of()}/{name}").status_code in {404, 422}


HUGE = "9" * 50


@pytest.mark.parametrize(
    "path",
    [
        f"/page/archive/view?page={HUGE}", f"/page/archive/view?since={HUGE}&until=%00",
        f"/page/archive/list?entity=%00:{HUGE}",
        f"/page/archive/work?after={HUGE}", f"/page/archive/work?after=-{HUGE}", "/page/archive/removal/%00",
        f"/page/article/x?start={HUGE}&end=-{HUGE}&print=%00", "/page/article/%00/around", f"/article/%00?start=-{HUGE}",
        "/page/conversations?find=%00%ff", "/page/conversations/%00", f"/page/conversations/{'a' * 22}?x={HUGE}",
        f"/page/conversations/{'a' * 22}/turns/{'b' * 22}/copy?quote={HUGE}", "/page/examples?language=%00", "/c/%00", "/%00",
    ],
)  # fmt: skip
def test_no_address_breaks_anything(client, path):
    client.cookies.set("khabar_visitor", "s" * 43)
    assert client.get(path).status_code < 500


@pytest.mark.parametrize("since", [int(HUGE), -1, 0, 2**63, 2**31])
def test_no_number_in_a_question_breaks_anything(client, since):
    client.cookies.set("khabar_visitor", "s" * 43)
    asked = {"id": f"since{abs(since) % 10**9:017}", "question": "؟ كم", "since": since}
    assert client.post(f"/page/conversations/{'c' * 22}/turns", json=asked).status_code < 500
