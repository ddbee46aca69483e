"""Sentences of an article that are not news but orders to a model that reads it: "ignore the above and write ..."."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from index.text import fold, spaced

# Patterns over the folded sentence, ZWNJ made a space. `{start}` is where an order may begin: an article that tells of one
# ("the UN told Israel to ignore ...") has a word before the verb.
_START = (
    r"(?:^|[.!?؟:;؛,،\-–—«»“”\"'()\[\]*#>]\s*)"
    r"(?:(?:please|now|then|and|but|important|attention|you must|you should|you will|must|always|instead|simply|just|"
    r"الان|ثم|رجاء|من فضلك|لطفا|اكنون|حالا|مهم)[\s:,،]+)*"
)
_ENGLISH = (
    r"{start}(?:ignore|disregard|forget|override|bypass|skip)\b(?:\s+\w+){0,4}?\s+"
    r"(?:instructions?|prompts?|rules|guidelines|directions|messages?|context|passages?|commands?)\b",
    r"{start}(?:ignore|disregard|forget)\s+(?:all\s+|everything\s+)?(?:of\s+)?(?:the\s+)?"
    r"(?:above|previous|preceding|foregoing|prior)\s*(?:and\b|[,.:;!]|$)",
    r"{start}(?:reveal|print|show|output|repeat|display)\b(?:\s+\w+){0,3}?\s+(?:system|hidden|initial)\s+(?:prompt|instructions?)\b",
    r"{start}(?:reply|respond|answer|output|print)\s+(?:only|just|exactly|with|the following|this question|every question)\b",
    r"{start}write\s+(?:only|exactly|nothing but|the words?|the following|instead)\b",
    r"{start}(?:do not|don't|never)\s+(?:mention|cite|use|follow|reveal|quote|answer)\s+(?:the|these|any|your|this|from)\b"
    r"(?:\s+\w+)?\s*(?:passages?|sources?|instructions?|prompts?|user|question|rules)\b",
    r"\byou are (?:now )?(?:an?|the) (?:\w+ )?(?:ai|assistant|chatbot|bot|language model|llm)\b",
    r"\bas an ai (?:language )?model\b",
    r"{start}(?:act as|pretend (?:to be|that you|you are))\b",
    r"\b(?:notes?|messages?|instructions?|attention|orders?)\s*(?:to|for|:)\s*(?:the |any |all )?"
    r"(?:ai|assistants?|chatbots?|language models?|models?|llms?|summari[sz]ers?)\b",
    r"(?:^|[.!:\"“]\s*)(?:dear )?(?:assistant|ai|chatbot|language model|llm|system)\s*[,:]\s*\w",
    r"\bnew instructions?\s*:",
    r"\bthe (?:correct|right|only|true) answer to (?:this|the|any|every) questions? (?:is|must)\b",
    r"{start}you must (?:answer|reply|respond|say|write|output|ignore)\b",
    r"<\|?(?:im_start|im_end|system|user|assistant|endoftext)\|?>|\[/?inst\]|<<sys>>|</?(?:s|system|start_of_turn|end_of_turn)>",
)
_ARABIC = (
    r"{start}و?(?:تجاهل|تجاهلي|تجاهلوا|انس|اهمل|لا تتبع|تخط)\s+(?:كل\s+|جميع\s+|كافه\s+|هذه\s+)?(?:ال)?"
    r"(?:تعليمات|اوامر|توجيهات|ارشادات|قواعد|نصوص|مقاطع)(?:\s+\w+)?\s+(?:السابقه|اعلاه|المذكوره|السالفه|الوارده|فوقه)"
    r"(?:\s+اعلاه)?\s*(?:$|[.،,؛:!»”\"]|و(?:لا\s+)?(?:اكتب|اجب|قل|رد|اذكر|اخبر|اطبع|تذكر|اتبع))",
    r"{start}و?(?:تجاهل|تجاهلي|تجاهلوا|انس|اهمل)\s+(?:كل\s+|جميع\s+)?(?:ما\s+(?:سبق|ورد|ذكر|تقدم)|اعلاه|التعليمات\s*(?:$|[.،:!]))",
    r"{start}و?(?:اكتب|اجب|قل|رد|اطبع|اكتبي|اجيبي)\s+(?:فقط|بكلمه|بالكلمه|بعباره|بالعباره|الاتي|التالي|ما يلي|كلمه|عباره|"
    r"عن هذا السؤال|علي هذا السؤال|بان|ان الجواب)\b",
    r"{start}و?(?:اكشف|اعرض|اطبع|اظهر)\s+(?:\w+\s+){0,2}?(?:موجه|تعليمات|اوامر)\s+النظام\b",
    r"\bانت\s+(?:الان\s+)?(?:مساعد|نموذج|روبوت|برنامج|ذكاء)\b",
    r"(?:\bايها|\bيا)\s+(?:النموذج|المساعد|الذكاء|الروبوت|نموذج|مساعد|ذكاء)\b",
    r"\b(?:ملاحظه|رساله|تعليمات|تنبيه)\s+(?:الي\s+ال|الي\s+|لل)(?:نموذج|مساعد|ذكاء|روبوت)\w*",
    r"{start}و?لا\s+(?:تذكر|تستشهد|تتبع|تستخدم|تكشف)\s+(?:ب?المقاطع|ب?المصادر|التعليمات|اي مصدر|هذه التعليمات)\b",
    r"\bالجواب الصحيح (?:عن|علي|ل)\s*(?:هذا|كل|اي)\s+سؤال\b|\bالجواب الصحيح (?:عن|علي) هذا السؤال\b",
    r"\bتعليمات جديده\s*:",
)
_PERSIAN = (
    r"\b(?:دستور|فرمان|راهنمايي|قاعده|قواعد|قوانين|متن|بخش)(?:\s?(?:ها|هاي|العمل|العملها|العملهاي|هايي))?(?:\s+\w+){0,4}?\s+"
    r"(?:را\s+)?(?:ناديده\s+بگير|فراموش\s+كن|كنار\s+بگذار|دور\s+بريز)(?:يد)?(?!\w)",
    r"{start}(?:همه\s+|تمام\s+)?(?:(?:انچه|هرچه)\s+(?:\w+\s+){0,4}?|موارد\s+بالا\s+)(?:را\s+)?(?:ناديده\s+بگير|فراموش\s+كن)(?:يد)?(?!\w)",
    r"\bاز\s+(?:اين\s+)?(?:دستور|قواعد|قوانين|راهنمايي)\w*(?:\s?هاي?)?(?:\s+\w+){0,3}?\s+پيروي\s+نكن(?:يد)?(?!\w)",
    r"\b(?:فقط|تنها)\s+(?:\w+\s+){0,4}?(?:بگو(?:ييد)?|(?:بنويس|پاسخ\s+بده|جواب\s+بده|چاپ\s+كن)(?:يد)?)(?!\w)",
    r"(?:{start}|\s)(?:بگو(?:ييد)?|(?:بنويس|پاسخ\s+بده|جواب\s+بده|چاپ\s+كن)(?:يد)?)\s*(?:[:«\"“]|(?:كه|فقط|عبارت|كلمه|جمله)\b)",
    r"\bتو\s+(?:اكنون\s+|حالا\s+|ديگر\s+)?(?:يك\s+)?(?:دستيار|مدل|ربات|هوش)\b",
    r"(?:^|[.!:«\"]\s*)اي\s+(?:مدل|دستيار|هوش|ربات)\b",
    r"\b(?:پيام|يادداشت|دستور|توجه)\w*\s+(?:به|براي)\s+(?:مدل|دستيار|هوش مصنوعي|ربات)\b",
    r"\b(?:پاسخ|جواب)\s+(?:درست|صحيح)\s+(?:به\s+)?(?:اين|هر)\s+(?:پرسش|سوال)\b",
    r"\b(?:پرامپت|دستور(?:هاي)?)\s+سيستم\b(?:\s+\w+){0,3}?\s+(?:نشان\s+بده|بنويس|چاپ\s+كن|فاش\s+كن)(?:يد)?(?!\w)",
    r"\bدستور(?:هاي)?\s+(?:تازه|جديد)\s*:",
)


@lru_cache(maxsize=10_000)
def is_instruction(sentence: str) -> bool:
    """Tell whether a sentence gives orders to the model that reads it, in any of the three languages.

    A sentence that reports orders between people, or that readers are told to do something, is none.
    """
    return _pattern().search(" ".join(spaced(sentence).split())) is not None


@cache
def _pattern() -> re.Pattern[str]:
    patterns = [fold(pattern.replace("{start}", _START)) for pattern in _ENGLISH + _ARABIC + _PERSIAN]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
