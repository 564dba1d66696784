"""Settings: what they are without a file, what a file changes, and how a mistake is told."""

from pathlib import Path

import pytest

from flows import config


def test_without_a_file_everything_has_a_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who writes nothing gets a polite collector with its data in ./data."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRIPOLAR_CONFIG", raising=False)
    settings = config.load()
    assert settings.corpus == Path("data/corpus.duckdb")
    assert settings.fetch.delay >= 1
    assert settings.fetch.allow == ()


def test_paths_are_relative_to_the_file_that_names_them(tmp_path: Path) -> None:
    """A settings file can be used from any folder."""
    file = tmp_path / "here.toml"
    file.write_text('data = "kept"\nfeeds = "mine.toml"\nworkers = 3\n[fetch]\ndelay = 5\nallow = ["127.0.0.1"]\n')
    settings = config.load(file)
    assert settings.data == tmp_path / "kept"
    assert settings.feeds == tmp_path / "mine.toml"
    assert (settings.workers, settings.fetch.delay, settings.fetch.allow) == (3, 5.0, ("127.0.0.1",))


def test_the_environment_may_name_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For services and containers."""
    file = tmp_path / "named.toml"
    file.write_text("interval = 60\n")
    monkeypatch.setenv("TRIPOLAR_CONFIG", str(file))
    assert config.load().interval == 60


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("data = 3", "data must be a path"),
        ("workers = -1", "workers must be a number"),
        ("workers = 1.5", "workers must be a whole number"),
        ("interval = true", "interval must be a number"),
        ("revisit = 1", "revisit must be true or false"),
        ("colour = 'red'", "unknown setting 'colour'"),
        ("fetch = 3", r"fetch must be a table"),
        ("[fetch]\nallow = '127.0.0.1'", "fetch.allow must be a list"),
        ("[fetch]\nspeed = 9", "unknown setting fetch.speed"),
        ("[fetch]\nuser_agent = ''", "fetch.user_agent must be a text"),
        ("[fetch", "not valid TOML"),
    ],
)
def test_a_mistake_is_told_with_file_and_key(tmp_path: Path, text: str, told: str) -> None:
    """One line that says where and what."""
    file = tmp_path / "wrong.toml"
    file.write_text(text)
    with pytest.raises(config.ConfigError, match=told) as caught:
        config.load(file)
    assert "wrong.toml" in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Asking for a file means wanting that file."""
    with pytest.raises(config.ConfigError, match=r"no settings file at .*none\.toml"):
        config.load(tmp_path / "none.toml")


def test_a_proxy_password_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """The remedy is in the message; a file for its owner alone is used."""
    file = tmp_path / "tripolar.toml"
    file.write_text('[fetch]\nproxy = "http://me:pw@proxy.example:3128"\n')
    file.chmod(0o644)
    with pytest.raises(config.ConfigError, match="chmod 600"):
        config.load(file)
    file.chmod(0o600)
    assert config.load(file).fetch.proxy == "http://me:pw@proxy.example:3128"
