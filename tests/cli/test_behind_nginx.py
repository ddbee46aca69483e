"""Khabar as docs/deploy.md puts it on the net: behind nginx with deploy/nginx.conf, under a path, with https and login."""

import base64
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.cli.command import ARABIC, BARE, PERSIAN, ROOT, RUN
from tests.serving import free_port, started

NAME = "news.example.org"
PASSWORD = "گذرواژهٔ ساره ۱۲"
# It takes seconds; a busy machine takes longer.
PATIENCE = 120.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("nginx") or not shutil.which("openssl"), reason="nginx and openssl are not installed"),
]


def settings(folder: Path, data: Path, port: int) -> Path:
    """Write deploy/khabar.toml for this machine."""
    text = (ROOT / "deploy/khabar.toml").read_text("utf-8")
    text = text.replace("/var/lib/khabar/archive", str(data)).replace("/var/cache/khabar", str(folder / "cache"))
    file = folder / "khabar.toml"
    file.write_text(text.replace("/etc/khabar/users", str(folder / "users")) + f"port = {port}\n", encoding="utf-8")
    return file


def site(folder: Path, ports: dict[str, int]) -> Path:
    """Write deploy/nginx.conf for this machine, with what a whole configuration of nginx needs around it."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    text = (ROOT / "deploy/nginx.conf").read_text("utf-8").replace("/etc/khabar/tls", str(folder))
    text = re.sub(r" *listen \[::\].*\n", "", text)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{ports['http']};").replace("110m", "4m")
    text = text.replace("listen 443 ", f"listen 127.0.0.1:{ports['https']} ")
    text = text.replace("127.0.0.1:7860", f"127.0.0.1:{ports['khabar']}")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    user = "user root;\n" if os.geteuid() == 0 else ""
    head = f"{user}daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\n"
    file = folder / "nginx.conf"
    file.write_text(f"{head}http {{\naccess_log off;\n{places}{text}}}\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def served(data, tmp_path_factory):
    """Khabar and nginx; yields a function that fetches and finds the name here."""
    folder = tmp_path_factory.mktemp("behind")
    shutil.copytree(data, folder / "بيانات")
    ports = {name: free_port() for name in ("http", "https", "khabar")}
    environment = {**os.environ, **BARE, "KHABAR_CONFIG": str(settings(folder, folder / "بيانات", ports["khabar"]))}
    khabar = [sys.executable, "-c", RUN]
    for name in ("sara", "ليلى"):
        subprocess.run([*khabar, "login", name], env=environment, input=f"{PASSWORD}\n", text=True, check=True)
    log = folder / "log"
    nginx = ["nginx", "-c", site(folder, ports), "-p", folder, "-e", "stderr"]
    trusted = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))

    def client(**more) -> httpx.Client:
        # The name is looked up nowhere: the connection goes to this machine, and the certificate is checked by the name.
        return httpx.Client(
            base_url=f"https://127.0.0.1:{ports['https']}", verify=trusted, timeout=PATIENCE,
            headers={"Host": NAME} | more.pop("headers", {}), **more,
        )  # fmt: skip

    def get(path, **more):
        with client() as one:
            return one.get(path, extensions={"sni_hostname": NAME}, **more)

    def written() -> list[dict]:
        return [json.loads(line) for line in log.read_text("utf-8").splitlines()]

    get.client, get.ports, get.written = client, ports, written
    get.khabar, get.environment = khabar, environment
    with (
        log.open("w") as file,
        started([*khabar, "serve"], f"http://127.0.0.1:{ports['khabar']}/readyz", env=environment, stderr=file) as get.server,
        started(nginx, "/khabar/readyz", get, stderr=None),
    ):
        yield get


def basic(name="sara", password=PASSWORD) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def test_the_way_in(served):
    plain = httpx.get(f"http://127.0.0.1:{served.ports['http']}/khabar/", headers={"Host": NAME})
    assert (plain.status_code, plain.headers["location"]) == (301, f"https://{NAME}/khabar/")
    moved = served("/khabar")
    assert moved.status_code == 301 and moved.headers["location"].endswith("/khabar/")
    asked = served("/khabar/")
    assert asked.status_code == 303 and asked.headers["location"] == "./login"
    assert "<form" in served("/khabar/login").text
    assert served("/").status_code == 404


def test_login_and_page_and_files(served):
    """A browser logs in and gets the page; a file that nginx lets through comes in, a larger one does not."""
    with served.client() as browser:
        here = {"extensions": {"sni_hostname": NAME}}
        origin = {"Origin": f"https://{NAME}"}
        secret = re.search(r'name="secret" value="([^"]+)"', browser.get("/khabar/login", **here).text)[1]
        form = {"name": "ليلى", "password": PASSWORD, "secret": secret}
        entered = browser.post("/khabar/login", data=form, headers=origin, **here)
        assert entered.status_code == 303
        cookie = entered.headers["set-cookie"].lower()
        assert "secure" in cookie and "httponly" in cookie and "path=/khabar" in cookie
        page = browser.get("/khabar/", **here)
        assert page.status_code == 200 and "page/static/" in page.text
        style = re.search(r"page/static/\w+/page\.css", page.text)[0]
        assert browser.get(f"/khabar/{style}", **here).headers["content-type"].startswith("text/css")
        text = "اجتمع الوزراء في الرياض وناقشوا الأسعار.\n".encode() * 20_000
        assert len(text) > 1_048_576, "more than nginx takes unless it is told"
        sent = {"params": {"name": "خبر.txt"}, "headers": origin | {"X-Khabar": "page"}, **here}
        taken = browser.put("/khabar/page/archive/upload", content=text, **sent)
        assert taken.status_code == 200 and taken.json()["name"] == "خبر.txt"
        assert browser.put("/khabar/page/archive/upload", content=text * 4, **sent).status_code == 413


def test_a_program_asks_and_an_answer_comes_as_events(served):
    assert served("/khabar/api/v1/stats").status_code == 401
    with served.client(headers=basic()) as program:
        here = {"extensions": {"sni_hostname": NAME}}
        whole = program.post("/khabar/api/v1/ask", json={"question": ARABIC}, **here).json()
        assert whole["citations"] and whole["language"] == "ar"
        with program.stream("POST", "/khabar/api/v1/ask", json={"question": PERSIAN, "stream": True}, **here) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            names = [line.removeprefix("event: ") for line in answer.iter_lines() if line.startswith("event: ")]
    assert names[-1] == "done" and "citation" in names


def test_errors_and_ids(served):
    absent = served("/khabar/api/v1/articles/لا-شيء", headers=basic() | {"X-Request-Id": "of-the-caller"})
    assert absent.status_code == 404 and absent.headers["content-type"] == "application/problem+json"
    # nginx gives each request a name of its own, which its log has too.
    assert absent.json()["request_id"] == absent.headers["x-request-id"] != "of-the-caller"
    assert re.fullmatch("[0-9a-f]{32}", absent.headers["x-request-id"])


def test_what_the_world_does_not_get(served):
    assert served("/khabar/metrics").status_code == 404
    assert served("/khabar/readyz").json() == {"status": "ready"}
    assert "nginx" in served("/khabar/../etc/passwd").text


def test_a_key(served):
    create = [*served.khabar, "keys", "create", "غرفة الأخبار"]
    made = subprocess.run(create, env=served.environment, capture_output=True, text=True, check=True)
    key = re.search(r"khabar_[0-9a-f_]+", made.stdout)[0]
    bearer = {"Authorization": f"Bearer {key}"}
    assert served("/khabar/api/v1/stats", headers=bearer).json()["articles"] >= 36
    assert served("/khabar/api/v1/stats", headers={"Authorization": f"Bearer {key[:-1]}"}).status_code == 401
    assert key not in json.dumps(served.written())


def test_another_name_is_not_answered(served):
    other = served("/khabar/api/v1/stats", headers=basic() | {"Host": f"news.example.org.{NAME}"})
    assert other.status_code == 421 and other.json()["code"] == "unknown-host"


def test_the_log_tells_requests_and_not_what_was_asked(served):
    """The last of these tests: it ends the server."""
    served("/khabar/api/v1/articles?outlet=سر", headers=basic())
    served.server.terminate()
    served.server.wait(PATIENCE)
    lines = served.written()
    told = [line for line in lines if line["event"] == "request"]
    assert {line["door"] for line in told} >= {"api", "page", "health"}
    ask = [line for line in told if line["route"] == "/api/v1/ask"]
    assert [line["status"] for line in ask] == [200, 200] and {line["caller"] for line in ask} == {"user:sara"}
    answers = [line for line in lines if line["event"] == "answer"]
    assert [line["language"] for line in answers] == ["ar", "fa"]
    text = json.dumps(lines, ensure_ascii=False)
    assert PASSWORD not in text and ARABIC not in text and PERSIAN not in text and "سر" not in text
