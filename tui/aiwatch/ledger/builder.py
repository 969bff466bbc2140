"""Builds the ledger's records from TOML tables, key by key, and notes what each of them refers to."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from aiwatch.files.toml_document import Table
from aiwatch.ledger import field_parsers
from aiwatch.ledger.records import (
    BINDINGS,
    CHAIN,
    CONFLICT_KINDS,
    FIGURES,
    GROUPS,
    KINDS,
    SOURCE_KINDS,
    Claim,
    Commitment,
    Conflict,
    Entity,
    FxRate,
    LeftOut,
    Mark,
    Signal,
    SourceArticle,
    Spending,
    StatusStep,
    Verification,
)
from aiwatch.ledger.schema import CONFIDENCES, DATE_SENSES, ENTITY_TYPES, LISTINGS, OPERATORS, SIGNAL_KINDS

_NOTHING = Decimal(0)


class Reference(Struct, frozen=True):
    """Ids that a table's key names, and the kind of record they must be (``any`` record, in a conflict)."""

    table: Table
    key: str
    ids: tuple[str, ...]
    kind: str


class Builder(Struct):
    """Turns one file's tables into records of one ``mark`` and gathers their references."""

    mark: Mark
    references: list[Reference] = field(default_factory=list)

    def _refer(self, table: Table, key: str, kind: str, ids: tuple[str, ...] | None = None) -> tuple[str, ...]:
        if ids is None and key not in table.values:
            return ()
        referred = field_parsers.names(table, key) if ids is None else ids
        if referred:
            self.references.append(Reference(table, key, referred, kind))
        return referred

    def _refer_one(self, table: Table, key: str, kind: str) -> str:
        value = table.text(key, "")
        if value:
            self.references.append(Reference(table, key, (value,), kind))
        return value

    def _head(self, table: Table) -> dict[str, Any]:
        source = table.text("source")
        if source:
            self._refer(table, "source", "source", (source,))
        return {
            "id": field_parsers.identity(table),
            "source": source,
            "line": field_parsers.line(table),
            "mark": self.mark,
            "also_lines": field_parsers.lines(table, "also_lines"),
            "also_sources": self._refer(table, "also_sources", "source"),
            "verified": self._verified(table),
        }

    def _verified(self, table: Table) -> tuple[Verification, ...]:
        checks = field_parsers.verifications(table)
        self._refer(table, "verified", "source", tuple(check.source for check in checks if check.source))
        return checks

    def source(self, table: Table) -> SourceArticle:
        """A ``[[source]]``."""
        return SourceArticle(
            id=field_parsers.identity(table),
            title=table.text("title"),
            mark=self.mark,
            short=table.text("short", ""),
            author=table.text("author", ""),
            kind=table.choice("kind", SOURCE_KINDS, ""),
            origin=table.text("origin", ""),
            dated=field_parsers.day(table, "dated"),
            date_sense=table.choice("date_sense", DATE_SENSES, "on"),
            date_basis=table.text("date_basis", ""),
            retrieved=field_parsers.day(table, "retrieved"),
            confidence=table.choice("confidence", CONFIDENCES, "normal"),
            confidence_note=table.text("confidence_note", ""),
            attribution=table.text("attribution", ""),
        )

    def commitment(self, table: Table) -> Commitment:
        """A ``[[commitment]]``."""
        return Commitment(
            **self._head(table),
            **self._sums(table),
            **self._parties(table),
            kind=table.choice("kind", KINDS),
            status=table.text("status"),
            counts_in_totals=table.flag("counts_in_totals", True),
            region=table.text("region", ""),
            period_start=table.text("period_start", ""),
            period_end=table.text("period_end", ""),
            period_printed=table.text("period_printed", ""),
            period_years=field_parsers.decimal(table, "period_years"),
            annual=table.flag("annual", False),
            announced=table.text("announced", ""),
            binding=table.choice("binding", BINDINGS, ""),
            status_history=self._status_history(table),
            growth_percent=field_parsers.decimal(table, "growth_percent", signed=True),
            capacity=table.text("capacity", ""),
            figures=field_parsers.figures(table, "figures", FIGURES),
            figure_qualifiers=field_parsers.qualifiers(table, "figure_qualifiers", table.values.get("figures", {})),
            chain=field_parsers.names(table, "chain", CHAIN),
            same_money_as=self._refer(table, "same_money_as", "commitment"),
            maybe_same_money_as=self._refer(table, "maybe_same_money_as", "commitment"),
            part_of=self._refer_one(table, "part_of", "commitment"),
            maybe_part_of=self._refer_one(table, "maybe_part_of", "commitment"),
            supersedes=self._refer_one(table, "supersedes", "commitment"),
            note=table.text("note", ""),
        )

    def _status_history(self, table: Table) -> tuple[StatusStep, ...]:
        steps = field_parsers.status_steps(table)
        self._refer(table, "status_history", "source", tuple(dict.fromkeys(step.source for step in steps)))
        return steps

    def _parties(self, table: Table) -> dict[str, Any]:
        return {
            "payer": table.text("from", ""),
            "payers": self._refer(table, "from_entities", "entity"),
            "recipient": table.text("to", ""),
            "recipients": self._refer(table, "to_entities", "entity"),
            "partners": self._refer(table, "partners", "entity"),
            "suppliers": self._refer(table, "suppliers", "entity"),
            "programme": table.text("programme", ""),
            "programme_entity": self._refer_one(table, "programme_entity", "entity"),
        }

    def _sums(self, table: Table) -> dict[str, Any]:
        amount, currency = field_parsers.decimal(table, "amount"), field_parsers.currency(table, "currency")
        stated = field_parsers.figures(table, "stated")
        first = field_parsers.currency(table, "first_stated")
        printed = dict(stated).get(currency)
        if amount is not None and not currency:
            table.add_problem("amount", "'amount' has no currency: add currency = \"USD\" or another ISO code")
        if amount == _NOTHING:
            table.add_problem("amount", "'amount' is zero: leave it out when no sum is stated")
        if amount is not None and printed is not None and printed != amount:
            table.add_problem("stated", f"'stated' has {currency} {printed}, but 'amount' is {amount}")
        if amount is not None and stated and currency and printed is None:
            table.add_problem("stated", f"'stated' must have the amount's own currency, {currency}, too")
        if amount is None and stated:
            table.add_problem("stated", "'stated' needs 'amount' and 'currency': the sum to count with")
        if first and first not in dict(stated):
            table.add_problem("first_stated", f"'first_stated' is {first!r}, which 'stated' does not have")
        return {
            "amount": amount,
            "currency": currency,
            "qualifier": table.text("qualifier", ""),
            "stated": stated or (((currency, amount),) if amount is not None else ()),
            "first_stated": first or currency,
            "valuation": field_parsers.figures(table, "valuation"),
        }

    def signal(self, table: Table) -> Signal:
        """A ``[[signal]]``; ``value`` may be a whole number or a text."""
        value = table.values.get("value", "")
        if isinstance(value, bool) or not isinstance(value, int | str):
            table.add_problem("value", f"'value' must be a whole number or text in quotes, not {value!r}")
            value = ""
        signal = Signal(
            **self._head(table),
            kind=table.choice("kind", SIGNAL_KINDS),
            group=table.choice("group", GROUPS),
            sectors=field_parsers.names(table, "sectors"),
            subject=table.text("subject"),
            metric=table.text("metric"),
            value=str(value) if isinstance(value, int) else table.text("value", ""),
            unit=table.text("unit", ""),
            qualifier=table.text("qualifier", ""),
            direction=table.text("direction", ""),
            as_of=table.text("as_of", ""),
            entities=self._refer(table, "entities", "entity"),
            gains=self._refer(table, "gains", "entity"),
            loses=self._refer(table, "loses", "entity"),
            zero_sum=table.flag("zero_sum", False),
            chain=field_parsers.names(table, "chain", CHAIN),
            commitments=self._refer(table, "commitments", "commitment"),
            supersedes=self._refer_one(table, "supersedes", "signal"),
            note=table.text("note", ""),
        )
        try:
            _ = signal.money
        except ArithmeticError:
            table.add_problem("value", f"'value' must be a number, as 'unit' is money ({signal.unit})")
        return signal

    def claim(self, table: Table) -> Claim:
        """A ``[[claim]]``."""
        base_date, end_date = field_parsers.day(table, "base_date"), field_parsers.day(table, "end_date")
        if base_date and end_date and end_date <= base_date:
            table.add_problem("end_date", f"'end_date' {end_date} is not after 'base_date' {base_date}")
        return Claim(
            **self._head(table),
            name=table.text("name"),
            window=table.text("window"),
            verdict=table.text("verdict"),
            name_zh=table.text("name_zh", ""),
            entities=self._refer(table, "entities", "entity"),
            symbols=field_parsers.symbols(table, "symbols"),
            percent=field_parsers.decimal(table, "percent", signed=True),
            amount=self._claimed_sum(table),
            currency=field_parsers.currency(table, "currency"),
            operator=table.choice("operator", OPERATORS, ""),
            repeats=self._refer_one(table, "repeats", "claim"),
            base_date=base_date,
            end_date=end_date,
            sessions=table.whole("sessions", 0),
            base_close=field_parsers.decimal(table, "base_close"),
            end_close=field_parsers.decimal(table, "end_close"),
            close_source=table.text("close_source", ""),
            close_retrieved=field_parsers.day(table, "close_retrieved"),
            checked_percent=field_parsers.decimal(table, "checked_percent", signed=True),
            fitting_pairs=table.whole("fitting_pairs", 0),
            basis=table.text("basis", ""),
            note=table.text("note", ""),
        )

    def _claimed_sum(self, table: Table) -> Decimal | None:
        amount = field_parsers.decimal(table, "amount", signed=True)
        if amount is not None and "currency" not in table.values:
            table.add_problem("amount", "'amount' has no currency: add currency = \"USD\" or another ISO code")
        return amount

    def entity(self, table: Table) -> Entity:
        """An ``[[entity]]``."""
        mentions = field_parsers.names(table, "mentions")
        self._refer(table, "mentions", "source", tuple(field_parsers.places(table, "mentions", mentions)))
        return Entity(
            id=field_parsers.identity(table),
            name=table.text("name"),
            type=table.choice("type", ENTITY_TYPES),
            mark=self.mark,
            short=table.text("short", ""),
            printed=field_parsers.names(table, "printed"),
            name_zh=table.text("name_zh", ""),
            listed=table.choice("listed", LISTINGS, "n/a"),
            symbols=field_parsers.symbols(table, "symbols"),
            parent_symbols=field_parsers.symbols(table, "parent_symbols"),
            cik=field_parsers.line(table, "cik") or None,
            exchanges=field_parsers.names(table, "exchanges"),
            currencies=field_parsers.names(table, "currencies"),
            role=table.text("role", ""),
            chain=field_parsers.names(table, "chain", CHAIN),
            region=table.text("region", ""),
            members=self._refer(table, "members", "entity"),
            mentions=mentions,
            note=table.text("note", ""),
        )

    def conflict(self, table: Table) -> Conflict:
        """A ``[[conflict]]`` with at least two sides."""
        sides = field_parsers.sides(table)
        for side in sides:
            self._refer(table, "sides", "source", tuple(field_parsers.places(table, "sides", side.at.split("; "))))
        kind = table.choice("kind", CONFLICT_KINDS, CONFLICT_KINDS[0])
        return Conflict(
            id=field_parsers.identity(table),
            topic=table.text("topic"),
            title=table.text("title"),
            sides=sides,
            show_as=table.text("show_as"),
            mark=self.mark,
            kind=kind,
            outside=table.text("outside", ""),
            records=self._refer(table, "records", "any"),
            entities=self._refer(table, "entities", "entity"),
            marks_records=table.flag("marks_records", kind == CONFLICT_KINDS[0]),
            verified=self._verified(table),
        )

    def fx(self, table: Table) -> FxRate:
        """An ``[[fx]]`` rate, which must be its numerator over its denominator to four decimals."""
        rate, numerator, denominator = (self._above_zero(table, key) for key in ("rate", "numerator", "denominator"))
        if abs(numerator / denominator - rate) > Decimal("0.00005"):
            table.add_problem(
                "rate", f"'rate' is {rate}, but {numerator} / {denominator} is {numerator / denominator:.4f}"
            )
        for key in ("base", "quote", "commitment"):
            table.text(key)
        return FxRate(
            **self._head(table),
            commitment=self._refer_one(table, "commitment", "commitment"),
            base=field_parsers.currency(table, "base"),
            quote=field_parsers.currency(table, "quote"),
            rate=rate,
            numerator=numerator,
            denominator=denominator,
        )

    def spending(self, table: Table) -> Spending:
        """A ``[[spending]]``: where a source says that spending of some kinds goes."""
        for key in ("kinds", "chain"):
            if not table.texts(key):
                table.add_problem(key, f"{key!r} must name at least one")
        return Spending(
            **self._head(table),
            kinds=field_parsers.names(table, "kinds", KINDS),
            chain=field_parsers.names(table, "chain", CHAIN),
            note=table.text("note", ""),
        )

    def _above_zero(self, table: Table, key: str) -> Decimal:
        value = field_parsers.decimal(table, key)
        if value is None and key not in table.values:
            table.add_problem("", f"{key!r} is missing")
        if value == _NOTHING:
            table.add_problem(key, f"{key!r} must be above zero")
        return value or Decimal(1)

    def left_out(self, table: Table) -> LeftOut:
        """A ``[[left_out]]`` sum."""
        self._refer(table, "source", "source", (table.text("source"),))
        table.text("currency")
        return LeftOut(
            source=table.text("source", ""),
            line=field_parsers.line(table),
            printed=table.text("printed"),
            currency=field_parsers.currency(table, "currency"),
            amount=self._above_zero(table, "amount"),
            reason=table.text("reason"),
            mark=self.mark,
        )

    def builder_of(self, name: str) -> Callable[[Table], Any]:
        """The method that builds ``[[name]]``."""
        build: Callable[[Table], Any] = getattr(self, name)
        return build
