"""Metrics and readiness: what an operator sees of a bot at work."""

import json
import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot import clock
from bot.delivery.outbox import Delivery, Medium, State
from bot.metrics import LATE, METRICS, Metrics, look_into
from bot.schedules import PLAN_ANEW, Schedule
from tests.office import NOW, Office, open_office
from tests.statements import statements
from tests.test_http_door import gets

Samples = dict[str, float]


def scraped(office: Office) -> Samples:
    """What `/metrics` says, by name and labels as they stand there."""
    told = gets(office, "/metrics")
    assert told.status == 200
    lines = [line for line in told.body.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _space, value in (line.rpartition(" ") for line in lines)}


def commands(noun: str, verb: str, outcome: str) -> str:
    """The name of the count of a verb's requests."""
    return f'jourfixe_commands_total{{noun="{noun}",outcome="{outcome}",verb="{verb}"}}'


def test_commands_are_counted_by_what_became_of_them(office: Office) -> None:
    office.says("/po-action add order paint by next fri")
    office.says("/po-action add order brushes by next fri")
    office.says("/po-action add order glue by 30 feb")
    office.says("/po-action done A1", who=office.gus)
    office.says("/po-action add")
    office.says("/po banana")
    told = scraped(office)
    assert told[commands("action", "add", "ok")] == 2
    assert told[commands("action", "add", "mistake")] == 1
    assert told[commands("action", "done", "refused")] == 1
    assert told[commands("action", "add", "form")] == 1
    assert told[commands("", "", "mistake")] == 1


def test_what_people_type_is_no_label(office: Office) -> None:
    office.says("/po banana split")
    office.says("/po-action peel the banana")
    office.says("/po-action add banana bread")
    assert b"banana" not in gets(office, "/metrics").body


def test_what_was_not_saved_is_counted(office: Office) -> None:
    with office.bot.sessions.begin() as session:
        session.execute(text("DROP TABLE inbound"))
    assert office.says("/po-action add order paint").startswith("NOT SAVED")
    assert scraped(office)[commands("", "", "not_saved")] == 1


def test_acks_are_measured_over_http(office: Office) -> None:
    before = scraped(office)["jourfixe_ack_seconds_count"]
    office.says("/po-action list")
    told = scraped(office)
    assert told["jourfixe_ack_seconds_count"] == before + 1
    assert told['jourfixe_ack_seconds_bucket{le="3.0"}'] == before + 1
    assert "jourfixe_socket_age_seconds" not in told


def test_a_socket_tells_its_age_and_its_acks(database_url: str) -> None:
    with open_office(database_url, is_socket=True, PORT=0) as office:
        office.box.wait_for(lambda: scraped(office)["jourfixe_ack_seconds_count"])
        told = scraped(office)
        assert 0 < told["jourfixe_socket_age_seconds"] < 60
        assert 0 < told["jourfixe_socket_silence_seconds"] < 60
        office.box.stop()
        office.box.wait_for(lambda: "jourfixe_socket_age_seconds" not in scraped(office))
        assert readiness(office) == {"database": True, "slack": False, "heartbeat": True}
        office.box.start()
        office.box.wait_for(lambda: readiness(office)["slack"])


@pytest.mark.both_databases
def test_deliveries_are_told_by_state_and_age(office: Office) -> None:
    office.says("/po-action add order paint")
    office.delivered()
    told = scraped(office)
    assert told['jourfixe_deliveries_sent_total{medium="slack"}'] == len(office.sees())
    assert told['jourfixe_deliveries{medium="slack",state="waiting"}'] == 0
    assert told['jourfixe_delivery_oldest_waiting_seconds{medium="slack"}'] == 0
    office.bot.worker.stop()
    late, soon = clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1)
    with office.bot.sessions.begin() as session:
        session.add_all(
            [
                delivery("late", State.WAITING, late),
                delivery("soon", State.WAITING, soon),
                delivery("held", State.HELD, late),
                delivery("dead", State.DEAD, late),
                delivery("mail", State.WAITING, late, Medium.MAIL),
            ]
        )
    told = scraped(office)
    assert counted(told, "slack") == {"waiting": 2, "held": 1, "dead": 1}
    assert counted(told, "mail") == {"waiting": 1, "held": 0, "dead": 0}
    for medium in ("slack", "mail"):
        age = told[f'jourfixe_delivery_oldest_waiting_seconds{{medium="{medium}"}}']
        assert 3600 <= age < 3700


STATES = ("waiting", "held", "dead")


def counted(told: Samples, medium: str) -> dict[str, float]:
    """How many deliveries by *medium* do not stand as they should, by state."""
    return {
        state: told[f'jourfixe_deliveries{{medium="{medium}",state="{state}"}}'] for state in STATES
    }


def delivery(key: str, state: State, due: datetime, medium: Medium = Medium.SLACK) -> Delivery:
    """A promise, due at a moment of machine time."""
    return Delivery(
        token=key, key=key, channel="C1", content={}, state=state, made_at=NOW, due_at=due,
        medium=medium,
    )  # fmt: skip


@pytest.mark.both_databases
def test_runs_that_are_late_are_told_by_job(office: Office) -> None:
    turns = {1: PLAN_ANEW, 2: NOW - timedelta(hours=1), 3: NOW, 4: NOW + timedelta(days=1)}
    with office.bot.sessions.begin() as session:
        session.add_all(
            Schedule(job="nudge", subject="person", subject_id=number, next_at=moment)
            for number, moment in turns.items()
        )
    told = list(look_into(office.bot.sessions, ["nudge", "digest"], NOW))
    assert (LATE, ("nudge",), 1) in told
    assert (LATE, ("digest",), 0) in told


def test_busy_answers_are_counted_by_method(office: Office) -> None:
    office.box.faults.add("chat.postMessage", "ratelimited", seconds=0)
    office.says("/po-action add order paint")
    office.delivered()
    assert scraped(office)['jourfixe_slack_busy_total{method="chat.postMessage"}'] == 1


def test_the_database_is_down_and_the_metrics_still_answer(office: Office) -> None:
    assert scraped(office)["jourfixe_database_up"] == 1
    with office.bot.sessions.begin() as session:
        session.execute(text("ALTER TABLE delivery RENAME TO elsewhere"))
    told = scraped(office)
    assert told["jourfixe_database_up"] == 0
    assert commands("project", "new", "ok") in told
    assert "jourfixe_delivery_oldest_waiting_seconds" not in told


def test_no_scrape_reads_what_was_sent(office: Office) -> None:
    with statements(office) as asked:
        list(look_into(office.bot.sessions, ["nudge"], NOW))
    with office.bot.sessions.kw["bind"].connect() as connection:
        plans = [
            str(row[3])
            for words, values in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", values)
        ]
    looks = [plan for plan in plans if plan.startswith(("SCAN", "SEARCH"))]
    assert len(looks) == 4
    assert all(" INDEX ix_" in plan for plan in looks), looks


def test_readiness_watches_the_heartbeat(database_url: str) -> None:
    with open_office(database_url, JOURFIXE_TICK_SECONDS=0.2) as office:
        office.box.wait_for(lambda: all(readiness(office).values()))
        office.bot.scheduler.stop()
        office.box.wait_for(lambda: not readiness(office)["heartbeat"])
        assert gets(office, "/readyz").status == 503
        assert gets(office, "/healthz").status == 200


def readiness(office: Office) -> dict[str, bool]:
    """What `/readyz` says of each part."""
    told: dict[str, bool] = json.loads(gets(office, "/readyz").body)
    return told


def test_every_metric_is_one_of_the_documented(office: Office) -> None:
    office.says("/po-action add order paint")
    lines = gets(office, "/metrics").body.decode().splitlines()
    types = dict(line.split()[2:] for line in lines if line.startswith("# TYPE"))
    documented = {metric.name: metric.kind for metric in METRICS}
    elsewhere = ("socket", "jobs", "mailbox")
    in_http_mode = {name for name in documented if not any(part in name for part in elsewhere)}
    assert types.items() <= documented.items()
    assert in_http_mode <= set(types)


def test_counting_costs_a_command_next_to_nothing() -> None:
    metrics, times = Metrics(), 2000
    best = min(timed(metrics, times) for _again in range(5))
    assert best / times < 20e-6


def timed(metrics: Metrics, times: int) -> float:
    """How many seconds it takes to count so many commands."""
    began = time.perf_counter()
    for _time in range(times):
        metrics.answered("action", "add", "ok")
        metrics.acked(0.004)
    return time.perf_counter() - began


def test_two_bots_count_for_themselves() -> None:
    one, other = Metrics(), Metrics()
    one.answered("action", "add", "ok")
    assert b'verb="add"' in one.text()
    assert b'verb="add"' not in other.text()
