"""The command that shows which language models are used, and fetches Stanza's own."""

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from worker.nlp.cards import Card

_MIB = 1024 * 1024


@click.command()
@click.option("--install-official", is_flag=True, help="Fetch Stanza's own Bulgarian package into the data directory.")
@click.pass_context
def models(context: click.Context, *, install_official: bool) -> int:
    """Show the language models that are used and verify their files; exit code 2 when one is missing or damaged."""
    from worker.nlp.cards import faults_of, read_card, require_whole
    from worker.settings.load import models_of
    from worker.wiring import models_in

    if install_official:
        return _install(context)
    options: Any = context.obj
    card = read_card(models_in(models_of(options.config_dir, os.environ)))
    faults = faults_of(card)
    for line in _described(card, faults):
        print(line)
    require_whole(card, faults)
    return 0


def _install(context: click.Context) -> int:
    from worker.cli.service import settings_of
    from worker.wiring import install_official

    settings = settings_of(context)
    directory = install_official(settings)
    print(f"Stanza's Bulgarian package is in {directory}")
    if settings.paths.models_dir != directory:
        print("  to use it, set «models: official» under «analysis» in service.yaml and start the service again")
    return 0


def _described(card: "Card", faults: Mapping[str, str]) -> Iterator[str]:
    """What a person wants to know of the models, one fact for each line."""
    yield f"directory   {card.directory}"
    yield f"name        {card.name}, version {card.version}"
    yield f"processors  {', '.join(card.processors)}"
    sizes = {file: card.size_of(file) for file in card.sha256}
    yield f"files       {len(sizes)}, {sum(filter(None, sizes.values())) / _MIB:.1f} MiB"
    for file, size in sizes.items():
        shown = "–" if size is None else f"{size / _MIB:.1f} MiB"
        yield f"  {file}  {shown}  {faults.get(file, 'is as it should be')}"
    for title, facts in (("scores", card.scores), ("sources", card.sources), ("more", card.more)):
        if facts:
            yield title
            yield from (f"  {line}" for line in _flat(facts))


def _flat(facts: Mapping[str, Any]) -> Iterator[str]:
    """Each value with the path to it."""
    for key, value in facts.items():
        if isinstance(value, dict):
            yield from (f"{key}.{line}" for line in _flat(value))
        elif isinstance(value, list):
            yield f"{key}  {', '.join(map(str, value))}"
        else:
            yield f"{key}  {value}"
