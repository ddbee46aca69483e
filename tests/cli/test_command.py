"""The command as a whole: how it is written wrongly, its help, and real processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from rag.settings import Settings
from tests.cli.command import ARABIC, BARE, ENGLISH, PERSIAN, ROOT, RUN, khabar, refused
from ui.cli import main


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask", ARABIC, "--topk", "3"], "--topk"),
        (["ask"], "QUESTION"),
        (["ask", "one", "two"], "two"),
        (["eval"], "FILES"),
        (["nothing"], "nothing"),
        (["--nothing"], "--nothing"),
        (["models", "nothing"], "nothing"),
        (["models", "download"], "NAME"),
    ],
)
def test_a_command_written_wrongly(arguments, told):
    result = khabar(*arguments)
    assert result.exit_code == 2 and result.stdout == ""
    assert told in result.stderr.splitlines()[-1] and "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["index", "ask", "serve", "eval", "models"])
def test_every_setting_is_a_flag_with_its_description_and_default(command):
    found = main.get_command(click.Context(main), command)
    options = {parameter.name: parameter for parameter in found.params if isinstance(parameter, click.Option)}
    for name, field in Settings.model_fields.items():
        assert options[name].opts == [f"--{name.replace('_', '-')}"]
        assert field.description in options[name].help
        assert field.default is None or str(field.default) in options[name].help


def test_help_and_version():
    listed = khabar("--help")
    assert listed.exit_code == 0 and all(name in listed.stdout for name in ("index", "ask", "serve", "eval", "models"))
    assert khabar("-h").stdout == listed.stdout
    assert "0.1" in khabar("--version").stdout


# Real processes


def process(*arguments, **variables):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KHABAR_")}
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        env=environment | BARE | variables,
        timeout=120,
        cwd=ROOT,
        check=False,
    )


@pytest.mark.slow
def test_asking_loads_no_slow_library(data):
    """With the default embedder, whose own file is read; no vectors are in use, so that Chroma is not opened either."""
    code = (
        "import sys\nfrom ui.cli import main\n"
        "slow = {'torch', 'llama_cpp', 'chromadb', 'gradio', 'transformers', 'sentence_transformers', 'fastapi', 'rich'}\n"
        "for question in sys.argv[1:]:\n"
        "    main(['ask', question], standalone_mode=False)\n"
        "    print(sorted(slow & set(sys.modules)), file=sys.stderr)\n"
        "    print('next', flush=True)"
    )
    chosen = {"KHABAR_EMBEDDER": "multilingual-e5-small", "KHABAR_DATA": str(data)}
    done = process("-c", code, ARABIC, PERSIAN, ENGLISH, **chosen)
    assert done.returncode == 0, done.stderr.decode()
    assert all("[1]" in answer for answer in done.stdout.decode().split("next\n")[:3])
    assert [line for line in done.stderr.decode().splitlines() if line.startswith("[")] == ["[]"] * 3


@pytest.mark.slow
def test_a_failure_in_a_real_process(tmp_path):
    done = process("-c", RUN, "ask", ARABIC, "--data", str(tmp_path / "لا شيء"))
    assert done.returncode == 1 and done.stdout == b""
    [line] = done.stderr.decode().splitlines()
    assert line.startswith("khabar: ")


@pytest.mark.slow
def test_bytes_that_are_no_utf8_and_a_terminal_that_is_not_either(data):
    arguments = [os.fsencode(argument) for argument in (sys.executable, "-c", RUN, "ask", "--data", data, "--json")]
    environment = {**os.environ, **BARE, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([*arguments, b"\xff\xfe Putin Trump"], capture_output=True, env=environment, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert "Putin" in json.loads(done.stdout)["question"]


@pytest.mark.slow
def test_a_terminal_of_ascii_still_gets_its_answer(data):
    code = (
        "import sys\nfrom ui.cli import main\n"
        "for more in ([], ['--json']):\n"
        "    main(['ask', *sys.argv[1:], *more], standalone_mode=False)\n"
        "    print('next', flush=True)"
    )
    done = process("-c", code, ARABIC, "--data", str(data), PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0 and done.stderr == b"", done.stderr.decode()
    plain, as_json, _ = done.stdout.decode().split("next\n")
    assert plain.strip() and json.loads(as_json)["question"] == ARABIC


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_traceback(data):
    environment = {**os.environ, **BARE}
    running = subprocess.Popen(
        [sys.executable, "-c", RUN, "ask", ARABIC, "--json", "--data", str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    running.stdout.close()
    stderr = running.stderr.read()
    running.stderr.close()
    running.wait(60)
    assert stderr == b"" and running.returncode == 0, stderr.decode()


def test_a_bug_is_one_line_too_with_the_details_in_a_file(data, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("عطل\nsecond line")

    monkeypatch.setattr("ui.commands.ask.open_archive", broken)
    result = khabar("ask", ARABIC, "--data", data)
    line = refused(result, "RuntimeError: عطل", "bug", status=70)
    details = Path(line.rsplit(" ", 1)[1])
    assert "Traceback" in details.read_text("utf-8")
    details.unlink()
