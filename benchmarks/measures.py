"""The measures: each sets the bot against something bare, in turns, and makes a figure of it."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks import ack, cold_start
from benchmarks.box import Workspace
from benchmarks.client import Client
from benchmarks.figures import Figure, Goal, ratio, share
from benchmarks.floor import Floor
from benchmarks.processes import memory_of
from benchmarks.product import Product

CONNECTIONS = 16
IDENTITY_COMMANDS = 100

Turn = Callable[[], list[float]]


@dataclass(frozen=True)
class Scale:
    """How much is measured: *rounds* of turns, so many requests in each; see the measures.

    The reports of *few* and *many* projects are made, those of the few *reports* times.
    """

    rounds: int
    commands: int
    acks: int
    burst: int
    bursts: int
    starts: int
    first_thousand: int
    ten_thousand: int
    few: int
    many: int
    reports: int
    meanwhile: int
    attendees: int
    milestones: int


def in_turns(rounds: int, *turns: Turn) -> list[list[float]]:
    """What each of *turns* measures, over all rounds; the first round only warms up."""
    measured: list[list[float]] = [[] for _turn in turns]
    for number in range(rounds + 1):
        for turn, kept in zip(turns, measured, strict=True):
            found = turn()
            kept += found if number else []
    return measured


def writing(product: Product, floor: Floor, scale: Scale, goal: Goal) -> Figure:
    """A command that writes, one after the other, while the cards of the others are posted."""
    with closing(product.client()) as ours, closing(floor.client()) as bare:
        mine, theirs = in_turns(
            scale.rounds,
            _commands(ours, scale.commands, product),
            _commands(bare, scale.commands),
        )
    return ratio(goal, mine, theirs)


def throughput(product: Product, floor: Floor, scale: Scale, goal: Goal) -> Figure:
    """The same from many connections at once, commands per second."""
    ours = [product.client() for _number in range(CONNECTIONS)]
    bare = [floor.client() for _number in range(CONNECTIONS)]
    mine, theirs = in_turns(
        scale.bursts, _burst(ours, scale.burst, product), _burst(bare, scale.burst)
    )
    for client in (*ours, *bare):
        client.close()
    return share(goal, mine, theirs)


def databases(sqlite: Product, postgres: Product, scale: Scale, goal: Goal) -> Figure:
    """The same command on PostgreSQL beside SQLite."""
    with closing(postgres.client()) as ours, closing(sqlite.client()) as bare:
        mine, theirs = in_turns(
            scale.rounds,
            _commands(ours, scale.commands, postgres),
            _commands(bare, scale.commands, sqlite),
        )
    return ratio(goal, mine, theirs)


def empty_ack(product: Product, folder: Path, scale: Scale, goal: Goal) -> Figure:
    """A click that carries no line beside an ASGI application that only acks."""
    with closing(product.client()) as ours, ack.served(product.facts, folder) as bare:
        mine, theirs = in_turns(
            scale.rounds,
            lambda: [ours.clicks() for _number in range(scale.acks)],
            lambda: [bare.clicks() for _number in range(scale.acks)],
        )
    return ratio(goal, mine, theirs)


def identity_calls(product: Product, workspace: Workspace, goal: Goal) -> Figure:
    """How often Slack is asked who the bot is."""
    before = workspace.calls_of("auth.test")
    with closing(product.client()) as client:
        for _number in range(IDENTITY_COMMANDS):
            client.adds()
    calls = workspace.calls_of("auth.test") - before
    return Figure(goal, str(calls), calls <= goal.limit)


def starting(
    workspace: Workspace, database_url: str, folder: Path, scale: Scale, goal: Goal
) -> Figure:
    """A start on a migrated database until something can be acked, beside the imports alone."""
    modules = cold_start.imports(folder)
    mine, theirs = in_turns(
        scale.starts,
        lambda: [cold_start.start(workspace.facts, database_url, folder)],
        lambda: [cold_start.import_alone(modules, folder)],
    )
    return ratio(goal, mine, theirs)


def memory(product: Product, scale: Scale, goal: Goal) -> Figure:
    """How much the bot has grown between the thousandth command and the ten thousandth.

    Cards are posted all the while, at their own pace.
    """
    clients = [product.client() for _number in range(4)]
    done = product.actions()
    _many(clients, max(scale.first_thousand - done, len(clients)))
    before = memory_of(product.process)
    _many(clients, scale.ten_thousand - scale.first_thousand)
    grown = memory_of(product.process) - before
    for client in clients:
        client.close()
    return Figure(goal, f"{grown:+.1f} MB ({before:.0f} MB before)", grown <= goal.limit)


def _commands(client: Client, count: int, product: Product | None = None) -> Turn:
    """Commands one after the other; their cards are posted before the turn is over."""

    def turn() -> list[float]:
        seconds = [client.adds() for _number in range(count)]
        if product is not None:
            product.wait_until_delivered()
        return seconds

    return turn


def _burst(clients: list[Client], count: int, product: Product | None = None) -> Turn:
    """*count* commands from each connection at once; the answer is their rate per second."""

    def turn() -> list[float]:
        begun = time.perf_counter()
        _many(clients, count * len(clients))
        seconds = time.perf_counter() - begun
        if product is not None:
            product.wait_until_delivered()
        return [count * len(clients) / seconds]

    return turn


def _many(clients: list[Client], count: int) -> None:
    """*count* commands, shared among the connections."""

    def work(client: Client) -> None:
        for _number in range(count // len(clients)):
            client.adds()

    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(work, clients))
