"""How much memory there is."""

from index.memory import memory_here


def limit(folder, text):
    file = folder / "حد"
    file.write_text(text)
    return file


def test_this_machine_tells():
    assert memory_here(()) > 100_000_000


def test_a_container_has_what_it_may_take(tmp_path):
    assert memory_here((limit(tmp_path, "50000000\n"),)) == 50_000_000


def test_a_limit_that_is_none(tmp_path):
    whole = memory_here(())
    for text in ("max\n", "", "9223372036854771712", "-"):
        assert memory_here((limit(tmp_path, text), tmp_path / "not there")) == whole


def test_a_system_that_tells_nothing(monkeypatch):
    def unknown(name):
        raise ValueError(name)

    monkeypatch.setattr("os.sysconf", unknown)
    assert memory_here(()) is None
