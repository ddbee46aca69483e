"""What no judge may let through: pairs of a source and a claim that differ in one thing, in three languages."""

from __future__ import annotations

import pytest

from rag.draft.alignment import align_whole
from rag.draft.guards import (
    GUARDS,
    days_are_met,
    denials,
    is_close,
    is_unspoken,
    names_are_met,
    negations_are_met,
    numbers_are_met,
    speakers_are_kept,
    units_are_met,
)
from rag.draft.statement import read_statement
from rag.draft.tokens import read_tokens
from rag.text.glossary import load_glossary


def whole(claim, source, languages):
    texts = zip((claim, source), languages, strict=True)
    return align_whole(*(read_statement(read_tokens(text, of, load_glossary()), of) for text, of in texts))


SOURCES = {
    "en": "Turkey's central bank said on Thursday that it will sell 30 million dollars to banks in Ankara.",
    "ar": "قال البنك المركزي التركي يوم الخميس إنه سيبيع ٣٠ مليون دولار للمصارف في أنقرة.",
    "fa": "بانک مرکزی ترکیه روز پنجشنبه گفت ۳۰ میلیون دلار به بانک‌ها در آنکارا می‌فروشد.",
}
# A guard, the claim's language, and what it refuses of the source in that language.
REFUSED = [
    (numbers_are_met, "en", "The central bank of Turkey said it would sell 40 million dollars."),
    (numbers_are_met, "ar", "أعلن المصرف المركزي في تركيا بيع ٤٠ مليون دولار."),
    (numbers_are_met, "fa", "بانك مركزى تركيه از فروش ۴۰ میلیون دلار خبر داد."),
    (days_are_met, "en", "The central bank of Turkey said on Friday that it would sell dollars."),
    (days_are_met, "ar", "أعلن المصرف المركزي في تركيا يوم الجمعة بيع دولارات."),
    (days_are_met, "fa", "بانک مرکزی ترکیه روز جمعه از فروش دلار خبر داد."),
    (names_are_met, "en", "The central bank of Turkey said it would sell dollars to banks in Istanbul."),
    (names_are_met, "ar", "أعلن المصرف المركزي التركي بيع دولارات لمصارف في إسطنبول."),
    (names_are_met, "fa", "بانک مرکزی ترکیه گفت به بانک‌های استانبول دلار می‌فروشد."),
    (units_are_met, "en", "The central bank of Turkey said it would sell 30 million euros."),
    (units_are_met, "ar", "أعلن المصرف المركزي التركي بيع ٣٠ مليون يورو."),
    (units_are_met, "fa", "بانک مرکزی ترکیه گفت ۳۰ میلیون یورو می‌فروشد."),
    (negations_are_met, "en", "The central bank of Turkey said it would not sell dollars."),
    (negations_are_met, "ar", "قال البنك المركزي التركي إنه لن يبيع دولارات."),
    (negations_are_met, "fa", "بانک مرکزی ترکیه گفت دلار نمی‌فروشد."),
    (speakers_are_kept, "en", "It will sell 30 million dollars to banks in Ankara."),
    (speakers_are_kept, "ar", "سيبيع ٣٠ مليون دولار للمصارف في أنقرة."),
    (speakers_are_kept, "fa", "سی ميليون دلار به بانک‌ها در آنكارا می‌فروشد."),
]
KEPT = {
    "en": "Banks in Ankara will be sold thirty million dollars, Turkey's central bank said on Thursday.",
    "ar": "سيبيع البنك المركزيّ التركي لمصارف أنقرة 30 مليون دولار، بحسب ما قال يوم الخميس.",
    "fa": "به گفتهٔ بانک مركزی تركيه، سی ميليون دلار روز پنج‌شنبه به بانک‌های آنکارا فروخته می‌شود.",
}


@pytest.mark.parametrize(("guard", "language", "claim"), REFUSED, ids=lambda value: getattr(value, "__name__", str(value)[:12]))
def test_a_claim_that_differs_in_one_thing_is_refused_by_its_guard(guard, language, claim):
    assert not guard(whole(claim, SOURCES[language], (language, language)))


@pytest.mark.parametrize("language", KEPT)
def test_a_rewording_passes_all_guards(language):
    met = whole(KEPT[language], SOURCES[language], (language, language))
    assert [guard.__name__ for guard in GUARDS if not guard(met)] == []


@pytest.mark.parametrize(
    ("source", "language"),
    [
        ("قال رئيس البلدية إن مشعل التميمي افتتح المعرض في نابلس.", "ar"),
        ("شهردار گفت مشعل تمیمی نمایشگاه را در نابلس گشود.", "fa"),
    ],
)
def test_a_name_that_no_glossary_has_is_met_by_its_sounds(source, language):
    claim = "Mishal Tamimi opened the fair in Nablus, the mayor said."
    assert names_are_met(whole(claim, source, ("en", language)))
    assert not names_are_met(whole(claim.replace("Tamimi", "Barghouti"), source, ("en", language)))


@pytest.mark.parametrize(
    ("claim", "language"),
    [
        ("Banks in Ankara get 30 million dollars.", "en"),
        ("مصارف في أنقرة تحصل على ٣٠ مليون دولار.", "ar"),
        ("۳۰ ميليون دلار نصیب بانک‌های آنکارا می‌شود.", "fa"),
    ],
)
def test_of_a_free_claim_a_lost_speaker_is_a_sign_and_no_more(claim, language):
    met = whole(claim, SOURCES[language], (language, language))
    assert is_unspoken(met) and not is_close(met) and speakers_are_kept(met)


@pytest.mark.parametrize(
    ("claim", "source", "language"),
    [
        ("Nobody else could have brought the two sides to sign.", "The mediator alone made the deal possible.", "en"),
        ("لم يكن الطرفان ليوقّعا لولا الوسيط.", "الوسيط وحده جعل إبرام الاتفاق ممكنا.", "ar"),
        ("بدون ميانجی توافقی به دست نمی‌آمد.", "تنها میانجی توافق را ممکن ساخت.", "fa"),
    ],
)
def test_of_a_free_claim_another_not_is_no_more_than_a_sign(claim, source, language):
    met = whole(claim, source, (language, language))
    assert denials(met) > 0 and not is_close(met) and negations_are_met(met)


@pytest.mark.parametrize(
    ("claim", "source", "language"),
    [
        ("Three states left the union.", "Mali, Niger and Chad left the union.", "en"),
        ("انسحبت ثلاث دول من الاتحاد.", "انسحبت مالي والنيجر وتشاد من الاتحاد.", "ar"),
        ("٣ کشور از اتحادیه بیرون رفتند.", "مالی، نیجر و چاد از اتحادیه بیرون رفتند.", "fa"),
    ],
)
def test_what_a_source_lists_may_be_counted_unless_it_counts_itself(claim, source, language):
    assert numbers_are_met(whole(claim, source, (language, language)))
    counted = source.replace(".", {"en": " after 4 years.", "ar": " بعد ٤ سنوات.", "fa": " پس از ۴ سال."}[language])
    assert not numbers_are_met(whole(claim, counted, (language, language)))
