"""
Help and usage errors in the language of the user.

It is that of `--lang`, wherever it stands on the command line, or of the variable CMSWP_LANG. Help
is written here rather than by click, so that every text of it comes from the catalogues.
"""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Iterator, Sequence
from functools import partial

import click
from click.core import ParameterSource

from cmswp_xl.errors import CmswpError, Misuse
from cmswp_xl.languages import Language, Words

VARIABLE = "CMSWP_LANG"
_LANGUAGES = [language.value for language in Language]
_EXAMPLE = "Example: "
_PLACE = re.compile(r"[A-Z]{2,}")
"""A word in capitals, which stands for a value: WORKBOOK."""


def spoken_language(arguments: Sequence[str]) -> Language:
    """Return the only language that arguments ask for, else that of CMSWP_LANG, or English."""
    asked = set()
    for place, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == "--":
            break
        if name == "--lang":
            asked.add(value if equals else "".join(arguments[place + 1 : place + 2]))
    wanted = asked.pop() if len(asked) == 1 else ""
    for code in (wanted, usual_language()):
        if code in _LANGUAGES:
            return Language(code)
    return Language.EN


def usual_language() -> str:
    """Return the language that the environment gives, which may be none that there is."""
    return os.environ.get(VARIABLE) or "en"


def words(ctx: click.Context | None) -> Words:
    """Return the words in which the program speaks."""
    return (ctx.find_object(Words) if ctx else None) or Words(Language.EN)


def shown_texts(command: click.Command, ctx: click.Context) -> Iterator[str]:
    """Yield the English texts of a command's help, for the catalogues."""
    yield from (text for text in _paragraphs(command) if not text.startswith(_EXAMPLE))
    yield from _PLACE.findall(" ".join(command.collect_usage_pieces(ctx)))
    for param in command.get_params(ctx):
        if isinstance(param, click.Option):
            names, meaning = param.get_help_record(ctx) or ("", "")
            yield from _PLACE.findall(names)
            yield from filter(None, [param.help or meaning])


def described(command: click.Command, say: Words) -> list[str]:
    """Return the paragraphs of a command's help; the last may be its example."""
    return [
        say("Example: {command}", command=text.removeprefix(_EXAMPLE))
        if text.startswith(_EXAMPLE)
        else say(text)
        for text in _paragraphs(command)
    ]


def usage(command: click.Command, ctx: click.Context, say: Words) -> str:
    """Return how a command is called, without its name."""
    return _PLACE.sub(lambda match: say(match[0]), " ".join(command.collect_usage_pieces(ctx)))


def _paragraphs(command: click.Command) -> list[str]:
    texts = inspect.cleandoc(command.help or "").split("\n\n")
    return [" ".join(text.split()) for text in texts if text]


def _meaning(option: click.Option, say: Words) -> str:
    """Return what an option is for, with its default or that it is required."""
    meaning = say(str(option.help))
    if option.required:
        return say("{meaning} [required]", meaning=meaning)
    value = option.default if option.show_default is True else option.show_default
    return say("{meaning} [default: {value}]", meaning=meaning, value=value) if value else meaning


class Spoken(click.Command):
    """A command whose help is in the language of the user, as are errors in its use."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; raises `Misuse` where there are more than the command takes."""
        surplus = ctx.allow_extra_args
        ctx.allow_extra_args = True
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise
        if rest and not surplus and not ctx.resilient_parsing:
            raise Misuse("usage-surplus", given=" ".join(rest), call=ctx.command_path)
        return rest

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the first line."""
        say = words(ctx)
        formatter.write_usage(ctx.command_path, usage(self, ctx, say), say("Usage:") + " ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text("\n\n".join(described(self, words(ctx))))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        say = words(ctx)
        rows = []
        for param in self.get_params(ctx):
            if isinstance(param, click.Option):
                names, _ = param.get_help_record(ctx) or ("", "")
                rows.append((_PLACE.sub(lambda match: say(match[0]), names), _meaning(param, say)))
        _write_list(formatter, say("Options:"), rows)


class SpokenGroup(Spoken, click.Group):
    """Such a command with others below it, for which a language before their name counts."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and the commands with what they do."""
        super().format_options(ctx, formatter)
        say = words(ctx)
        rows = [(name, described(command, say)[0]) for name, command in self.commands.items()]
        _write_list(formatter, say("Commands:"), sorted(rows))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; raises `Misuse` where there is none of the name."""
        if args[0] not in self.commands:
            raise _unknown("usage-command", args[0], list(self.commands), ctx.command_path)
        return super().resolve_command(ctx, args)


def _write_list(
    formatter: click.HelpFormatter, heading: str, rows: Sequence[tuple[str, str]]
) -> None:
    formatter.write_paragraph()
    formatter.write(f"{heading}\n")
    with formatter.indentation():
        formatter.write_dl(rows)


def _hand_on(ctx: click.Context, _param: click.Parameter, language: str | None) -> None:
    """Let a language that was given before the name of a command be that of the command."""
    if language and isinstance(ctx.command, click.Group):
        given = {"language": language, "languages": [language]}
        ctx.default_map = dict.fromkeys(ctx.command.commands, given)


message_language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(_LANGUAGES),
    expose_value=False,
    callback=_hand_on,
    help="Language of help and messages.",
)
language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(_LANGUAGES),
    default=usual_language,
    show_default="en",
    help="Language of the output.",
)
"""A command with an option for its language gets `say`, the words in it."""


def misuse(error: click.UsageError) -> CmswpError:
    """Return an error that click found in the use of a command, as one of the program's own."""
    call = error.ctx.command_path if error.ctx else "cmswp"
    of = partial(Misuse, call=call)
    if isinstance(error, click.NoSuchOption):
        return _unknown("usage-option", error.option_name, error.possibilities or (), call)
    if isinstance(error, click.BadOptionUsage):
        params = error.ctx.command.params if error.ctx else ()
        flags = {
            name for param in params if getattr(param, "is_flag", False) for name in param.opts
        }
        kind = "usage-no-value" if error.option_name in flags else "usage-value"
        return of(kind, given=error.option_name)
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _bad_value(error, error.param, call)
    if error.ctx and isinstance(error.ctx.command, click.Group):
        return of("usage-incomplete")
    return of("usage-other", detail=error.format_message())


def _unknown(kind: str, given: str, known: Sequence[str], call: str) -> CmswpError:
    from difflib import get_close_matches

    near = get_close_matches(given, known, 1)
    if near:
        return Misuse(f"{kind}-near", given=given, near=near[0], call=call)
    return Misuse(kind, given=given, call=call)


def _bad_value(error: click.BadParameter, param: click.Parameter, call: str) -> CmswpError:
    """Return what a parameter lacks, or takes."""
    argument, kind = isinstance(param, click.Argument), param.type
    given = words(error.ctx)(param.human_readable_name) if argument else param.opts[-1]
    if isinstance(error, click.MissingParameter):
        reason = "usage-argument" if argument else "usage-required"
        return Misuse(reason, given=given, call=call)
    source = error.ctx.get_parameter_source(param.name) if error.ctx and param.name else None
    if source is ParameterSource.DEFAULT:  # which is wrong only where the environment gives it
        given = VARIABLE
    if isinstance(kind, click.Choice):
        return Misuse("usage-choice", given=given, known=tuple(kind.choices), call=call)
    if isinstance(kind, click.IntRange):
        return Misuse("usage-range", given=given, first=kind.min, last=kind.max, call=call)
    if isinstance(kind, click.DateTime):
        return Misuse("usage-date", given=given, call=call)
    return Misuse("usage-other", detail=error.message, call=call)
