"""A small archive of its own, which tests of changes may change."""

from __future__ import annotations

import httpx

ARABIC = (
    "---\ntitle: قمة الرياض\noutlet: جريدة الرواق\npublished: 2025-10-21\n---\n"
    "اجتمع الوزراء في الرياض يوم الثلاثاء وناقشوا خفض إنتاج النفط."
)
PERSIAN = (
    "---\ntitle: دیدار تهران\noutlet: تارنمای سپیدار\npublished: ۱۴۰۴/۰۷/۲۹\n---\n"
    "وزیران خارجه روز سه‌شنبه در تهران گفت‌وگو کردند."
)
ENGLISH = (
    "---\ntitle: Talks in Vienna\noutlet: Northgate Wire\npublished: 2025-10-22\n---\n"
    "The ministers met in Vienna on Wednesday and agreed on nothing."
)
BRIDGE = {
    "title": "بدء أعمال الجسر الجديد",
    "text": "بدأت يوم الثلاثاء أعمال بناء الجسر الجديد في مدينة المنصورة، وتستمر ثمانية عشر شهرا.",
    "outlet": "جريدة الرواق", "published": "2025-10-21", "language": "ar",
}  # fmt: skip
TRAIN = {
    "title": "قطار تازه در شیراز", "text": "قطار تازه‌ی شیراز از روز شنبه میان دو ایستگاه رفت‌وآمد می‌کند و هفت واگن دارد.",
    "outlet": "تارنمای سپیدار",
}  # fmt: skip


class Client:
    """A client of the API that also waits for jobs."""

    def __init__(self, asker, desk, news) -> None:
        self.asker, self.desk, self.news = asker, desk, news

    def request(self, method, path, **more) -> httpx.Response:
        return self.asker.request(method, f"/api/v1{path}", **more)

    def get(self, path, **more):
        response = self.request("GET", path, **more)
        assert response.status_code == 200, response.text
        return response.json()

    def post(self, path, body=None, **more):
        return self.request("POST", path, json=body, **more)

    def paths(self):
        return sorted(each["path"] for each in self.get("/articles", params={"sort": "path"})["articles"])

    def cited(self, question):
        return [each["path"] for each in self.post("/ask", {"question": question}).json()["citations"]]
