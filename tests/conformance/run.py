"""`make conformance`: PostgreSQL's own regression tests, run in a template that has tenants.

Each file runs three times, each time in a copy of one database: mirrored into tenants, without
mirroring, and alone in a schema of which a clone is made afterwards. README.md says how they are
compared.

    python tests/conformance/run.py [--update] [--jobs N] [FILE ...]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import psycopg2

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(HERE))

import known  # noqa: E402
import source  # noqa: E402

from boardinghouse_ext.server import PrivateServer, find_server  # noqa: E402

TEMPLATE = "__template__"
TENANTS = ("skewed", "filled")
SOURCE, TWIN = "zq_source_zq", "zq_twin_zq"

SETTINGS = {
    "max_locks_per_transaction": 1024,
    "max_prepared_transactions": 2,
    "allow_in_place_tablespaces": "on",
    "autovacuum": "off",
    "log_destination": "jsonlog",
    "logging_collector": "on",
    "log_filename": "server.log",
    "log_rotation_age": 0,
    "log_rotation_size": 0,
    "log_min_error_statement": "panic",
}

SKIPPED = {
    "test_setup": "has run before",
    "event_trigger": "makes and drops event triggers for the whole database",
    "event_trigger_login": "the same",
    "tablespace": "is about the cluster",
    "subscription": "is about the cluster",
    "largeobject": "large objects are in no schema",
    "stats": "is about the cluster's statistics",
    "maintain_every": "is about the whole database",
}

# Where a file makes one schema after the other: the tables so far get out of the way.
SET_ASIDE = (
    "DO $$DECLARE t text; n int := (SELECT count(*) FROM pg_class"
    " WHERE relnamespace = '{schema}'::regnamespace); BEGIN FOR t IN"
    " SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = '{schema}'::regnamespace"
    " AND c.relkind IN ('r', 'p') AND c.relname !~ '_before_' ORDER BY c.relname LOOP"
    " EXECUTE format('ALTER TABLE {schema}.%I RENAME TO %I', t, concat(t, '_before_', n));"
    " END LOOP; END$$;"
)

# Files that make a schema of their own, and what makes it the one that is looked at.
REWRITTEN = {
    "rowsecurity": [
        (r"^CREATE SCHEMA regress_rls_schema;$",
         "ALTER SCHEMA {schema} OWNER TO regress_rls_alice;"),
        (r"\bregress_rls_schema\b", "{schema}"),
    ],
    "collate": [
        (r"^CREATE SCHEMA collate_tests;$", ""),
        (r"^SET search_path = collate_tests;$", ""),
        (r"\bcollate_tests\b", "{schema}"),
    ],
    "collate.linux.utf8": [
        (r"^CREATE SCHEMA collate_tests;$", ""),
        (r"^SET search_path = collate_tests;$", ""),
        (r"\bcollate_tests\b", "{schema}"),
    ],
    "collate.icu.utf8": [
        (r"^CREATE SCHEMA collate_tests;$", ""),
        (r"^SET search_path = collate_tests;$", ""),
        (r"\bcollate_tests\b", "{schema}"),
    ],
    "create_view": [
        (r"^CREATE SCHEMA temp_view_test\n +(CREATE TABLE .*)\n +(CREATE TABLE .*;)$",
         r"\1;\n\2"),
        (r"^CREATE SCHEMA testviewschm2;$", ""),
        (r"^SET search_path TO (temp_view_test|testviewschm2), public;$",
         "SET search_path TO {schema}, public;"),
        (r"\b(temp_view_test|testviewschm2)\b", "{schema}"),
    ],
    "alter_generic": [
        (r"^CREATE SCHEMA alt_nsp1;$", ""),
        (r"^SET search_path = alt_nsp1, public;$", "SET search_path = {schema}, public;"),
        (r"\balt_nsp1\b", "{schema}"),
    ],
    "create_function_sql": [
        (r"^CREATE SCHEMA temp_func_test;$", ""),
        (r"\btemp_func_test\b", "{schema}"),
    ],
    "fast_default": [
        (r"^CREATE SCHEMA fast_default;$", ""),
        (r"^DROP SCHEMA fast_default;$", ""),
        (r"\bfast_default\b", "{schema}"),
        (r"^set search_path = public;$", ""),
    ],
    "foreign_key": [
        (r"\n +(?=(?i:create table ))", ";\n"),
        (r"^(?i:create schema) fkpart\d+;$", SET_ASIDE),
        (r"^(?i:drop schema) fkpart.*;$", ""),
        (r"\bfkpart\d+\b", "{schema}"),
    ],
    "indexing": [
        (r"^create schema regress_indexing;$", ""),
        (r"\bregress_indexing\b", "{schema}"),
    ],
    "lock": [
        (r"^CREATE SCHEMA lock_schema1;$", ""),
        (r"\block_schema1\b", "{schema}"),
    ],
    "stats_import": [
        (r"^CREATE SCHEMA stats_import;$", ""),
        (r"\bstats_import\b", "{schema}"),
    ],
    "generated_stored": [
        (r"^CREATE SCHEMA generated_stored_tests;$", ""),
        (r"^SET search_path = generated_stored_tests;$", ""),
        (r"\bgenerated_stored_tests\b", "{schema}"),
    ],
    "generated_virtual": [
        (r"^CREATE SCHEMA generated_virtual_tests;$", ""),
        (r"^SET search_path = generated_virtual_tests;$", ""),
        (r"\bgenerated_virtual_tests\b", "{schema}"),
    ],
    # Servers older than these statements of the suite crash over them.
    "sqljson": [(r"^SELECT .*::sqljson_mystr\b.*;.*$", "")],
    "hash_part": [(r"^SELECT satisfies_hash_partition\(.* VARIADIC NULL.*;$", "")],
    "object_address": [
        (r"^CREATE SCHEMA addr_nsp;$", ""),
        (r"^SET search_path TO 'addr_nsp';$", "SET search_path TO {schema};"),
        (r"\baddr_nsp\b", "{schema}"),
    ],
}  # fmt: skip


@dataclass
class Result:
    """What became of a file."""

    name: str
    changes: int = 0
    events: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    listed: int = 0
    unlisted: list[known.Difference] = field(default_factory=list)
    clone: str = ""
    left: int = 0
    seconds: float = 0


class Cluster:
    """A private server with the databases that the files run in copies of."""

    def __init__(self, suite: Path, version: int) -> None:
        self.server = PrivateServer(version, SETTINGS)
        base = Path(self.server.base_dir)
        self.suite = base / "regress"
        shutil.copytree(suite, self.suite)
        self.results = base / "build"
        (self.results / "results").mkdir(parents=True)
        (self.results / "sql").mkdir()
        for folder in (self.results, self.results / "results", self.results / "sql"):
            folder.chmod(0o777)
        self._log_read = 0
        self._prepare()

    def _prepare(self) -> None:
        self.query("postgres", "CREATE DATABASE base TEMPLATE template0 LOCALE 'C'")
        self.psql("base", self.suite / "sql" / "test_setup.sql")
        self.query("postgres", "CREATE DATABASE cloned TEMPLATE base")
        self.query("cloned", "CREATE EXTENSION boardinghouse", self._own("facts.sql"),
                   f"CREATE SCHEMA {SOURCE}")  # fmt: skip
        self.query("postgres", "CREATE DATABASE mirrored TEMPLATE base")
        self.query("mirrored", "CREATE EXTENSION boardinghouse", "SELECT boardinghouse.enable()",
                   *(f"SELECT boardinghouse.create_schema('{tenant}')" for tenant in TENANTS),
                   self._own("facts.sql"), self._own("watch.sql"))  # fmt: skip
        # A copy, so that our functions have the same OIDs: files that list all functions show them.
        self.query("postgres", "CREATE DATABASE plain TEMPLATE mirrored")
        self.query("plain", 'DROP EVENT TRIGGER "~"', 'DROP EVENT TRIGGER "!start"',
                   "SELECT boardinghouse.disable()")  # fmt: skip

    def _own(self, name: str) -> str:
        return (HERE / name).read_text()

    def copy(self, base: str, schema: str) -> str:
        """A new database like `base`, in which names are looked for in the schema first."""
        name = "regression"
        settings = {
            "search_path": f"{schema}, public",
            "lc_messages": "'C'",
            "lc_monetary": "'C'",
            "lc_numeric": "'C'",
            "lc_time": "'C'",
            "bytea_output": "'hex'",
            "timezone_abbreviations": "'Default'",
        }
        self.query("postgres", f"CREATE DATABASE {name} TEMPLATE {base}")
        for setting, value in settings.items():
            self.query("postgres", f"ALTER DATABASE {name} SET {setting} = {value}")
        return name

    def drop(self, database: str) -> None:
        """Drop a database, and the roles that its file has left."""
        self.query("postgres", f"DROP DATABASE {database} WITH (FORCE)")
        leftovers = self.rows(
            "postgres",
            "SELECT format('DROP ROLE %I', r.rolname) FROM pg_roles AS r"
            " WHERE r.oid >= 16384 AND r.rolname <> 'postgres'",
        )
        for (statement,) in leftovers:
            try:
                self.query("postgres", statement)
            except psycopg2.Error as error:
                print(f"{statement}: {error}", file=sys.stderr)

    def recover(self) -> None:
        """Wait for a server that has crashed, and drop what the file has left."""
        for _ in range(60):
            try:
                if self.rows("postgres", "SELECT FROM pg_database WHERE datname = 'regression'"):
                    self.drop("regression")
            except psycopg2.OperationalError:
                time.sleep(1)
            else:
                return

    def psql(self, database: str, file: Path, timeout: float = 900) -> str:
        """Run a file as pg_regress does; the output."""
        version = self.server.version
        environment = {
            **{key: value for key, value in self.server.environment.items() if key != "PGTZ"},
            "PGTZ": "America/Los_Angeles" if version >= 17 else "PST8PDT",
            "PGDATESTYLE": "Postgres, MDY",
            "PGOPTIONS": "-c intervalstyle=postgres_verbose",
            "PGAPPNAME": f"pg_regress/{file.stem}",
            "PG_ABS_SRCDIR": str(self.suite),
            "PG_ABS_BUILDDIR": str(self.results),
            "PG_LIBDIR": "/nowhere",
            "PG_DLSUFFIX": ".so",
            "LC_MESSAGES": "C",
            "LC_ALL": "C",
        }
        command = [str(self.server.bindir / "psql"), "-X", "-a", "-q", "-d", database]
        command += ["-v", "HIDE_TABLEAM=on", "-v", "HIDE_TOAST_COMPRESSION=on"]
        with file.open("rb") as stdin, tempfile.TemporaryFile() as output:
            try:
                subprocess.run(command, check=False, stdin=stdin, stdout=output,
                               stderr=subprocess.STDOUT, env=environment, timeout=timeout,
                               cwd=self.results)  # fmt: skip
            except subprocess.TimeoutExpired:
                output.write(b"\npsql did not end\n")
            output.seek(0)
            return output.read().decode("utf-8", "backslashreplace")

    def query(self, database: str, *statements: str) -> None:
        """Run statements of ours."""
        with closing(psycopg2.connect(**self.server.dsn(dbname=database))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)

    def rows(self, database: str, query: str, *arguments: Any) -> list[Any]:
        """The rows of a query of ours."""
        with closing(psycopg2.connect(**self.server.dsn(dbname=database))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(query, arguments or None)
                return list(cursor.fetchall())

    def log(self, database: str) -> Iterator[dict[str, Any]]:
        """What the server's log says of this database since it was last asked."""
        path = Path(self.server.get_data_directory(), "log", "server.json")
        with path.open("rb") as file:
            file.seek(self._log_read)
            lines = file.read()
            self._log_read = file.tell()
        for line in lines.splitlines():
            entry = json.loads(line.decode("utf-8", "backslashreplace"))
            if entry.get("dbname") == database:
                yield entry


def run_file(cluster: Cluster, name: str, output: Path) -> Result:
    """Run a file three times and compare."""
    start = time.monotonic()
    result = Result(name)
    mirrored, refusals = _run_mirrored(cluster, result)
    plain = _run_plain(cluster, result, refusals)
    _compare(result, _script(cluster, name, TEMPLATE), mirrored, plain, output)
    _run_cloned(cluster, result)
    result.seconds = time.monotonic() - start
    return result


def _script(cluster: Cluster, name: str, schema: str) -> Path:
    """The file to run; changed where it would make a schema of its own."""
    file = cluster.suite / "sql" / f"{name}.sql"
    original = file.read_text("utf-8", "surrogateescape")
    text = _ended(original)
    for pattern, replacement in REWRITTEN.get(name, []):
        text = re.sub(pattern, replacement.format(schema=schema), text, flags=re.MULTILINE)
    if name in REWRITTEN:
        # What the schema has at the end is what is looked at.
        text = re.sub(
            rf"^DROP SCHEMA (IF EXISTS )?{schema} CASCADE;$",
            "",
            text,
            flags=re.MULTILINE | re.IGNORECASE,
        )
    if text == original:
        return file
    rewritten = cluster.results / "sql" / f"{name}.sql"
    rewritten.write_text(text, "utf-8", "surrogateescape")
    return rewritten


def _ended(text: str) -> str:
    """The text with an end of data behind each COPY FROM STDIN that is to fail and has none.

    Some versions of psql look for that end even so, and leave out all that stands before it.
    """
    lines = text.split("\n")
    ended = []
    for place, line in enumerate(lines):
        ended.append(line)
        if not re.search(r"^[^-].*\bfrom stdin\b.*(?<!\\);\s*(--.*)?$", line, re.IGNORECASE):
            continue
        for later in lines[place + 1 :]:
            if later == "\\.":
                break
            if re.search(r"[^;];\s*(--.*)?$", later):
                ended.append("\\.")
                break
    return "\n".join(ended)


def _run_mirrored(cluster: Cluster, result: Result) -> tuple[str, list[tuple[Any, ...]]]:
    database = cluster.copy("mirrored", TEMPLATE)
    try:
        text = cluster.psql(database, _script(cluster, result.name, TEMPLATE))
        refusals = _read_log(cluster, database, result)
        counted = cluster.rows(database, "SELECT count(*) FROM boardinghouse.change")
        result.changes = counted[0][0]
        result.problems += _end_state(cluster, database, result)
    finally:
        cluster.drop(database)
    return text, refusals


def _read_log(cluster: Cluster, database: str, result: Result) -> list[tuple[Any, ...]]:
    """What was refused, by the number of the event; and note what the watch has seen."""
    events: dict[int, int] = {}
    refusals = []
    seen = set()
    for entry in cluster.log(database):
        message, pid = entry.get("message", ""), entry["pid"]
        if message.startswith("conformance: event "):
            events[pid] = int(message.rpartition(" ")[2])
            result.events = max(result.events, events[pid])
        elif message.startswith("conformance: unlike "):
            found = json.loads(message.removeprefix("conformance: unlike "))
            query = found["query"].strip()
            facts = [
                fact
                for fact in found["facts"]
                if (found["tenant"], fact) not in seen
                and not known.is_expected(result.name, fact, at_end=False, query=query)
            ]
            seen.update((found["tenant"], fact) for fact in facts)
            if facts:
                result.problems.append(
                    f"{found['tenant']} unlike the template after {found['command']}:\n"
                    + "\n".join(f"    {fact}" for fact in facts)
                    + "\n  in: "
                    + query[:600].replace("\n", "\n      ")
                )
        elif entry["error_severity"] == "PANIC":
            result.problems.append(f"the server crashed: {message}")
        elif entry["error_severity"] in ("ERROR", "FATAL") and re.search(
            r"PL/pgSQL function boardinghouse\._on_(ddl|drop)\(\)", entry.get("context", "")
        ):
            detail = entry.get("detail", "")
            reason = known.refusal(
                result.name, entry["state_code"], message, detail, entry.get("hint", "")
            )
            if reason is None:
                result.problems.append(
                    f"failed: {entry['state_code']} {message}\n  {detail}\n  "
                    + entry.get("context", "")[:1500].replace("\n", "\n  ")
                )
            else:
                result.refused[reason] += 1
            refusals.append(
                (events[pid], entry["state_code"], message, detail, entry.get("hint", ""))
            )
    return refusals


def _end_state(cluster: Cluster, database: str, result: Result) -> list[str]:
    """What is wrong when all is done: with a tenant made now, those made before, what they need."""
    problems = []
    made = False
    queries = [
        ("verify", "SELECT concat_ws(' ', v.schema, v.problem, v.kind, v.object, v.here, v.there)"
                   " FROM boardinghouse.verify() AS v"),
        ("create_schema", "SELECT boardinghouse.create_schema('late')"),
        *((tenant, f"SELECT conformance.unlike('{tenant}', '{TEMPLATE}')")
          for tenant in (*TENANTS, "late")),
        ("leaks", "SELECT conformance.leaks(array_agg(s.schema::text) || '{__template__}'::text[])"
                  " FROM boardinghouse.schema AS s"),
    ]  # fmt: skip
    for what, query in queries:
        if what == "late" and not made:
            continue
        try:
            found = [row[0] for row in cluster.rows(database, query) if row[0]]
            made = made or what == "create_schema"
        except psycopg2.Error as error:
            found = [str(error)]
        found = [fact for fact in found if not known.is_expected(result.name, fact, at_end=True)]
        if found:
            problems.append(f"at the end: {what}:\n" + "\n".join(found))
    return problems


def _run_plain(cluster: Cluster, result: Result, refusals: list[tuple[Any, ...]]) -> str:
    database = cluster.copy("plain", TEMPLATE)
    try:
        with closing(psycopg2.connect(**cluster.server.dsn(dbname=database))) as connection:
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO conformance.refusal VALUES (%s, %s, %s, %s, %s)"
                    " ON CONFLICT DO NOTHING",
                    refusals,
                )
            connection.commit()
        return cluster.psql(database, _script(cluster, result.name, TEMPLATE))
    finally:
        cluster.drop(database)


def _compare(result: Result, script: Path, mirrored: str, plain: str, output: Path) -> None:
    """Note where the two outputs part, but for the hunks that are listed."""
    paths = [output / f"{result.name}.{what}.out" for what in ("plain", "mirrored")]
    for path, text in zip(paths, (plain, mirrored), strict=True):
        path.write_text(_normal(text))
    diff = subprocess.run(
        ["diff", "-U0", *map(str, paths)], check=False, capture_output=True, text=True
    ).stdout
    text = script.read_text("utf-8", "replace")
    found = known.differences(text, _normal(plain).split("\n"), diff)
    unlisted, listed, gone = known.sort_out(result.name, _normal(plain), found)
    result.listed = len(listed)
    result.unlisted = unlisted
    result.problems += [f"psql says otherwise:\n{one}" for one in unlisted]
    result.problems += [f"is listed, but does not differ:\n{sql}" for sql in gone]


def _normal(text: str) -> str:
    """The output without where in the event triggers' functions a refusal came from."""
    ours = r"PL/pgSQL function (?:boardinghouse\._on_(?:ddl|drop)|conformance\.count_event)\(\)"
    return re.sub(
        r"^CONTEXT:  (?:(?!^(?:ERROR|NOTICE|WARNING|INFO):  )[\s\S])*?"
        rf"{ours} line \d+ at \w+( statement)?\n",
        "",
        text,
        flags=re.MULTILINE,
    )


def _run_cloned(cluster: Cluster, result: Result) -> None:
    database = cluster.copy("cloned", SOURCE)
    try:
        cluster.psql(database, _script(cluster, result.name, SOURCE))
        left = "SELECT count(*) FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND"
        result.left = cluster.rows(database, f"{left} refobjid = '{SOURCE}'::regnamespace")[0][0]
        result.clone = _clone(cluster, database, result)
    finally:
        cluster.drop(database)


def _clone(cluster: Cluster, database: str, result: Result) -> str:
    """Clone the schema; `clean`, or what is not."""
    try:
        cluster.query(database, f"SELECT boardinghouse.clone_schema('{SOURCE}', '{TWIN}')")
    except psycopg2.Error as error:
        diagnostics = error.diag
        message, detail = diagnostics.message_primary or "", diagnostics.message_detail or ""
        hint = diagnostics.message_hint or ""
        reason = known.refusal(result.name, error.pgcode or "", message, detail, hint)
        if reason is not None:
            return f"refused: {reason}"
        result.problems.append(f"cloning failed: {error.pgcode} {error}")
        return "fails"
    unlike = [row[0] for row in cluster.rows(
        database, f"SELECT conformance.unlike('{TWIN}', '{SOURCE}')"
    )]  # fmt: skip
    unlike += [row[0] for row in cluster.rows(
        database, f"SELECT conformance.leaks(ARRAY['{TWIN}', '{SOURCE}'])"
    )]  # fmt: skip
    unlike = [fact for fact in unlike if not known.is_expected(result.name, fact, at_end=True)]
    dumps = []
    for schema in (SOURCE, TWIN):
        command = [str(cluster.server.bindir / "pg_dump"), "-s", "-n", schema, database]
        done = subprocess.run(command, check=False, capture_output=True, text=True,
                              env=cluster.server.environment)  # fmt: skip
        if done.returncode != 0:
            unlike.append(done.stderr)
        lines = done.stdout.replace(schema, SOURCE).splitlines()
        dumps.append(Counter(
            line for line in lines if not re.match(r"--|SET |SELECT pg_catalog|\\", line)
        ))  # fmt: skip
    unlike += _unlike_lines(*dumps)
    if unlike:
        result.problems.append("the clone:\n" + "\n".join(unlike))
    return f"{len(unlike)} differ" if unlike else "clean"


def _unlike_lines(source: Counter[str], twin: Counter[str]) -> list[str]:
    """The lines of only one of two dumps, but for what is written otherwise at the second reading.

    A view that PostgreSQL has read back from its own text has fewer parentheses, and true for TRUE.
    Whether pg_dump says DEFAULT NULL of a partition of a partition depends on which is older.
    """
    gone, more = source - twin, twin - source
    bare_gone = Counter(_bare(line) for line in gone.elements())
    bare_more = Counter(_bare(line) for line in more.elements())
    return [f"- {line}" for line in gone if _bare(line) in bare_gone - bare_more] + [
        f"+ {line}" for line in more if _bare(line) in bare_more - bare_gone
    ]


def _bare(line: str) -> str:
    return re.sub(r" DEFAULT NULL\b|[()\s]", "", line).lower()


def files(suite: Path, wanted: list[str]) -> list[str]:
    """The files to run, in the order of PostgreSQL's schedule."""
    scheduled = re.findall(r"^test: (.*)$", (suite / "parallel_schedule").read_text(), re.MULTILINE)
    names = [name for line in scheduled for name in line.split()]
    if wanted:
        missing = [name for name in wanted if not (suite / "sql" / f"{name}.sql").exists()]
        if missing:
            raise SystemExit(f"no such file in the suite: {' '.join(missing)}")
        return wanted
    return [name for name in names if name not in SKIPPED]


def main() -> int:
    """Run the files, print the table; whether all passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", metavar="FILE", help="some files of the suite")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument(
        "--update", action="store_true", help="list what psql says otherwise in known.toml"
    )
    options = parser.parse_args()
    version = int(os.environ.get("BOARDINGHOUSE_PG_VERSION") or 0) or find_server().version
    suite_version, suite = source.fetch(version, ROOT / "build" / "regress")
    names = files(suite, options.files)
    output = ROOT / "build" / f"conformance-{version}"
    output.mkdir(parents=True, exist_ok=True)
    print(f"PostgreSQL {version}, the regression tests of {suite_version}", flush=True)
    print(f"{'file':<24} {'changes':>8} {'refused':>8} {'differing':>9}  clone", flush=True)
    jobs = min(options.jobs, len(names))
    clusters: SimpleQueue[Cluster] = SimpleQueue()
    made = [Cluster(suite, version) for _ in range(jobs)]
    for cluster in made:
        clusters.put(cluster)

    def work(name: str) -> Result:
        cluster = clusters.get()
        try:
            return run_file(cluster, name, output)
        except Exception as error:
            cluster.recover()
            return Result(name, problems=[f"the run broke off: {error!r}"])
        finally:
            clusters.put(cluster)

    results = []
    try:
        with ThreadPoolExecutor(jobs) as pool:
            for result in pool.map(work, names):
                results.append(result)
                if options.update:
                    known.append(result.name, result.unlisted)
                _print_row(result, output)
    finally:
        for cluster in made:
            cluster.server.stop()
    return _print_summary(results, output)


def _print_row(result: Result, output: Path) -> None:
    (output / f"{result.name}.problems").write_text("\n\n".join(result.problems) + "\n")
    print(
        f"{result.name:<24} {result.changes:>8} {result.refused.total():>8}"
        f" {len(result.problems):>9}  {result.clone}  ({result.seconds:.0f} s)",
        flush=True,
    )


def _print_summary(results: list[Result], output: Path) -> int:
    refused: Counter[str] = Counter()
    for result in results:
        refused += result.refused
    for reason, count in refused.most_common():
        print(f"refused {count:>5}: {reason}")
    left = [result for result in results if result.left]
    clones = Counter(result.clone.partition(":")[0] for result in left)
    print(f"clones of what {len(left)} files leave: "
          + ", ".join(f"{count} {what}" for what, count in clones.most_common()))  # fmt: skip
    listed = sum(result.listed for result in results)
    print(f"listed hunks: {listed}; details in {output.relative_to(ROOT)}")
    failed = sum(1 for result in results if result.problems)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
