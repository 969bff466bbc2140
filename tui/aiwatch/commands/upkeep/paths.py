"""``aiwatch paths``: where everything is kept, and what of it is there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from aiwatch.config.loader import load_settings
from aiwatch.config.paths import Places, bundled, find_places
from aiwatch.config.settings import Flags, Settings
from aiwatch.errors import AiwatchError


@click.command()
@click.option(
    "--json", "as_json", is_flag=True, help="Print an object of names, each with its path and whether it exists."
)
@click.pass_context
def paths(context: click.Context, as_json: bool) -> None:
    """Say where settings, watchlists, ledger, state, archive, cache, price history and log are, and which exist."""
    try:
        places = find_places(os.environ)
    except AiwatchError as error:
        raise click.ClickException(str(error)) from None
    try:
        settings = load_settings(places.settings, os.environ, context.find_object(Flags))
    except AiwatchError as error:
        click.echo(f"The settings cannot be used, so these are the defaults: {error}", err=True)
        settings = Settings()
    named = named_places(places, settings)
    if as_json:
        listing = {name: {"path": str(path), "exists": path.exists()} for name, path in named.items()}
        click.echo(json.dumps(listing, indent=2, ensure_ascii=False))
        return
    width = max(map(len, named))
    for name, path in named.items():
        click.echo(f"{name:{width}}  {path}{'' if path.exists() else '  (not there)'}")


def named_places(places: Places, settings: Settings) -> dict[str, Path]:
    """Every place by the name it is shown under; the user's watchlists are where ``settings`` puts them."""
    return {
        "settings": places.settings,
        "your watchlists": settings.watchlists or places.watchlists,
        "bundled watchlists": bundled("watchlists"),
        "your ledger": places.ledger,
        "bundled ledger": bundled("seeds"),
        "state": places.state,
        "archive": places.archive,
        "layout": places.layout,
        "cache": places.cache,
        "history": places.history,
        "log": places.log,
    }
