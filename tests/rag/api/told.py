"""What the tests of the API ask, and how they read its errors."""

from __future__ import annotations

ASKED = {
    "ar": "متى كان الوزيران روبيو ولافروف يعتزمان الاجتماع في بودابست؟",
    "fa": "رادوسلاو سیکورسکی درباره هواپیمای پوتین چه هشداری داد؟",
    "en": "What did Szijjarto write on Facebook about the summit?",
}


def problem(response, status, code=None):
    """Return the detail of an error response, checked for its form."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert "<html" not in response.text.lower()
    assert "Traceback" not in response.text
    content = response.json()
    assert list(content) == ["type", "title", "status", "detail", "code", "value", "remedy"]
    assert content["status"] == status and content["type"] == f"/problems/{content['code']}"
    assert content["detail"].strip() and content["remedy"].strip() and content["title"]
    assert code in (None, content["code"])
    return content["detail"]
