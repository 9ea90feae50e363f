"""Show URLs and messages without the secrets in them.

SQLAlchemy hides the password before the ``@``, but drivers take one from the query as well:
libpq ``password`` and ``sslpassword``, PyMySQL ``passwd``, ODBC's whole ``odbc_connect``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, unquote

import sqlalchemy as sa

HIDDEN = "***"
_SECRET_KEY = re.compile(r"pass|pwd|secret|token|credential|odbc_connect|(?:api|access)_?key", re.I)
_IN_URL = re.compile(r"(?P<before>://[^\s/@:]*:)(?P<secret>[^\s@]+)@")


def shown_url(url: sa.URL) -> str:
    """The URL for people: the password and every secret of the query as ``***``."""
    hidden = {key: HIDDEN for key in url.query if _SECRET_KEY.search(key)}
    if hidden:
        url = url.update_query_dict(hidden)
    return url.render_as_string(hide_password=True).replace(quote_plus(HIDDEN), HIDDEN)


def secrets_of(url: sa.URL | str) -> set[str]:
    """Every secret of a URL, as it is and as it may be written in one.

    :param url: a string may be a channel's, such as ``redis://:secret@host``.
    """
    if isinstance(url, str):
        found = {match["secret"] for match in _IN_URL.finditer(url)}
        found |= {value for key, value in _query(url) if _SECRET_KEY.search(key)}
    else:
        found = {str(url.password)} if url.password else set()
        for key, value in url.query.items():
            if _SECRET_KEY.search(key):
                found |= {value} if isinstance(value, str) else set(value)
    plain = found | {unquote(one) for one in found}
    return {text for one in plain for text in (one, quote(one, safe=""), quote_plus(one)) if text}


def _query(url: str) -> Iterator[tuple[str, str]]:
    for part in url.partition("?")[2].split("&"):
        key, _, value = part.partition("=")
        if value:
            yield key, value


def redacted(text: str, *urls: sa.URL | str | None) -> str:
    """A message, such as a driver's, with every secret of `urls` replaced by ``***``.

    Only whole words are: a password ``postgres`` must not make ``***ql`` of ``postgresql``.
    """
    secrets = sorted({s for url in urls if url for s in secrets_of(url)}, key=len, reverse=True)
    for secret in secrets:
        text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", HIDDEN, text)
    return text
