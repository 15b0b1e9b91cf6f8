"""The whole configuration: what is accepted, and the sentence for each fault."""

from pathlib import Path

import pytest

from worker.errors import ConfigError
from worker.models.watch import Phrase
from worker.settings.load import models_of, read_settings, require_models, reread_watches

SERVICE = "default_channels: [desk]\n"
FEEDS = "feeds:\n  - {id: one, outlet: Едно, url: 'https://one.example/rss'}\n"
CHANNELS = "channels:\n  - {id: desk, kind: console}\n"
WATCHES = """watchlist: Опит
watches:
  - id: nato
    name: НАТО
    kind: actor
    any: [НАТО]
"""


def a_config(root: Path, **files: str) -> Path:
    contents = {"service": SERVICE, "feeds": FEEDS, "channels": CHANNELS, **files}
    (root / "watches").mkdir()
    (root / "watches" / "w.yaml").write_text(contents.pop("watches", WATCHES), encoding="utf-8")
    for name, text in contents.items():
        (root / f"{name}.yaml").write_text(text, encoding="utf-8")
    return root


def problems_of(root: Path, environment: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as raised:
        read_settings(root, environment or {})
    return raised.value.problems


def test_good_configuration_gives_watches_their_default_channels(tmp_path):
    settings = read_settings(a_config(tmp_path), {})

    assert [watch.channels for watch in settings.watchlist.watches] == [("desk",)]
    assert settings.feeds[0].every_s == 900
    assert settings.broker_url is None


def test_shipped_configuration_is_good():
    settings = read_settings(Path("config"), {})

    assert len(settings.watchlist.watches) == 20
    assert len(settings.feeds) >= 30


def test_environment_wins_over_the_file(tmp_path):
    environment = {"VESTITEL_DATA": str(tmp_path / "elsewhere"), "VESTITEL_BROKER_URL": "redis://h:1/0"}

    settings = read_settings(a_config(tmp_path, service=SERVICE + "broker_url: redis://other:2/0\n"), environment)

    assert settings.paths.data_dir == tmp_path / "elsewhere"
    assert settings.broker_url == "redis://h:1/0"


@pytest.mark.parametrize(
    ("files", "environment", "expected"),
    [
        pytest.param({"service": SERVICE + "tick: 3\n"}, {}, "service.yaml:2: tick: unknown key; did you mean «tick_s»?", id="unknown-key"),
        pytest.param({"service": SERVICE + "tick_s: soon\n"}, {}, "service.yaml:2: tick_s: input should be a valid number", id="wrong-type"),
        pytest.param({"service": SERVICE + "page:\n  port: 70000\n"}, {}, "service.yaml:3: page.port: input should be less than or equal to 65535", id="port-range"),
        pytest.param({"service": SERVICE + "broker_url: amqp://x\n"}, {}, "broker_url: must begin with redis://", id="broker-kind"),
        pytest.param({"service": SERVICE + "websub:\n  callback: http://desk.example/websub\n"}, {}, "service.yaml:3: websub.callback: must begin with https://", id="websub-without-tls"),
        pytest.param({"service": SERVICE + "websub:\n  calback: https://desk.example/websub\n"}, {}, "websub.calback: unknown key; did you mean «callback»?", id="websub-key"),
        pytest.param({"service": "default_channels: [dask]\n"}, {}, "no channel «dask»; did you mean «desk»?", id="unknown-default-channel"),
        pytest.param({"service": SERVICE + "operators_channels: [dask]\n"}, {}, "operators_channels[0]: no channel «dask»", id="unknown-operators-channel"),
        pytest.param({"service": "{}\n"}, {}, "watch nato: has no channel", id="no-channel-at-all"),
        pytest.param({"service": "a: [\n"}, {}, "service.yaml:2: is not YAML", id="not-yaml"),
        pytest.param({"service": "- a\n"}, {}, "must hold keys with values", id="not-a-mapping"),
        pytest.param({"feeds": FEEDS + "  - {id: one, outlet: Две, url: 'https://two.example/'}\n"}, {}, "feeds[1].id: «one» is used by feeds[0] already", id="feed-id-twice"),
        pytest.param({"feeds": FEEDS + "  - {id: two, outlet: Две, url: 'https://one.example/rss'}\n"}, {}, "is the address of feed «one» already", id="feed-url-twice"),
        pytest.param({"feeds": "feeds:\n  - {id: one, outlet: Едно, url: 'ftp://x/'}\n"}, {}, "feeds.yaml:2: feeds[0].url: must be an http:// or https:// address", id="feed-scheme"),
        pytest.param({"feeds": "feeds: []\n"}, {}, "feeds.yaml:1: feeds: list should have at least 1 item", id="no-feeds"),
        pytest.param({"channels": CHANNELS + "  - {id: x, kind: fax}\n"}, {}, "'fax'", id="unknown-kind"),
        pytest.param({"channels": CHANNELS + "  - {id: x, kind: telegram, token_env: NO_TOKEN, chat: '1'}\n"}, {}, "channels[1].token_env: environment variable NO_TOKEN is not set", id="secret-missing"),
        pytest.param({"channels": CHANNELS + "  - {id: m, kind: email, host: mail.example, tls: none, password_env: PW, sender: a@b.c, recipients: [d@e.f]}\n"}, {"PW": "x"}, "channels[1].tls: must be starttls or tls", id="password-in-clear"),
        pytest.param({"service": SERVICE + "max_age_hours: .inf\n"}, {}, "max_age_hours: input should be less than or equal to 87600", id="endless-age"),
        pytest.param({"service": SERVICE + "tick_s: 900\n"}, {}, "tick_s: input should be less than or equal to 30", id="tick-too-rare"),
        pytest.param({"service": SERVICE + "fetch: {timeout_s: 50, lease_s: 40}\n"}, {}, "fetch: lease_s must be more than timeout_s", id="poll-outlasts-its-lease"),
        pytest.param({"service": SERVICE + "delivery: {timeout_s: 60}\n"}, {}, "delivery: lease_s must be more than twice timeout_s", id="lease-shorter-than-a-send"),
        pytest.param({"watches": WATCHES + "    channels: [mail]\n"}, {}, "watch nato: no channel «mail»", id="watch-names-unknown-channel"),
        pytest.param({}, {"VESTITEL_DATABASE_URL": "mysql://x"}, "VESTITEL_DATABASE_URL: must begin with postgresql://", id="database-kind"),
    ],
)  # fmt: skip
def test_fault_is_told_with_its_place(tmp_path, files, environment, expected):
    found = problems_of(a_config(tmp_path, **files), environment)

    assert any(expected in line for line in found), found


def test_all_faults_are_told_at_once(tmp_path):
    found = problems_of(a_config(tmp_path, service="tick: 1\n", feeds="feds: []\n", channels="channels: 3\n"))

    assert {line.split(":")[0].rpartition("/")[2] for line in found} >= {"service.yaml", "feeds.yaml", "channels.yaml"}


def test_missing_directory_is_told(tmp_path):
    assert "there is no such directory" in problems_of(tmp_path / "none")[0]


def test_unreadable_file_is_told(tmp_path):
    root = a_config(tmp_path)
    (root / "feeds.yaml").unlink()

    assert any("feeds.yaml: cannot be read" in line for line in problems_of(root))


def test_file_that_is_not_utf8_is_told_with_its_line(tmp_path):
    root = a_config(tmp_path)
    (root / "feeds.yaml").write_bytes("feeds:\n  - outlet: Медия\n".encode("windows-1251"))

    assert any("feeds.yaml:2: is not UTF-8" in line for line in problems_of(root))


def test_alias_bomb_is_refused_at_once(tmp_path):
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    root = a_config(tmp_path, feeds="\n".join(levels) + "\n")

    assert any("feeds.yaml: unfolds to more than" in line for line in problems_of(root))


def test_fault_in_the_service_file_does_not_blame_the_watches(tmp_path):
    found = problems_of(a_config(tmp_path, service="tick: 1\n"))

    assert len(found) == 1


def test_secrets_are_not_in_the_representation(tmp_path):
    channels = CHANNELS + "  - {id: x, kind: telegram, token_env: TOKEN, chat: '1'}\n"

    settings = read_settings(a_config(tmp_path, channels=channels), {"TOKEN": "hidden-value"})

    assert settings.secrets["TOKEN"] == "hidden-value"
    assert "hidden-value" not in repr(settings)


@pytest.mark.parametrize(
    ("models", "directory"),
    [
        pytest.param("shipped", None, id="shipped"),
        pytest.param("official", "data/models/official", id="official"),
        pytest.param("./mine", "mine", id="path-beside-the-file"),
    ],
)
def test_models_are_a_directory_or_those_of_the_package(tmp_path, models, directory):
    root = a_config(tmp_path, service=SERVICE + f"analysis:\n  models: {models}\n")

    settings = read_settings(root, {"VESTITEL_DATA": str(tmp_path / "data")})

    expected = None if directory is None else tmp_path / directory
    assert settings.paths.models_dir == expected
    assert models_of(root, {"VESTITEL_DATA": str(tmp_path / "data")}) == expected


@pytest.mark.parametrize(
    ("models", "remedy"), [("official", "run «vestitel models --install-official»"), ("/none", "correct the path")]
)
def test_missing_directory_of_models_is_a_fault_of_the_check(tmp_path, models, remedy):
    settings = read_settings(a_config(tmp_path, service=SERVICE + f"analysis:\n  models: {models}\n"), {})

    with pytest.raises(ConfigError, match=rf"service.yaml: analysis.models: there is no directory .*; {remedy}"):
        require_models(settings)


def test_unknown_models_are_a_fault(tmp_path):
    root = a_config(tmp_path, service=SERVICE + "analysis:\n  models: oficial\n")

    (problem,) = problems_of(root)

    assert "service.yaml:3: analysis.models: must be shipped or official, or a directory" in problem
    assert "did you mean «official»?" in problem


def test_shipped_models_are_used_where_there_is_no_configuration(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert models_of(None, {}) is None


def test_faults_of_watches_alone_can_be_gone_without(tmp_path):
    root = a_config(tmp_path, watches="watchlist: [")

    settings = read_settings(root, {}, needs_watches=False)

    assert settings.watch_faults == problems_of(root)
    assert len(settings.watch_faults) == 1


def test_other_faults_count_even_without_watches(tmp_path):
    root = a_config(tmp_path, watches="watchlist: [", feeds="feeds: []\n")

    with pytest.raises(ConfigError) as raised:
        read_settings(root, {}, needs_watches=False)

    assert len(raised.value.problems) == 2


def test_watches_are_read_again_beside_the_rest_as_it_was(tmp_path):
    settings = read_settings(a_config(tmp_path), {})
    (tmp_path / "service.yaml").write_text("nonsense", encoding="utf-8")
    (tmp_path / "watches" / "w.yaml").write_text(WATCHES.replace("[НАТО]", "[алианс]"), encoding="utf-8")

    watchlist = reread_watches(settings)

    (watch,) = watchlist.watches
    assert (watch.terms, watch.channels) == ((Phrase(text="алианс"),), ("desk",))
    (tmp_path / "watches" / "w.yaml").write_text(WATCHES + "    channels: [dask]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="did you mean «desk»"):
        reread_watches(settings)


def test_watch_may_name_an_actor_of_the_catalogue(tmp_path):
    root = a_config(tmp_path, watches=WATCHES.replace("[НАТО]", '[{actor: "няма"}]'))

    assert "w.yaml:6: watch nato: no actor «няма» in the catalogue" in problems_of(root)[0]
