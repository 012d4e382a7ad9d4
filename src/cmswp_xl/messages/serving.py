"""What IT is told about the server: why it does not start, and what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


LICENCE = N_(
    "xlwings-server and the server parts of xlwings are under the PolyForm Noncommercial licence,"
    " not under the licence of cmswp-xl; they need a licence key."
)

SERVING: Mapping[str, tuple[str, ...]] = {
    "server-extra-missing": (
        N_("The parts that a server needs are not installed."),
        N_("Install them with: {install}"),
    ),
    "server-licence-missing": (
        LICENCE,
        N_("Noncommercial users may set XLWINGS_LICENSE_KEY=noncommercial in the environment."),
        N_("All others need a key of their own, set in the same place; see xlwings.org."),
    ),
    "server-licence-invalid": (
        N_("The licence key in XLWINGS_LICENSE_KEY is not one that xlwings accepts."),
        LICENCE,
    ),
    "server-no-provider": (
        N_("Nobody would have to sign in, so the server was not started."),
        N_(
            "Give the users in a file with --tokens, or set up Microsoft Entra ID; see"
            " docs/server.md."
        ),
        N_("To try it on this computer alone, give --local."),
    ),
    "server-provider-unknown": (
        N_("XLWINGS_AUTH_PROVIDERS names a way to sign in that is not served: {name}."),
        N_("It takes entraid; a file of tokens is given with --tokens."),
    ),
    "server-two-providers": (
        N_("Both a file of tokens and another way to sign in are given."),
        N_("Leave out --tokens, or take XLWINGS_AUTH_PROVIDERS out of the environment."),
    ),
    "server-entraid-incomplete": (
        N_("Microsoft Entra ID is not fully set up: {name} is missing from the environment."),
        N_("Set it to the value shown in the app registration."),
    ),
    "server-multitenant": (
        N_("Users of other organisations would be let in, so the server was not started."),
        N_("Take XLWINGS_AUTH_ENTRAID_MULTITENANT out of the environment."),
    ),
    "server-setting-unreadable": (
        N_("The environment variable {name} is not a list in JSON."),
        N_('Write it with square brackets and quotation marks, such as ["entraid"].'),
    ),
    "server-local-host": (
        N_("--local serves this computer only, and not {host}."),
        N_("Leave out --host, or leave out --local and let users sign in."),
    ),
    "server-hostname-missing": (
        N_("It is not known under which name Excel reaches this server."),
        N_("Give it with --hostname, such as cmswp.example.org."),
    ),
    "server-hostname-odd": (
        N_("{name} is not the name of a server."),
        N_("Give only the name, with the port if it is not 443, such as cmswp.example.org."),
    ),
    "server-origin-odd": (
        N_("{origin} is not an origin: one exact https address without a path."),
        N_("Give it as https://name, without a star."),
    ),
    "server-tls-pair": (
        N_("A certificate and its key belong together."),
        N_("Give both --certificate and --key, or neither."),
    ),
    "server-file-missing": (
        N_("The file {path} cannot be read: {detail}."),
        N_("Check its name, and that this user may read it."),
    ),
    "server-port-taken": (
        N_("The server cannot listen on {host}, port {port}: {detail}."),
        N_("Give another one with --port, or stop the program that holds it."),
    ),
    "server-open": (
        N_("The server lets in a token that everybody knows, so it was not started."),
        N_("Take the token test-token out of the file of tokens."),
    ),
    "tokens-exposed": (
        N_("Everybody on this computer may read the file of tokens {path}."),
        N_("Let only the server's own user read it: chmod 600."),
    ),
    "tokens-malformed": (
        N_("Line {line} of the file of tokens {path} is not a name and the SHA-256 of a token."),
        N_(
            "Each line holds a name, 64 hexadecimal digits and, if wanted, roles: anna 5e88…"
            " finance"
        ),
    ),
    "tokens-twice": (
        N_("Line {line} of the file of tokens {path} repeats a name or a token."),
        N_("Give each user one line and a token of their own."),
    ),
    "tokens-none": (
        N_("The file of tokens {path} names no user."),
        N_("Add a line for each user; see docs/server.md."),
    ),
}
"""The lines by reason, three at most."""

NOTICES: Mapping[str, str] = {
    "licence": LICENCE,
    "started": N_("Serving on {url}; stop with Ctrl+C."),
    "manifest": N_("Manifest for Excel: {url}"),
    "local": N_("Only this computer can reach it, and nobody has to sign in."),
    "no-tls": N_(
        "Without --certificate and --key, Excel needs a reverse proxy with TLS in front of this"
        " server."
    ),
    "exposed": N_(
        "It listens beyond this computer without TLS: let only the reverse proxy reach it."
    ),
    "no-roles": N_(
        "No role is required (XLWINGS_AUTH_REQUIRED_ROLES): every user who signs in is let in."
    ),
    "no-temp": N_(
        "Nothing is kept: books and documents are held in memory while they are needed."
    ),
}
"""What is told when the server starts."""
