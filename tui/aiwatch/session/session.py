"""One running dashboard without its screen: what it was given, and the parts that know and do something."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from aiwatch.market.state import MarketState
from aiwatch.session.dependencies import Dependencies
from aiwatch.session.ledger import LedgerSession
from aiwatch.session.lists import ListSession

if TYPE_CHECKING:
    from aiwatch.session.alerts import AlertCenter
    from aiwatch.session.navigation import Trail


class Session:
    """Made before the screen, which shows it. What the first paint does not show is made when it is first used."""

    def __init__(self, dependencies: Dependencies) -> None:
        self.dependencies = dependencies
        remembered = dependencies.archive.remembered
        self.market = MarketState(dependencies.feed.clock, dependencies.feed.sessions)
        self.market.recall(remembered.quotes, remembered.prices)
        self.lists = ListSession(dependencies.files)
        self.ledger = LedgerSession(dependencies.files)

    def look_at(self, key: str) -> None:
        """Have asked often what the list ``key``, which is in front, shows and what alerts and positions hang on."""
        self.dependencies.feed.feed.look_at(self.lists.looked_at(key), self.lists.margin)

    @cached_property
    def alerts(self) -> AlertCenter:
        """The rules, watched from when this is first asked for."""
        from aiwatch.session.alerts import AlertCenter

        archive, feed = self.dependencies.archive, self.dependencies.feed
        return AlertCenter(self.market, archive.remembered.alerts, feed.provenance, archive.keep_alerts)

    @cached_property
    def trail(self) -> Trail:
        """The way back from jumps."""
        from aiwatch.session.navigation import Trail

        return Trail()
