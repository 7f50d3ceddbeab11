"""Where one SQL statement ends and the next begins; what they are is for the server to say."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""
    --[^\n]*
    | /\*
    | \b[eE]'(?: [^'\\] | '' | \\. )*'
    | '(?: [^'] | '' )*'
    | "(?: [^"] | "" )*"
    | \$(?P<tag> [^\W\d]\w* | )\$ .*? \$(?P=tag)\$
    | (?P<word> [^\W\d][\w$]* )
    | \d[\w$.]*
    | [;()]
    """,
    re.VERBOSE | re.DOTALL,
)
_END_OF_TRANSACTION = re.compile(
    r"""
    (?> \s+ | --[^\n]* | /\*.*?\*/ )*+
    (?: COMMIT | END | ABORT | PREPARE \s+ TRANSACTION
      | ROLLBACK (?! \s+ (?: (?: WORK | TRANSACTION ) \s+ )? TO \b ) ) \b
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


def split(script: str) -> list[str]:
    """Return the statements of a script, without those that hold nothing but comments.

    Knows strings, quoted names, dollar quotes, nested comments, parentheses, and the bodies of
    routines that are written `BEGIN ATOMIC ... END`.
    """
    statements: list[str] = []
    start = position = 0
    depth = blocks = 0
    is_empty = True
    last_word = ""
    while match := _TOKEN.search(script, position):
        if script[position : match.start()].strip():
            is_empty = False
        position = match.end()
        token = match[0]
        if token == "/*":  # noqa: S105
            position = _end_of_comment(script, position)
            continue
        if token.startswith("--"):
            continue
        if token == ";" and not depth and not blocks:  # noqa: S105
            if not is_empty:
                statements.append(script[start : match.start()].strip())
            start, is_empty, last_word = position, True, ""
            continue
        is_empty = False
        depth = max(0, depth + (token == "(") - (token == ")"))  # noqa: S105
        word = (match["word"] or "").upper()
        if (word == "ATOMIC" and last_word == "BEGIN") or (word == "CASE" and blocks):
            blocks += 1
        elif word == "END" and blocks:
            blocks -= 1
        last_word = word or last_word
    rest = script[start:].strip()
    if rest and not (is_empty and not script[position:].strip()):
        statements.append(rest)
    return statements


def names_in(statement: str) -> set[str]:
    """Return the words of a statement and its quoted names, as the server would look them up."""
    found = set()
    position = 0
    while match := _TOKEN.search(statement, position):
        position = match.end()
        if match[0] == "/*":
            position = _end_of_comment(statement, position)
        elif match["word"]:
            found.add(match[0].lower())
        elif match[0].startswith('"'):
            found.add(match[0][1:-1].replace('""', '"'))
    return found


def ends_transaction(statement: str) -> bool:
    """Return whether a statement commits the transaction that is open, or rolls it back.

    This cannot be left to the server: when it says so, it is done.
    """
    return _END_OF_TRANSACTION.match(statement) is not None


def _end_of_comment(script: str, position: int) -> int:
    """Return where a comment ends that has begun before `position`; comments may be nested."""
    level = 1
    while level and (match := _COMMENT_EDGE.search(script, position)):
        level += 1 if match[0] == "/*" else -1
        position = match.end()
    return position if not level else len(script)
