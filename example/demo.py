"""`make demo`: three guest houses on one template, and changes that reach each of them.

Runs on a private server that ends with it. Its exit code is 0 when all went as it should.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from boardinghouse_ext.server import PrivateServer  # noqa: E402
from example import houses, show  # noqa: E402

DATABASE = "example"
TEMPLATE = "__template__"

# What a schema is made of, one line for each piece, with no word of the schema it is in.
PIECES = """
    SELECT 'column', c.relname || '.' || a.attname,
           concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
                     pg_get_expr(d.adbin, d.adrelid))
      FROM pg_class AS c
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
    UNION ALL
    SELECT 'table', c.relname, '' FROM pg_class AS c
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
    UNION ALL
    SELECT 'index', c.relname, pg_get_indexdef(c.oid, 0, true) FROM pg_class AS c
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'i'
    UNION ALL
    SELECT CASE k.contype WHEN 'f' THEN 'foreign key' ELSE 'constraint' END,
           k.conname, pg_get_constraintdef(k.oid, true)
      FROM pg_constraint AS k WHERE k.connamespace = current_schema()::regnamespace
"""
# What the second release brings, as seen from inside a house.
ARRIVALS = {
    "table roomtype": "SELECT to_regclass('bookings_roomtype') IS NOT NULL",
    "column guest.is_regular": """
        SELECT EXISTS (SELECT FROM pg_attribute AS a
         WHERE a.attrelid = 'bookings_guest'::regclass AND a.attname = 'is_regular')""",
    "index guest_name_email": "SELECT to_regclass('guest_name_email') IS NOT NULL",
    "guest.phone is now telephone": """
        SELECT array_agg(a.attname::text) = '{telephone}' FROM pg_attribute AS a
         WHERE a.attrelid = 'bookings_guest'::regclass AND a.attname IN ('phone', 'telephone')""",
    "foreign key room -> roomtype": """
        SELECT EXISTS (SELECT FROM pg_constraint AS k
         WHERE k.contype = 'f' AND k.conrelid = 'bookings_room'::regclass
           AND k.confrelid = 'bookings_roomtype'::regclass)""",
    "its room types": "SELECT string_agg(t.name, ', ' ORDER BY t.name) FROM bookings_roomtype AS t",
    "rooms without a type": "SELECT count(*) FROM bookings_room AS r WHERE r.type_id IS NULL",
    "regular guests": "SELECT count(*) FROM bookings_guest AS g WHERE g.is_regular",
}
KINDS = {
    "table": "tables",
    "column": "columns",
    "index": "indexes",
    "foreign key": "foreign keys",
    "constraint": "other constraints",
}


class Demo:
    """The story, told against one server."""

    def __init__(self, server: PrivateServer) -> None:
        self.server = server
        self.failed: list[str] = []
        self.connection = psycopg2.connect(**server.dsn(dbname=DATABASE))
        self.connection.autocommit = True

    def tell(self) -> None:
        self.begin()
        self.open_houses()
        self.write_books()
        self.migrate_on()
        self.change_by_hand()
        self.be_refused()
        self.open_another()
        self.prove()

    # The chapters.

    def begin(self) -> None:
        show.heading("1  Migrate once, into the template")
        show.command("$", "manage.py migrate", self.timed(houses.migrate_to_first_release))
        rows = self.query(
            """
            SELECT c.relnamespace::regnamespace::text, count(*),
                   string_agg(c.relname, ' ' ORDER BY c.relname)
                       FILTER (WHERE c.relname ~ '^(places|bookings)_')
              FROM pg_class AS c
             WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('public', %s)
             GROUP BY 1 ORDER BY 1 DESC""",
            TEMPLATE,
        )
        show.table(["schema", "tables", "the example's among them"], rows)
        tables = {name: text or "" for name, _, text in rows}
        self.expect(
            "bookings_booking" in tables.get(TEMPLATE, ""), "a house's tables are in the template"
        )
        self.expect("places_country" in tables.get("public", ""), "what houses share is in public")

    def open_houses(self) -> None:
        show.heading("2  Make tenants")
        for schema, name in houses.HOUSES.items():
            seconds = self.timed(lambda s=schema, n=name: houses.open_house(s, n))
            show.command(">>>", f'Schema.objects.create(schema="{schema}", name="{name}")', seconds)
        self.expect(
            self.schemata() == sorted(houses.HOUSES), f"{len(houses.HOUSES)} tenants are registered"
        )

    def write_books(self) -> None:
        show.heading("3  Each house has rows of its own")
        counts = {schema: houses.fill(schema) for schema in houses.HOUSES}
        show.command(">>>", 'with schema("seaview"):\n    Guest.objects.create(...)')
        columns = list(counts["seaview"])
        boards = {schema: self.count(schema, "bookings_board") for schema in self.schemata()}
        show.table(
            ["house", *columns, "boards"],
            [[s, *(c[column] for column in columns), boards[s]] for s, c in counts.items()],
        )
        self.expect(
            set(boards.values()) == {4},
            "each house starts with the four boards that a data migration put into the template",
        )
        self.expect(
            all(
                self.count(schema, "bookings_guest") == counts[schema]["guests"]
                for schema in counts
            )
            and self.count(TEMPLATE, "bookings_guest") == 0,
            "nobody else has its guests, and the template has none",
        )

    def migrate_on(self) -> None:
        show.heading("4  The next release brings a migration")
        show.say(
            """bookings.0003_room_types: a table, a column, an index, a renamed column, a foreign
            key, and a data step that gives each house the room types its own rooms call for."""
        )
        show.command("$", "manage.py migrate", self.timed(houses.migrate))
        rows = []
        for what, question in ARRIVALS.items():
            answers = []
            for schema in self.schemata():
                with self.inside(schema):
                    answers.append(self.query(question)[0][0])
            rows.append([what, *answers])
        show.table(["", *self.schemata()], rows)
        *structure, types, untyped, regulars = (row[1:] for row in rows)
        self.expect(all(map(all, structure)), "structure: each house has what the migration brings")
        self.expect(
            all(types) and not any(untyped) and any(regulars),
            "rows: the data step ran in each house by itself",
        )
        self.followed()

    def change_by_hand(self) -> None:
        show.heading("5  A change by hand, as from psql")
        self.psql(
            f"""
            ALTER TABLE {TEMPLATE}.bookings_room
                ADD COLUMN floor smallint NOT NULL DEFAULT 0 CHECK (floor < 10)"""
        )
        show.say("And this is what psql shows in a house:")
        self.psql(r"\d adler.bookings_room")
        self.followed()

    def be_refused(self) -> None:
        show.heading("6  A change that one house's rows forbid")
        before = {schema: self.pieces(schema) for schema in [TEMPLATE, *self.schemata()]}
        answer = self.psql(
            f"""
            ALTER TABLE {TEMPLATE}.bookings_guest
                ADD CONSTRAINT reachable CHECK (telephone <> '')""",
            fails=True,
        )
        after = {schema: self.pieces(schema) for schema in [TEMPLATE, *self.schemata()]}
        self.expect(
            any(schema in answer for schema in houses.HOUSES), "the error names the house it met"
        )
        self.expect(before == after, "nothing has changed, in no house and not in the template")

    def open_another(self) -> None:
        show.heading("7  A house that opens today")
        self.psql("SELECT boardinghouse.create_schema('lakeside', 'Lakeside Inn')", timed=True)
        self.expect("lakeside" in self.schemata(), "a tenant made from psql is one like the others")

    def prove(self) -> None:
        show.heading("8  Are they alike?")
        self.psql("SELECT * FROM boardinghouse.verify()")
        problems = self.query("SELECT * FROM boardinghouse.verify()")
        self.expect(problems == [], "verify() finds nothing to say")
        show.say("Counted from the catalog, without the extension:")
        rows = []
        for schema in [TEMPLATE, *self.schemata()]:
            kinds = [kind for kind, _, _ in self.pieces(schema)]
            rows.append([schema, *(kinds.count(kind) for kind in KINDS)])
        show.table(["schema", *KINDS.values()], rows)
        self.followed()

    # What the chapters are told with.

    def followed(self) -> None:
        expected = self.pieces(TEMPLATE)
        behind = [schema for schema in self.schemata() if self.pieces(schema) != expected]
        count = len(self.schemata())
        self.expect(
            not behind,
            f"all {count} houses have followed: the same {len(expected)} pieces as the template"
            if not behind
            else f"these houses have not followed: {', '.join(behind)}",
        )

    def expect(self, is_good: bool, text: str) -> None:
        show.verdict(is_good, text)
        if not is_good:
            self.failed.append(text)

    def timed(self, do: Callable[[], Any]) -> float:
        start = time.perf_counter()
        do()
        return time.perf_counter() - start

    def psql(self, text: str, *, fails: bool = False, timed: bool = False) -> str:
        """Run a command in psql, and show it and the answer: the rows, or how long it took."""
        done = subprocess.run(
            [
                str(self.server.bindir / "psql"),
                "--no-psqlrc",
                "--quiet",
                "--set=SHOW_CONTEXT=never",
                *(("--command", r"\timing on") if timed else ()),
                *("--command", text),
            ],
            capture_output=True,
            text=True,
            env={**self.server.environment, "PGDATABASE": DATABASE, "PGCLIENTENCODING": "UTF8"},
        )
        answer = done.stderr + done.stdout
        show.command(f"{DATABASE}=#", text)
        show.output(answer[answer.find("Time:") :] if timed else answer)
        if (done.returncode != 0) != fails:
            self.expect(False, "psql was " + ("let through" if fails else "refused"))
        return answer

    def query(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the database directly, past Django and its choice of a schema."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return cursor.fetchall()

    def schemata(self) -> list[str]:
        rows = self.query("SELECT schema FROM boardinghouse.schema ORDER BY schema")
        return [schema for (schema,) in rows]

    def count(self, schema: str, table: str) -> int:
        with self.inside(schema):
            return int(self.query(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608

    def pieces(self, schema: str) -> list[tuple[Any, ...]]:
        """What a schema is made of, read from the catalog by ourselves."""
        with self.inside(schema):
            return sorted(self.query(PIECES))

    @contextmanager
    def inside(self, schema: str) -> Iterator[None]:
        """See the tables of one schema, the template included: nobody but an operator may."""
        path = "SELECT set_config('search_path', quote_ident(%s), false)"
        self.query(path, schema)
        try:
            yield
        finally:
            self.query(path, "public")


def main() -> int:
    began = time.perf_counter()
    with PrivateServer() as server:
        subprocess.run(
            [str(server.bindir / "createdb"), DATABASE], env=server.environment, check=True
        )
        houses.set_up(server.environment, DATABASE)

        import django

        print(f"boardinghouse on PostgreSQL {server.version} and Django {django.__version__}")
        show.say("A private server in a folder that is ignored by git; it ends with this demo.")
        demo = Demo(server)
        try:
            demo.tell()
        finally:
            demo.connection.close()
            houses.close()
    show.heading("Done" if not demo.failed else "Not as it should be")
    for text in demo.failed:
        show.verdict(False, text)
    show.say(f"{time.perf_counter() - began:.1f} s, the server's start and end included.")
    if not demo.failed:
        show.say("Now look around in it: make serve")
    return 1 if demo.failed else 0


if __name__ == "__main__":
    sys.exit(main())
