"""The command `vestitel`; a fault that was foreseen ends it with one sentence for each and exit code 2."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click

from worker.cli.alerts import alerts
from worker.cli.deliveries import deliveries
from worker.cli.entities import entities, topics
from worker.cli.evaluation import match, score
from worker.cli.explaining import explain
from worker.cli.feeds import feeds
from worker.cli.models import models
from worker.cli.operations import articles, send_test
from worker.cli.routing import route
from worker.cli.service import check, demo, migrate, role, up
from worker.cli.silences import silence
from worker.cli.suggesting import suggest
from worker.cli.watches import backtest, diff, forms
from worker.errors import ServiceError

EXIT_FAULT = 2


@dataclass(frozen=True, slots=True)
class Options:
    """What was given before the command."""

    config_dir: Path | None
    log: Literal["auto", "json", "pretty"] | None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="vestitel")
@click.option(
    "--config",
    "config_dir",
    type=click.Path(path_type=Path),
    help="Directory with service.yaml, feeds.yaml, channels.yaml and watches/ (else VESTITEL_CONFIG, else ./config).",
)
@click.option("--log", type=click.Choice(["auto", "json", "pretty"]), help="Form of the log.")
@click.pass_context
def vestitel(context: click.Context, config_dir: Path | None, log: Literal["auto", "json", "pretty"] | None) -> None:
    """Watch Bulgarian news feeds and alert people when what they follow appears."""
    context.obj = Options(config_dir, log)


for command in (
    *(up, demo, check, match, score, explain, forms, backtest, diff, suggest),
    *(feeds, alerts, deliveries, silence, route, articles, entities, topics, send_test, models, migrate, role),
):
    vestitel.add_command(command)


def main() -> None:
    """The entry point; nothing foreseen shows a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # What we print is Bulgarian, whatever the terminal says of itself.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]  # a TextIOWrapper
    try:
        code = vestitel.main(standalone_mode=False)
    except ServiceError as error:
        sys.exit(_fail(str(error), EXIT_FAULT))
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(_fail("interrupted", 130))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(_fail("interrupted", 130))
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        sys.exit(_fail(f"the system refused:{where} {error.strerror or error}", EXIT_FAULT))
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code
