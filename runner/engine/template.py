"""Chat templates: a file's own Jinja text, rendered in a box with walls on all sides.

The rules are those under which templates are written (the ones of the transformers library):
messages, `bos_token`, `eos_token`, `add_generation_prompt`, `strftime_now`, `raise_exception`,
`tojson`, loop controls. A template is untrusted: the sandbox keeps it from our objects; a limit on
what it multiplies, on the system's memory and on time keeps it from hanging or filling the engine.
"""

import datetime as dt
import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import jinja2
import jinja2.ext
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from runner.engine.deadline import Deadline, DeadlinePassed
from runner.engine.memory_limit import MemoryLimit
from runner.engine.weights import WEIGH, Scales, WeighLists
from runner.errors import RunnerError
from runner.protocol.engine import Said

T = TypeVar("T")

MAX_TEMPLATE_BYTES = 256 * 1024
MAX_RENDERED_CHARACTERS = 8 * 1024 * 1024
DEADLINE_S = 2.0
MEMORY_BYTES = 256 * 1024 * 1024

_MAX_REPEATED = 1_000_000
_MAX_DIGITS_BITS = 4096

# Filters that search by patterns can take hours on a text made for it, and hold the interpreter
# meanwhile, so that no deadline reaches them; templates of models have no use for these.
_LEFT_OUT = ("urlize", "striptags", "wordwrap", "wordcount", "xmlattr", "pprint", "random")


class ChatTemplate:
    """A template that has been compiled.

    Args:
        text: the Jinja text.
        bos: text of the vocabulary's token that begins a text.
        eos: text of the token that ends one.

    Raises:
        RunnerError: `engine.template_too_long`, `engine.template_broken`, or what `render` raises,
            for compiling is done under the same limits.
    """

    def __init__(self, text: str, *, bos: str = "", eos: str = "") -> None:
        size = len(text.encode("utf-8", "replace"))
        if size > MAX_TEMPLATE_BYTES:
            raise RunnerError("engine.template_too_long", kb=size // 1024)
        self.text = text
        self._bos, self._eos = bos, eos
        environment = _environment()
        self._scales = environment.scales
        self._template = _within_limits(lambda: environment.from_string(text))

    def render(self, said: Sequence[Said], now: dt.datetime) -> str:
        """The conversation as the model gets it, up to where its answer begins.

        Args:
            said: the messages, oldest first.
            now: the time that the template is told, if it asks.

        Raises:
            RunnerError: `engine.template_refused` where the template itself objects,
                `engine.template_forbidden` where it reaches for what it must not have,
                `engine.template_too_slow`, `engine.template_too_big`, `engine.template_broken`.
        """
        whole = [{"role": message.role.value, "content": message.text} for message in said]
        asked = said[-1].text.strip() if said else ""
        try:
            rendered = self._rendered(whole, now)
        except RunnerError as error:
            if error.code != "engine.template_broken":
                raise
            in_parts = self._rendered_in_parts(said, now)
            if in_parts is None or asked not in in_parts:
                raise
            return in_parts
        if asked in rendered:
            return rendered
        # Those of models that see pictures read a message as a list of its parts, and pass over one
        # that is plain text: then nobody's words would reach the model.
        in_parts = self._rendered_in_parts(said, now)
        return in_parts if in_parts is not None and asked in in_parts else rendered

    def _rendered_in_parts(self, said: Sequence[Said], now: dt.datetime) -> str | None:
        messages = [
            {"role": one.role.value, "content": [{"type": "text", "text": one.text}]}
            for one in said
        ]
        try:
            return self._rendered(messages, now)
        except RunnerError:
            return None

    def _rendered(self, messages: Sequence[Mapping[str, object]], now: dt.datetime) -> str:
        def produce() -> str:
            self._scales.forget()
            pieces: list[str] = []
            length = 0
            for piece in self._template.generate(
                messages=messages,
                tools=None,
                documents=None,
                add_generation_prompt=True,
                bos_token=self._bos,
                eos_token=self._eos,
                strftime_now=now.strftime,
                raise_exception=_raise_exception,
            ):
                length += len(piece)
                if length > MAX_RENDERED_CHARACTERS:
                    raise RunnerError("engine.template_too_big", f"over {length} characters")
                pieces.append(piece)
            text = "".join(pieces)
            text.encode()  # of half a sign there are no tokens
            return text

        return _within_limits(produce)


class _RefusedError(Exception):
    """The template called `raise_exception`."""


class _Box(ImmutableSandboxedEnvironment):
    """A sandbox that also watches what is multiplied, raised to a power, and put into lists."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self, **options: Any) -> None:
        self.scales = Scales()
        super().__init__(**options)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "*":
            _check_product(left, right)
            for thing, times in ((left, right), (right, left)):
                if isinstance(times, int):
                    self.scales.product(thing, times)
        elif operator == "**" and not _is_small_power(left, right):
            raise SecurityError("a power is too large")
        value = super().call_binop(context, operator, left, right)
        return self.scales.joined(value, left, right) if operator == "+" else value

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        return self.scales.weighed(super().call(context, obj, *args, **kwargs))

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        weighed = WeighLists(self).visit(source)
        return super()._generate(weighed, name, filename, defer_init)


class _Generation(jinja2.ext.Extension):
    """Understands `{% generation %}`, which marks answers for training and prints what it holds."""

    tags = {"generation"}

    def parse(self, parser: Any) -> Any:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _environment() -> _Box:
    box = _Box(
        trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols, _Generation]
    )
    for name in _LEFT_OUT:
        box.filters.pop(name, None)
    box.filters["tojson"] = _tojson
    for name, work in box.filters.items():
        box.filters[name] = _weighing(work, box.scales)
    box.filters[WEIGH] = box.scales.weighed
    return box


def _weighing(work: Callable[..., Any], scales: Scales) -> Callable[..., Any]:
    """Returns a filter whose answer is weighed; Jinja's marks on it are kept."""

    @functools.wraps(work)
    def weighing(*args: Any, **kwargs: Any) -> Any:
        return scales.weighed(work(*args, **kwargs))

    return weighing


def _tojson(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | str | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    # Jinja's own escapes <, > and & for web pages; models were trained on plain JSON.
    if indent is not None and len(str(indent)) > 16:
        raise SecurityError("an indentation is too long")
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def _raise_exception(message: object) -> None:
    raise _RefusedError(str(message)[:500])


def _check_product(left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int):
        if left.bit_length() + right.bit_length() > _MAX_DIGITS_BITS:
            raise SecurityError("a number is too large")
        return
    for thing, times in ((left, right), (right, left)):
        if (
            isinstance(times, int)
            and hasattr(thing, "__len__")
            and len(thing) * times > _MAX_REPEATED
        ):
            raise SecurityError("a repetition is too long")


def _is_small_power(left: Any, right: Any) -> bool:
    if isinstance(left, int) and isinstance(right, int):
        return right <= 0 or left.bit_length() * right <= _MAX_DIGITS_BITS
    return True


def _within_limits(work: Callable[[], T]) -> T:
    """Does untrusted work under a deadline and a memory limit, and names what stopped it."""
    try:
        with MemoryLimit(MEMORY_BYTES), Deadline(DEADLINE_S):
            return work()
    except _RefusedError as refusal:
        raise RunnerError("engine.template_refused", str(refusal)) from None
    except SecurityError as error:
        raise RunnerError("engine.template_forbidden", _short(error)) from None
    except DeadlinePassed:
        raise RunnerError("engine.template_too_slow", seconds=DEADLINE_S) from None
    except (MemoryError, OverflowError) as error:
        raise RunnerError("engine.template_too_big", _short(error)) from None
    except RunnerError:
        raise
    except RecursionError as error:
        raise RunnerError("engine.template_too_big", _short(error)) from None
    except Exception as error:  # noqa: BLE001 - a template may raise anything that Python knows
        raise RunnerError("engine.template_broken", _short(error)) from None


def _short(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]
