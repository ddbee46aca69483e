"""Ordinary news sentences in each language, which make the average of few chunks reflect their language alone."""

from __future__ import annotations

from collections.abc import Mapping

from index.stored_embeddings import text_hash
from index.types import Language

# The same eight subjects in each language, so that what differs between their averages is the language.
ORDINARY: Mapping[Language, tuple[str, ...]] = {
    "ar": (
        "وافق مجلس الوزراء على مشروع الموازنة وأحاله إلى البرلمان.",
        "ارتفعت أسعار النفط في الأسواق العالمية بعد أسبوع من التراجع.",
        "فاز المنتخب بهدفين مقابل هدف وتأهل إلى الدور نصف النهائي.",
        "قال الأطباء إن اللقاح الجديد يحمي الأطفال من المرض.",
        "وقعت هزة أرضية خفيفة فجرا ولم يصب أحد بأذى.",
        "افتتح مهرجان السينما بفيلم عن الحياة في القرى.",
        "قضت المحكمة بسجن المتهم خمس سنوات.",
        "التقى وزيرا الخارجية لبحث العلاقات بين البلدين.",
    ),
    "fa": (
        "هیئت دولت لایحه بودجه را تصویب کرد و به مجلس فرستاد.",
        "بهای نفت پس از یک هفته کاهش در بازارهای جهانی بالا رفت.",
        "تیم ملی دو بر یک پیروز شد و به نیمه‌نهایی رسید.",
        "پزشکان می‌گویند واکسن تازه از کودکان در برابر این بیماری محافظت می‌کند.",
        "زمین‌لرزه خفیفی بامداد رخ داد و کسی آسیب ندید.",
        "جشنواره سینما با فیلمی درباره زندگی در روستاها آغاز شد.",
        "دادگاه متهم را به پنج سال زندان محکوم کرد.",
        "وزیران خارجه دو کشور درباره روابط دوجانبه گفت‌وگو کردند.",
    ),
    "en": (
        "The cabinet approved the draft budget and sent it to parliament.",
        "Oil prices rose on world markets after a week of decline.",
        "The national side won by two goals to one and reached the semi-final.",
        "Doctors say that the new vaccine protects children from the disease.",
        "A slight earthquake struck at dawn and nobody was hurt.",
        "The film festival opened with a picture about life in the villages.",
        "The court sentenced the accused to five years in prison.",
        "The two foreign ministers met to discuss relations between their countries.",
    ),
}


def ordinary_hashes(language: Language) -> list[bytes]:
    """Return the hashes by which the vectors of a language's sentences are found again."""
    return [text_hash("", sentence) for sentence in ORDINARY[language]]
