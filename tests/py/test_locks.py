"""Many sessions at once: nobody deadlocks, nobody is forgotten, old snapshots are refused."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import psycopg2
import pytest
from psycopg2.errors import DeadlockDetected
from queries import column, problems, rows, run, tables_with, tenants

ROUNDS = 20


@pytest.fixture
def site(database: Any) -> Any:
    """A database whose template has rows, a view and a key to a shared table; and a tenant."""
    run(
        database,
        """CREATE TABLE public.person (id int PRIMARY KEY);
           CREATE TABLE __template__.page (id serial PRIMARY KEY, person int REFERENCES person);
           CREATE VIEW __template__.latest AS SELECT id FROM __template__.page ORDER BY id DESC;
           INSERT INTO public.person VALUES (1);
           INSERT INTO __template__.page (person) SELECT 1 FROM generate_series(1, 50);
           SELECT boardinghouse.create_schema('oldest')""",
    )
    return database


def side_by_side(*jobs: Callable[[], Any]) -> list[Any]:
    """What the jobs return, run at the same time; an error of one is an error."""
    barrier = Barrier(len(jobs))

    def start(job: Callable[[], Any]) -> Any:
        barrier.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        futures = [pool.submit(start, job) for job in jobs]
        return [future.result() for future in futures]


def test_tenants_made_while_the_template_changes_have_every_change(
    site: Any, connect: Callable[..., Any]
) -> None:
    changing, making, also_making, dropping = (connect() for _ in range(4))

    def change(number: int) -> None:
        run(
            changing,
            f"""BEGIN;
                ALTER TABLE __template__.page ADD COLUMN c{number} int DEFAULT {number};
                CREATE OR REPLACE VIEW __template__.latest AS
                    SELECT id FROM __template__.page WHERE c{number} > 0;
                CREATE TABLE __template__.t{number} (id int REFERENCES public.person);
                COMMIT""",
        )

    run(site, "SELECT boardinghouse.create_schema('b')")
    last = "b"
    for number in range(ROUNDS):
        side_by_side(
            partial(change, number),
            partial(run, making, f"SELECT boardinghouse.create_schema('a{number}')"),
            partial(run, also_making, f"SELECT boardinghouse.create_schema('b{number}')"),
            partial(run, dropping, f"SELECT boardinghouse.drop_schema('{last}')"),
        )
        last = f"b{number}"
        assert tables_with(site, f"t{number}") == sorted(["__template__", *tenants(site)])
        counts = {
            column(site, f"SELECT count(*) FROM {tenant}.page WHERE c{number} = {number}")[0]
            for tenant in ("oldest", f"a{number}", f"b{number}")
        }
        assert counts == {50}
    assert problems(site) == []


def test_a_recipe_of_an_older_snapshot_is_not_taken(
    database: Any, connect: Callable[..., Any]
) -> None:
    making, also_making = connect(), connect()
    ages = """SELECT array_agg(v.version - r.version ORDER BY r.version DESC)
                FROM boardinghouse.recipe AS r, boardinghouse.snapshot_version AS v"""
    run(database, "CREATE TABLE __template__.page (id int PRIMARY KEY)")
    run(making, "BEGIN; SELECT boardinghouse.create_schema('a')")
    # Nobody waits for the one who has just worked it out.
    run(also_making, "SET statement_timeout = '20s'; SELECT boardinghouse.create_schema('b')")
    run(also_making, "UPDATE boardinghouse.snapshot SET sort = sort")
    run(making, "COMMIT")
    assert column(database, ages) == [[1]]
    run(also_making, "SELECT boardinghouse.create_schema('c')")
    assert column(database, ages) == [[0, 1]]
    assert problems(database) == []


def test_sessions_that_queue_up_change_the_template_in_turn(
    site: Any, connect: Callable[..., Any]
) -> None:
    run(site, "CREATE TABLE __template__.note (id int)")
    sessions = [connect(), connect()]

    def change(session: Any, number: int, *tables: str) -> None:
        run(session, "BEGIN; SELECT boardinghouse.lock_template()")
        for table in tables:
            run(session, f"ALTER TABLE __template__.{table} ADD COLUMN c{number} int")
        run(session, "COMMIT")

    for number in range(ROUNDS):
        side_by_side(
            partial(change, sessions[0], 2 * number, "page", "note"),
            partial(change, sessions[1], 2 * number + 1, "note", "page"),
        )
    assert tables_with(site, f"c{2 * ROUNDS - 1}") == ["__template__"] * 2 + ["oldest"] * 2
    assert problems(site) == []


def test_of_two_that_want_what_the_other_has_one_wins_whole(
    site: Any, connect: Callable[..., Any]
) -> None:
    run(site, "CREATE TABLE __template__.note (id int)")
    sessions = [connect(), connect()]
    for session in sessions:
        run(session, "SET deadlock_timeout = '20ms'")

    def change(session: Any, name: str, *tables: str) -> bool:
        try:
            run(session, "BEGIN")
            for table in tables:
                run(session, f"ALTER TABLE __template__.{table} ADD COLUMN {name} int")
            run(session, "COMMIT")
        except DeadlockDetected:
            run(session, "ROLLBACK")
            return False
        return True

    for number in range(ROUNDS // 2):
        names = [f"a{number}", f"b{number}"]
        won = side_by_side(
            partial(change, sessions[0], names[0], "page", "note"),
            partial(change, sessions[1], names[1], "note", "page"),
        )
        assert any(won)
        for name, has_won in zip(names, won, strict=True):
            assert len(tables_with(site, name)) == (4 if has_won else 0)
    assert problems(site) == []


def test_verify_during_changes_finds_nothing(site: Any, connect: Callable[..., Any]) -> None:
    changing, verifying, comparing = (connect() for _ in range(3))

    def change() -> None:
        for number in range(ROUNDS):
            run(changing, f"ALTER TABLE __template__.page ADD COLUMN c{number} int")
            run(changing, f"ALTER TABLE __template__.page RENAME c{number} TO d{number}")

    found = side_by_side(
        change,
        lambda: [problems(verifying) for _ in range(ROUNDS)],
        lambda: [
            rows(comparing, "SELECT * FROM boardinghouse.compare('oldest')") for _ in range(ROUNDS)
        ],
    )
    assert found[1:] == [[[]] * ROUNDS] * 2


REFUSED = {
    "create_schema": "SELECT boardinghouse.create_schema('acme')",
    "clone_schema": "SELECT boardinghouse.clone_schema('oldest', 'copy', true)",
    "rename_schema": "SELECT boardinghouse.rename_schema('oldest', 'older')",
    "drop_schema": "SELECT boardinghouse.drop_schema('oldest')",
    "register_schema": "SELECT boardinghouse.register_schema('guest')",
    "unregister_schema": "SELECT boardinghouse.unregister_schema('oldest')",
    "enable": "SELECT boardinghouse.enable()",
    "disable": "SELECT boardinghouse.disable()",
    "lock_template": "SELECT boardinghouse.lock_template()",
    "execute": "SELECT boardinghouse.execute('CREATE TABLE note (id int)')",
    "repair": "SELECT boardinghouse.repair('oldest')",
    "change": "ALTER TABLE __template__.page ADD COLUMN note text",
    "new": "CREATE TABLE __template__.note (id int)",
    "drop": "DROP VIEW __template__.latest",
    "grant": "GRANT SELECT ON __template__.page TO PUBLIC",
    "by hand": "ALTER SCHEMA oldest RENAME TO older",
}


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_an_old_snapshot_is_refused(site: Any, level: str) -> None:
    run(site, "SELECT boardinghouse.clone_schema('oldest', 'guest')")
    before = rows(site, "SELECT max(id) FROM boardinghouse.change")
    for name, sql in REFUSED.items():
        run(site, f"BEGIN ISOLATION LEVEL {level}; SELECT 1")
        with pytest.raises(psycopg2.Error) as error:
            run(site, sql)
        assert (name, error.value.pgcode) == (name, "25001")
        run(site, "ROLLBACK")
    run(site, f"BEGIN ISOLATION LEVEL {level}; CREATE TABLE public.aside (id int); COMMIT")
    assert rows(site, "SELECT max(id) FROM boardinghouse.change") == before
    assert problems(site) == []
