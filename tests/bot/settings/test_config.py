"""The configuration: which source wins, what is refused and how that is told, and that secrets are never shown."""

import io
import json
import logging
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from bot.logs.log import mask, set_up
from bot.settings.config import Config, ConfigMistake, load, without_local
from bot.settings.layers import secrets_are_open, variable_names
from bot.settings.sections import Storage

TOKEN = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in variable_names(Config):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.delenv("MUSTER_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal() -> str:
    with pytest.raises(ConfigMistake) as caught:
        load(complete=False)
    return str(caught.value)


def test_without_any_source_the_defaults_hold() -> None:
    config = load(complete=False)
    assert config.store.url == "sqlite:///muster.sqlite"
    assert config.commands.trigger == "playbook"
    assert config.channels.join == "invited"
    assert config.playbooks.files == ("playbooks/*.yaml",)
    assert config.prompts.fold_after == timedelta(hours=12)


def test_to_run_it_says_all_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_CALLBACKS_MODE", "on")
    with pytest.raises(ConfigMistake) as caught:
        load()
    assert [mistake.split(" is missing")[0] for mistake in caught.value.mistakes] == [
        "MUSTER_TOKEN",
        "[server] url",
        "[callbacks] url",
        "MUSTER_CALLBACKS_SECRET",
    ]


@pytest.mark.parametrize(("mode", "url"), [("off", ""), ("auto", ""), ("off", "http://muster:8646")])
def test_without_buttons_neither_an_address_nor_a_secret_is_needed(
    monkeypatch: pytest.MonkeyPatch, mode: str, url: str
) -> None:
    monkeypatch.setenv("MUSTER_TOKEN", "a-token")
    monkeypatch.setenv("MUSTER_SERVER_URL", "https://chat.example.com")
    monkeypatch.setenv("MUSTER_CALLBACKS_MODE", mode)
    monkeypatch.setenv("MUSTER_CALLBACKS_URL", url)
    assert load().callbacks.mode == mode


def test_an_address_that_is_tried_needs_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_TOKEN", "a-token")
    monkeypatch.setenv("MUSTER_SERVER_URL", "https://chat.example.com")
    monkeypatch.setenv("MUSTER_CALLBACKS_URL", "http://muster:8646")
    with pytest.raises(ConfigMistake, match="MUSTER_CALLBACKS_SECRET is missing"):
        load()


@pytest.mark.parametrize("prefix", ["a", "!!!!", "/", "@", "! ", "#"])
def test_a_prefix_that_means_something_already_is_refused(monkeypatch: pytest.MonkeyPatch, prefix: str) -> None:
    monkeypatch.setenv("MUSTER_COMMANDS_PREFIX", prefix)
    assert "a prefix is one to three signs" in refusal()


@pytest.mark.parametrize(
    ("url", "host", "words"),
    [
        ("http://pages.example.com", "127.0.0.1", "pages need https"),
        ("http://10.0.0.7:8647", "127.0.0.1", "pages need https"),
        ("http://127.0.0.1:8647", "0.0.0.0", "let listen_host be 127.0.0.1"),
        ("pages.example.com", "127.0.0.1", "an address is written like"),
    ],
)
def test_without_https_pages_are_for_this_machine_alone(
    monkeypatch: pytest.MonkeyPatch, url: str, host: str, words: str
) -> None:
    monkeypatch.setenv("MUSTER_PAGES_URL", url)
    monkeypatch.setenv("MUSTER_PAGES_LISTEN_HOST", host)
    assert words in refusal()


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://pages.example.com", "0.0.0.0"),
        ("https://chat.example.com/playbooks/", "::"),
        ("http://127.0.0.1:8647", "127.0.0.1"),
        ("http://localhost:8647", "::1"),
        ("http://[::1]:8647", "localhost"),
        ("", "0.0.0.0"),
    ],
)
def test_pages_are_where_https_or_this_machine_is(monkeypatch: pytest.MonkeyPatch, url: str, host: str) -> None:
    if url:
        monkeypatch.setenv("MUSTER_PAGES_URL", url)
    monkeypatch.setenv("MUSTER_PAGES_LISTEN_HOST", host)
    assert load(complete=False).pages.url == url.rstrip("/")


def test_the_secret_of_the_pages_application_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_PAGES_OAUTH_CLIENT_SECRET", "very-secret")
    config = load(complete=False)
    assert "very-secret" in config.secrets()
    assert "very-secret" not in repr(config)


def test_what_the_bot_may_run_comes_from_the_environment_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_COMMANDS_RUN", "/jira  create, /deploy staging")
    assert load(complete=False).commands.run == ("/jira create", "/deploy staging")


def test_the_commented_bot_toml_says_the_defaults_of_every_key(folder: Path) -> None:
    text = (Path(__file__).parents[3] / "bot.toml").read_text(encoding="utf-8")
    (folder / "bot.toml").write_text(text, encoding="utf-8")
    written = load(complete=False)
    (folder / "bot.toml").unlink()
    assert written == load(complete=False)
    said = {f"{section}.{key}" for section, keys in tomllib.loads(text).items() for key in keys}
    known = {
        f"{name}.{key}"
        for name, field in Config.model_fields.items()
        for key in getattr(field.annotation, "model_fields", ())
    }
    assert known - said == {"callbacks.secret", "commands.tokens", "pages.oauth_client_secret"}


def test_the_stronger_source_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "bot.toml").write_text('[server]\nurl = "http://toml"\nteams = ["a"]\n[store]\nurl = "sqlite:///toml"\n')
    (folder / "muster.secrets").write_text(f'# secrets\nMUSTER_TOKEN="{TOKEN}"\nMUSTER_STORE_URL=sqlite:///secrets\n')
    config = load(complete=False)
    assert (config.server.url, config.store.url) == ("http://toml", "sqlite:///secrets")
    assert config.token.get_secret_value() == TOKEN
    (folder / "token").write_text("from a file\n")
    monkeypatch.setenv("MUSTER_TOKEN_FILE", str(folder / "token"))
    assert load(complete=False).token.get_secret_value() == "from a file"
    monkeypatch.setenv("MUSTER_TOKEN", "from the environment")
    monkeypatch.setenv("MUSTER_STORE_URL", "sqlite:///env")
    monkeypatch.setenv("MUSTER_SERVER_TEAMS", "b, c")
    config = load(complete=False)
    assert config.token.get_secret_value() == "from the environment"
    assert (config.server.url, config.server.teams, config.store.url) == ("http://toml", ("b", "c"), "sqlite:///env")


def test_what_stands_beside_bot_toml_wins_over_it_key_by_key(folder: Path) -> None:
    (folder / "bot.toml").write_text('[server]\nurl = "http://toml"\nteams = ["a"]\n[log]\nlevel = "debug"\n')
    (folder / "bot.local.toml").write_text('[server]\nurl = "http://local"\n')
    config = load(complete=False)
    assert (config.server.url, config.server.teams, config.log.level) == ("http://local", ("a",), "debug")
    assert without_local("server", "url") == "http://toml"
    assert without_local("callbacks", "listen_port") == 8646
    (folder / "bot.toml").unlink()
    assert load(complete=False).server.teams == ()
    (folder / "muster.secrets").write_text("MUSTER_SERVER_URL=http://secrets\n")
    assert load(complete=False).server.url == "http://secrets"


def test_a_mistake_beside_bot_toml_names_the_file_in_which_it_stands(folder: Path) -> None:
    (folder / "bot.toml").write_text('[server]\nurl = "http://toml"\n')
    for text, words in (
        ("[server]\nulr = 'x'", "bot.local.toml, [server] ulr: there is no such key; did you mean url?"),
        ("[server\n", "bot.local.toml is not TOML:"),
        ("token = 'x'", "bot.local.toml is no place for secrets; put MUSTER_TOKEN=… into muster.secrets"),
    ):
        (folder / "bot.local.toml").write_text(text)
        assert words in refusal()


def test_a_file_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "bot.toml").write_bytes(b"\xff")
    assert "bot.toml cannot be read: it is not UTF-8 text" in refusal()


def test_what_a_program_says_wins_over_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_STORE_URL", "sqlite:///env")
    assert Config(store=Storage(url="sqlite://")).store.url == "sqlite://"


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_STORE_URL", "")
    assert load(complete=False).store.url == "sqlite:///muster.sqlite"


def test_variables_of_others_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_SERVER_PORT", "tcp://10.0.0.1:80")
    monkeypatch.setenv("MUSTER_TEST_SERVER", "http://localhost")
    assert load(complete=False).server.url == ""


def test_values_in_variables_are_read_like_those_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_SERVER_VERIFY_TLS", "false")
    monkeypatch.setenv("MUSTER_CALLBACKS_LISTEN_PORT", "9000")
    monkeypatch.setenv("MUSTER_CHANNELS_JOIN", "incident-*, ~ops")
    monkeypatch.setenv("MUSTER_PLAYBOOKS_FILES", "a.yaml,b")
    monkeypatch.setenv("MUSTER_PROMPTS_FOLD_AFTER", "1h 30m")
    monkeypatch.setenv("MUSTER_COMMANDS_TOKENS", "ops:one, sales:two")
    monkeypatch.setenv("MUSTER_SERVER_URL", "https://chat.example.com/")
    config = load(complete=False)
    assert config.server.verify_tls is False
    assert config.callbacks.listen_port == 9000
    assert config.channels.join == ("incident-*", "ops")
    assert config.playbooks.files == ("a.yaml", "b")
    assert config.prompts.fold_after == timedelta(minutes=90)
    assert {team: token.get_secret_value() for team, token in config.commands.tokens.items()} == {
        "ops": "one",
        "sales": "two",
    }
    assert config.server.url == "https://chat.example.com"


def test_bare_tokens_are_tokens_of_some_teams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_COMMANDS_TOKENS", "one,two")
    assert [token.get_secret_value() for token in load(complete=False).commands.tokens.values()] == ["one", "two"]


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[server]\nulr = 'x'", "bot.toml, [server] ulr: there is no such key; did you mean url?"),
        ("[sever]\nurl = 'x'", "bot.toml, sever: there is no such key; did you mean server?"),
        ("server = 'x'", 'bot.toml, server: found "x"; expected a group of keys'),
        ("[server]\nurl = 'chat.example.com'", "an address is written like https://chat.example.com"),
        ("[server]\nurl = 'http://127.0.0.1:99999'", "an address is written like https://chat.example.com"),
        ("[server]\nurl = 'http://chat example.com'", "an address is written like https://chat.example.com"),
        ("[callbacks]\nlisten_port = 99999", "bot.toml, [callbacks] listen_port: found"),
        ("[log]\nlevel = 'loud'", 'bot.toml, [log] level: found "loud"; allowed are debug, info, warning or error'),
        ("[channels]\njoin = 'ALL THINGS'", 'allowed are "invited", "all" or a list of channel names'),
        ("[prompts]\nfold_after = 'soon'", "a length of time is written like"),
        ("[commands]\ntrigger = 'play book'", "a command is one word"),
        ("[commands]\nrun = ['jira create']", "is not how a command begins"),
        ("[commands]\nrun = ['/']", "is not how a command begins"),
        ("[commands]\nrun = ['/jira $ticket']", "is not how a command begins"),
        ("[server\n", "bot.toml is not TOML:"),
        ("token = 'x'", "bot.toml is no place for secrets; put MUSTER_TOKEN=… into muster.secrets"),
        ("[server]\ntoken = 'x'", "put MUSTER_TOKEN=… into muster.secrets"),
        ("[callbacks]\nsecret = 'x'", "put MUSTER_CALLBACKS_SECRET=… into muster.secrets"),
        ("[commands]\ntokens = ['x']", "put MUSTER_COMMANDS_TOKENS=… into muster.secrets"),
    ],
)
def test_a_mistake_says_where_and_what_is_allowed(folder: Path, toml: str, words: str) -> None:
    (folder / "bot.toml").write_text(toml)
    assert words in refusal()


def test_a_mistake_in_a_variable_names_the_variable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "bot.toml").write_text("[log]\nlevel = 'debug'")
    monkeypatch.setenv("MUSTER_LOG_LEVEL", "loud")
    assert 'MUSTER_LOG_LEVEL: found "loud"' in refusal()


def test_a_mistake_in_the_secrets_names_the_line_and_shows_no_secret(folder: Path) -> None:
    (folder / "muster.secrets").write_text(f"\nMUSTER_TOKN={TOKEN}\n")
    assert "muster.secrets, line 2: there is no such setting; did you mean MUSTER_TOKEN?" in refusal()
    (folder / "muster.secrets").write_text(f"{TOKEN}\n")
    assert "a line is written like MUSTER_TOKEN=…" in refusal()
    assert TOKEN not in refusal()


def test_files_that_do_not_exist_are_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_TOKEN_FILE", "nowhere")
    assert "MUSTER_TOKEN_FILE names nowhere, which cannot be read: No such file or directory" in refusal()
    monkeypatch.setenv("MUSTER_CONFIG", "elsewhere.toml")
    assert "MUSTER_CONFIG names elsewhere.toml, where there is no file" in refusal()


def test_files_are_named_from_the_folder_of_bot_toml(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "etc").mkdir()
    (folder / "etc" / "my.toml").write_text("[log]\nlevel = 'debug'")
    monkeypatch.setenv("MUSTER_CONFIG", str(folder / "etc" / "my.toml"))
    assert load(complete=False).folder == folder / "etc"


def test_secrets_that_others_can_read_are_noticed(folder: Path) -> None:
    secrets = folder / "muster.secrets"
    secrets.write_text("")
    secrets.chmod(0o644)
    assert secrets_are_open(folder / "bot.toml")
    secrets.chmod(0o600)
    assert not secrets_are_open(folder / "bot.toml")


def test_secrets_are_not_in_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_TOKEN", TOKEN)
    monkeypatch.setenv("MUSTER_COMMANDS_TOKENS", f"ops:{TOKEN}")
    config = load(complete=False)
    assert TOKEN not in f"{config!r} {config} {config.model_dump_json()}"


@pytest.fixture
def restored_log() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.usefixtures("restored_log")
@pytest.mark.parametrize("style", ["json", "console"])
def test_no_secret_is_logged_by_us_or_by_libraries(style: str) -> None:
    stream = io.StringIO()
    set_up("info", style, stream)  # type: ignore[arg-type]
    structlog.get_logger().info("started", token=TOKEN, inner={"Authorization": f"Bearer {TOKEN}"}, post_id="p" * 26)
    logging.getLogger("somebody").warning("header Authorization: Bearer %s", TOKEN)
    try:
        raise RuntimeError(f"refused token={TOKEN}")
    except RuntimeError:
        structlog.get_logger().exception("failed")
    structlog.get_logger().debug("unheard")
    written = stream.getvalue()
    assert TOKEN not in written
    assert "unheard" not in written
    assert "p" * 26 in written
    assert written.count("•••") >= 4
    if style == "json":
        lines = [json.loads(line) for line in written.splitlines()]
        assert [line["event"] for line in lines] == ["started", "header Authorization: Bearer •••", "failed"]
        assert lines[0]["level"] == "info"
        assert lines[1]["logger"] == "somebody"


def test_what_only_looks_like_a_secret_stays() -> None:
    event = {"event": "the token was revoked", "token_known": True, "post_id": TOKEN, "ids": [TOKEN], "count": 3}
    assert mask(None, "info", event) == event
