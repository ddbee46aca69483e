import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from index.e5.encoder import E5Encoder
from index.types import KhabarError
from rag.archive import build_options, chosen_embedder, languages_of
from rag.settings import Settings, cache_folder, models_folder, read_settings

# One value for each setting: as text, and what it must become.
GIVEN = {
    "data": ("أخبار/آرشیو", "أخبار/آرشیو"),
    "store": ("s3://أخبار/خبر", "s3://أخبار/خبر"),
    "llm": ("none", "none"),
    "llm_model": ("نموذج:4b", "نموذج:4b"),
    "llm_key": ("sk-secret", "**********"),
    "llm_timeout": ("7.5", 7.5),
    "llm_languages": ("fa", "fa"),
    "llm_context": ("2048", 2048),
    "llm_tokens": ("64", 64),
    "embedder": ("none", "none"),
    "embedder_languages": ("ar,fa", "ar,fa"),
    "query_prompt": ("query: ", "query: "),
    "passage_prompt": ("none", "none"),
    "reranker": ("مرتب", "مرتب"),
    "reranker_languages": ("fa", "fa"),
    "reader": ("none", "none"),
    "judge": ("none", "none"),
    "llm_adapter": ("محول.gguf", "محول.gguf"),
    "read_k": ("3", 3),
    "models": ("نماذج", "نماذج"),
    "cache": ("ذاكرة/حافظه", "ذاكرة/حافظه"),
    "top_k": ("5", 5),
    "recency": ("0.5", 0.5),
    "quotes": ("2", 2),
    "chunk_words": ("80", 80),
    "overlap_words": ("0", 0),
    "max_mb": ("0.5", 0.5),
    "unpacked_mb": ("100", 100),
    "read_seconds": ("7.5", 7.5),
    "read_memory_mb": ("500", 500),
    "columns": ("text=المتن,title=عنوان", "text=المتن,title=عنوان"),
    "max_question": ("300", 300),
    "glossary": ("قاموسي.tsv", "قاموسي.tsv"),
    "questions": ("أسئلة.jsonl", "أسئلة.jsonl"),
    "host": ("::1", "::1"),
    "port": ("8080", 8080),
    "upload_mb": ("0", 0.0),
    "root_path": ("khabar/a.b/", "/khabar/a.b"),
    "login": ("المستخدمون", "المستخدمون"),
    "hosts": ("خبر.example, news.example.org:8443,[::1]:80", "خبر.example, news.example.org:8443,[::1]:80"),
    "cors_origins": ("https://desk.example.org,http://localhost:3000", "https://desk.example.org,http://localhost:3000"),
    "rate": ("60", 60),
    "workers": ("2", 2),
    "body_mb": ("0.5", 0.5),
    "log": ("json", "json"),
    "log_questions": ("true", True),
}
BAD = [
    ("top_k", "0"),
    ("top_k", "101"),
    ("top_k", "many"),
    ("top_k", "ثمانية"),
    ("top_k", ""),
    ("top_k", "7.5"),
    ("recency", "1.5"),
    ("recency", "-0.1"),
    ("quotes", "0"),
    ("quotes", "-3"),
    ("llm_context", "100"),
    ("llm_timeout", "0"),
    ("llm_timeout", "inf"),
    ("llm_timeout", "soon"),
    ("llm_tokens", "1"),
    ("chunk_words", "1"),
    ("overlap_words", "-1"),
    ("max_mb", "0"),
    ("max_mb", "nan"),
    ("max_mb", "inf"),
    ("max_mb", "1e308"),
    ("unpacked_mb", "0"),
    ("upload_mb", "-1"),
    ("read_seconds", "-1"),
    ("read_memory_mb", "5"),
    ("max_question", "5"),
    ("port", "0"),
    ("port", "65536"),
    ("port", "۷۸۶۰x"),
    ("root_path", "/khabar/../admin"),
    ("root_path", "/خبر"),
    ("root_path", "https://khabar.example/here"),
    ("root_path", "/a b"),
    ("root_path", "//a//b"),
    ("hosts", "*.example.org"),
    ("hosts", "https://news.example.org"),
    ("hosts", "news.example.org/khabar"),
    ("cors_origins", "*"),
    ("cors_origins", "desk.example.org"),
    ("cors_origins", "https://desk.example.org/"),
    ("cors_origins", "null"),
    ("rate", "-1"),
    ("workers", "-1"),
    ("body_mb", "0"),
    ("log", "yaml"),
    ("log_questions", "sometimes"),
]


def plain(value: object) -> object:
    return value if isinstance(value, int | float | str) else str(value)


def test_the_samples_here_cover_every_setting_and_none_is_its_default():
    assert set(GIVEN) == set(Settings.model_fields)
    for name, (_, value) in GIVEN.items():
        assert plain(Settings.model_fields[name].default) != value


def test_defaults():
    settings = read_settings()
    assert settings.model_dump() == {name: field.default for name, field in Settings.model_fields.items()}
    assert (settings.embedder, settings.llm, settings.host) == ("multilingual-e5-small", "smollm2", "127.0.0.1")


def test_every_setting_is_described_in_words():
    for name, field in Settings.model_fields.items():
        assert field.description and len(field.description.split()) >= 2, name


@pytest.mark.parametrize("name", GIVEN)
def test_a_variable_sets_a_setting(name, monkeypatch):
    text, value = GIVEN[name]
    monkeypatch.setenv(f"KHABAR_{name.upper()}", text)
    settings = read_settings()
    assert plain(getattr(settings, name)) == value
    others = set(Settings.model_fields) - {name}
    assert {other: getattr(settings, other) for other in others} == {
        other: Settings.model_fields[other].default for other in others
    }


@pytest.mark.parametrize("name", GIVEN)
def test_a_flag_beats_a_variable(name, monkeypatch):
    text, value = GIVEN[name]
    monkeypatch.setenv(f"KHABAR_{name.upper()}", str(Settings.model_fields[name].default or "other.tsv"))
    assert plain(getattr(read_settings(**{name: text}), name)) == value


def test_a_flag_that_was_not_given_leaves_the_variable(monkeypatch):
    monkeypatch.setenv("KHABAR_TOP_K", "5")
    assert read_settings(top_k=None).top_k == 5


def test_a_bad_variable_is_not_told_where_a_flag_beats_it(monkeypatch):
    monkeypatch.setenv("KHABAR_TOP_K", "many")
    assert read_settings(top_k="4").top_k == 4


def test_variables_of_other_programs_are_left_alone(monkeypatch):
    monkeypatch.setenv("KHABAR_TOP_KK", "x")
    monkeypatch.setenv("TOP_K", "3")
    assert read_settings().top_k == Settings.model_fields["top_k"].default


def test_an_empty_variable_is_as_good_as_none(monkeypatch):
    monkeypatch.setenv("KHABAR_TOP_K", "")
    monkeypatch.setenv("KHABAR_DATA", "")
    assert read_settings() == Settings(data=Settings.model_fields["data"].default)


@pytest.mark.parametrize(
    ("by", "name", "value"), [(by, name, value) for by in ("flag", "variable") for name, value in BAD if value or by == "flag"]
)
def test_a_bad_value_is_told_with_variable_flag_and_value(by, name, value, monkeypatch):
    if by == "variable":
        monkeypatch.setenv(f"KHABAR_{name.upper()}", value)
    with pytest.raises(KhabarError) as caught:
        read_settings(**({name: value} if by == "flag" else {}))
    told = str(caught.value)
    assert f"KHABAR_{name.upper()}" in told
    assert f"--{name.replace('_', '-')}" in told
    assert f"'{value}'" in told
    assert Settings.model_fields[name].description in told
    assert "\n" not in told and "pydantic" not in told


@given(st.sampled_from(sorted(GIVEN)), st.text(max_size=12))
def test_no_text_makes_anything_but_settings_or_a_khabar_error(name, text):
    try:
        settings = read_settings(**{name: text})
    except KhabarError as error:
        assert f"KHABAR_{name.upper()}" in str(error)
    else:
        build_options(settings)


def test_a_key_is_kept_and_not_shown():
    settings = read_settings(llm_key="sk-secret")
    assert settings.llm_key.get_secret_value() == "sk-secret"
    assert "sk-secret" not in repr(settings) + str(settings.model_dump()) + settings.model_dump_json()


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError):
        read_settings().top_k = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "languages"), [("ar", {"ar"}), ("ar,fa", {"ar", "fa"}), (" en , fa ,", {"en", "fa"}), ("en,en", {"en"})]
)
def test_languages(text, languages):
    assert languages_of(text, "llm-languages") == languages


@pytest.mark.parametrize("text", ["", " ", ",", "de", "ar,de", "arabic", "العربية", "AR fa"])
def test_other_languages_are_refused_by_flag_and_value(text):
    with pytest.raises(KhabarError) as caught:
        languages_of(text, "llm-languages")
    assert "--llm-languages" in str(caught.value) and f"'{text}'" in str(caught.value)


def test_megabytes_become_bytes():
    assert build_options(read_settings(max_mb="0.5")).max_bytes == 500_000


def test_the_models_folder_is_the_setting_or_lies_in_the_data_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    usual = tmp_path / ".local" / "share" / "khabar" / "models"
    assert models_folder(read_settings()) == usual
    monkeypatch.setenv("XDG_DATA_HOME", "relative")  # by the standard, to be passed over
    assert models_folder(read_settings()) == usual
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "بيانات"))
    assert models_folder(read_settings()) == tmp_path / "بيانات" / "khabar" / "models"
    assert models_folder(read_settings(models="~/mine")) == tmp_path / "mine"
    monkeypatch.setenv("XDG_DATA_HOME", "")
    monkeypatch.setattr("os.path.expanduser", lambda path: path)  # a process without a home still answers
    assert models_folder(read_settings()).name == "models"


def test_the_cache_is_the_setting_or_lies_in_the_users_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert cache_folder(read_settings()) == tmp_path / ".cache" / "khabar"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")  # by the standard, to be passed over
    assert cache_folder(read_settings()) == tmp_path / ".cache" / "khabar"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "ذاكرة"))
    assert cache_folder(read_settings()) == tmp_path / "ذاكرة" / "khabar"
    assert cache_folder(read_settings(cache="~/حافظه")) == tmp_path / "حافظه"


def test_the_embedded_embedder_keeps_what_it_derives_in_the_cache_and_tells_of_it(tmp_path):
    def tell(line: str) -> None:
        """Say nothing."""

    chosen = chosen_embedder(read_settings(cache=tmp_path), tell)
    assert isinstance(chosen, E5Encoder) and (chosen._cache, chosen._tell) == (tmp_path, tell)


def test_the_word_none_takes_a_prompt_away(monkeypatch):
    given = []
    monkeypatch.setattr("rag.archive.load_embedder", lambda *arguments, **_: given.append(arguments[3:]))
    for settings in (read_settings(), read_settings(query_prompt="none", passage_prompt="p: "), read_settings(query_prompt="")):
        chosen_embedder(settings)
    assert given == [(None, None), ("", "p: "), ("", None)]
