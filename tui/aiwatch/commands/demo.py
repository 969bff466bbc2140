"""``aiwatch demo``: the screen on the embedded exchange."""

from __future__ import annotations

import click
from msgspec.structs import replace

from aiwatch.commands.completion import complete_list
from aiwatch.config.settings import Flags
from aiwatch.runtime.screen import open_screen
from aiwatch.simulator import ExchangeOptions

_USUAL = ExchangeOptions()


def check_faults(context: click.Context, parameter: click.Parameter, faults: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a fault that the exchange would not know, before anything is started."""
    from aiwatch.simulator.faults import Fault

    for fault in faults:
        try:
            Fault.parse(fault)
        except ValueError as error:
            raise click.BadParameter(str(error), context, parameter) from None
    return faults


@click.command()
@click.option("--seed", type=int, default=_USUAL.seed, show_default=True, help="Seed of the simulated prices.")
@click.option(
    "--rate", type=click.FloatRange(0, 1e6), default=_USUAL.rate, show_default=True, help="Changed quotes a second."
)
@click.option("--latency", type=click.FloatRange(0, 3600), default=_USUAL.latency, help="Seconds every answer takes.")
@click.option(
    "--fault",
    multiple=True,
    callback=check_faults,
    metavar="HOST:KIND[:PROBABILITY]",
    help="Let a host misbehave: tencent:429, yahoo:hang:0.2, …; may be given again.",
)
@click.option("--list", "start_list", metavar="NAME", shell_complete=complete_list, help="Watchlist to start with.")
@click.pass_obj
def demo(flags: Flags, seed: int, rate: float, latency: float, fault: tuple[str, ...], start_list: str | None) -> None:
    """Open the screen on the embedded exchange: simulated prices, no network.

    Edits of watchlists are made in scratch copies and are not kept.
    """
    if start_list is not None:
        flags = replace(flags, start_list=start_list)
    open_screen(flags, ExchangeOptions(seed=seed, rate=rate, latency=latency, faults=fault))
