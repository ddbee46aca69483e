"""Questions, and reports that answer them."""

from datetime import date

from rag.ask.question import read_question
from rag.text.glossary import load_glossary
from tests.rag.scripted import evidence, passage

DAY, LATER = date(2025, 10, 21), date(2025, 10, 27)
ASKED = {"ar": "ماذا قال بوتين عن القمة؟", "fa": "پوتین دربارهٔ نشست چه گفت؟", "en": "What did Putin say about the summit?"}
# Sentences that have nothing to do with one another.
APART = {
    "ar": ["أبحرت سفينة التمساح إلى ميناء الخروبة.", "رست سفينة في ميناء بعيد بلا سبب.", "ارتفعت أسعار القمح منذ الصيف."],
    "fa": ["کشتی تمساح به بندر خرنوب رفت.", "یک کشتی در بندر دوری ماند.", "بهای گندم از تابستان بالا رفته است."],
    "en": ["The ship Crocodile sailed to Carob.", "A small boat anchored far away.", "Wheat prices have been rising."],
}
# One sentence in two spellings, or one inside another.
SAME = [
    ("التقى بوتين وترامب في ألاسكا يوم الجمعة.", "اِلتقى بوتين وتـرامب في الاسكا يوم الجمعه"),
    ("پوتین و ترامپ روز جمعه در آلاسکا دیدار کردند.", "پوتين و ترامپ روز جمعه در آلاسكا ديدار كردند!"),
    ("می‌گویند رئیس‌جمهور در ۱۲ فوریه رفت.", "میگویند رئیس جمهور در 12 فوریه رفت."),
    ("Putin and Trump met in Alaska on Friday.", "Putin and Trump met, in Alaska, on Friday"),
    (
        "Putin and Trump met in the city of Anchorage on Friday.",
        "Officials confirmed that Putin and Trump met in the city of Anchorage on Friday, after weeks of talks.",
    ),
]


def asked(text):
    return read_question(text, (), load_glossary(), 2000)


def report(text, language, rank, outlet="Wire", day=DAY, title="", score=1.0):
    return evidence(passage(text, language, rank=rank, outlet=outlet, published=day, title=title), score=score)
