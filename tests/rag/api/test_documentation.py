from __future__ import annotations

import json
import re

from click.testing import CliRunner

from rag.api.documentation import page_of
from ui.cli import main


def test_the_page_tells_of_every_operation_and_loads_nothing(client):
    response = client.request("GET", "/api/docs")
    assert response.status_code == 200 and response.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in response.headers["content-security-policy"]
    page, document = response.text, client.request("GET", "/openapi.json").json()
    for path, operations in document["paths"].items():
        for method in operations:
            assert f"<b>{method.upper()}</b> {path}</h3>" in page
    assert not re.search(r"<(?:script|link|img|iframe|object)|\bsrc=|@import|url\(", page)
    assert set(re.findall(r'href="([^"#]+)"', page)) == {"../openapi.json"}
    assert "كم استغرق السطو" in page and "چه کسی" in page


def test_nothing_in_the_document_becomes_markup():
    document = {
        "info": {"title": "<b>", "description": "<script>"},
        "paths": {"/<i>": {"get": {"responses": {"200": {"content": {"<u>": {"example": "</pre><script>"}}}}}}},
        "components": {"schemas": {}},
    }
    assert not re.search("<(script|i|u)>", page_of(document).split("</style>")[1])


def test_the_command_prints_what_a_server_has(client):
    done = CliRunner().invoke(main, ["openapi"])
    assert done.exit_code == 0 and json.loads(done.output) == client.request("GET", "/openapi.json").json()
