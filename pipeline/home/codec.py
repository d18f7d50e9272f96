"""Values of the model in, plain JSON out, and back again: no pickle, dates and Decimals and tuples kept as they were."""

from __future__ import annotations

import collections.abc
import dataclasses
import functools
import types
import typing
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Coder = Callable[[Any], Any]
PLAIN = frozenset({str, int, bool, float, type(None)})
BOXES: dict[str, Coder] = {"d": date.fromisoformat, "n": Decimal, "t": datetime.fromisoformat}


def encode(value: Any) -> Any:
    """JSON of a dataclass value; fields at their default are left out."""
    kind: Any = type(value)
    return _coders(kind)[0](value)


def decode(kind: Any, data: Any) -> Any:
    """The value of that dataclass again; `data` is used up. Raises KeyError, TypeError or ValueError when it is something else."""
    return _coders(kind)[1](data)


@functools.cache
def _coders(kind: Any) -> tuple[Coder, Coder]:
    """Encoder and decoder of a dataclass, compiled once from its fields' annotations."""
    hints = typing.get_type_hints(kind)
    names = [f.name for f in dataclasses.fields(kind)]
    defaults = {f.name: f.default for f in dataclasses.fields(kind)}
    pairs = {name: _pair(hints[name]) for name in names}
    encoders = [(name, pairs[name][0], defaults[name]) for name in names]
    decoders = [(name, pair[1]) for name, pair in pairs.items() if pair[1]]

    def enc(value: Any) -> dict[str, Any]:
        out = {}
        for name, coder, default in encoders:
            item = getattr(value, name)
            if item is not default and item != default:
                out[name] = coder(item) if coder else item
        return out

    def dec(data: dict[str, Any]) -> Any:
        for name, coder in decoders:
            if name in data:
                data[name] = coder(data[name])
        return kind(**data)

    return enc, dec


def _pair(hint: Any) -> tuple[Coder | None, Coder | None]:
    """Encoder and decoder for one annotation; None where JSON keeps the value as it is."""
    if hint in PLAIN:
        return None, None
    if hint in SINGLE:
        return SINGLE[hint]
    if dataclasses.is_dataclass(hint):
        made: tuple[Coder, Coder] = _coders(typing.cast(Any, hint))
        return made
    return _container(typing.get_origin(hint), typing.get_args(hint))


def _container(origin: Any, args: tuple[Any, ...]) -> tuple[Coder | None, Coder | None]:
    if origin in {typing.Union, types.UnionType}:
        return _optional(_pair(next(a for a in args if a is not type(None))))
    pairs = [_pair(a) for a in args if a is not Ellipsis]
    if origin in {collections.abc.Mapping, dict}:
        return _mapping(args[0] is str, *pairs)
    if origin not in {tuple, frozenset}:
        raise TypeError(f"no code for {origin}")
    alike = all(pair == pairs[0] for pair in pairs)
    return _many(origin, pairs[0]) if alike else _each(pairs)


def _optional(pair: tuple[Coder | None, Coder | None]) -> tuple[Coder | None, Coder | None]:
    enc, dec = pair
    return (enc and (lambda v: None if v is None else enc(v))), (dec and (lambda v: None if v is None else dec(v)))


def _many(kind: Any, pair: tuple[Coder | None, Coder | None]) -> tuple[Coder, Coder]:
    enc, dec = pair
    order = sorted if kind is frozenset else list
    return (
        (lambda v: [enc(i) for i in v] if enc else order(v)),
        (lambda v: kind([dec(i) for i in v] if dec else v)),
    )


def _each(pairs: list[tuple[Coder | None, Coder | None]]) -> tuple[Coder, Coder]:
    return (
        (lambda v: [enc(i) if enc else i for (enc, _), i in zip(pairs, v, strict=True)]),
        (lambda v: tuple(dec(i) if dec else i for (_, dec), i in zip(pairs, v, strict=True))),
    )


def _mapping(
    text: bool, key: tuple[Coder | None, Coder | None], value: tuple[Coder | None, Coder | None]
) -> tuple[Coder, Coder]:
    """Text keys make a JSON object; others a list of pairs."""
    if not text:
        enc_all, dec_all = _many(tuple, _each([key, value]))
        return (lambda v: enc_all(v.items())), (lambda v: dict(dec_all(v)))
    enc, dec = value
    if enc is _loose:  # the cells of a row: most are text
        return (
            (lambda v: {k: i if type(i) in PLAIN else _loose(i) for k, i in v.items()}),
            (lambda v: {k: i if type(i) in PLAIN else _tight(i) for k, i in v.items()}),
        )
    return (
        (lambda v: {k: enc(i) for k, i in v.items()} if enc else dict(v)),
        (lambda v: {k: dec(i) for k, i in v.items()} if dec else v),
    )


def _loose(value: Any) -> Any:
    """A typed cell value: text, whole number, truth and blank as they are; the others in a marked box."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is date:
        return {"d": value.isoformat()}
    if kind is Decimal:
        return {"n": str(value)}
    if kind is datetime:
        return {"t": value.isoformat()}
    if kind is tuple:
        return [_loose(item) for item in value]
    raise TypeError(f"no code for {kind.__name__}")


def _tight(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        ((mark, text),) = value.items()
        return BOXES[mark](text)
    return tuple(_tight(item) for item in value) if kind is list else value


SINGLE: dict[Any, tuple[Coder, Coder]] = {
    Any: (_loose, _tight),
    date: (date.isoformat, date.fromisoformat),
    datetime: (datetime.isoformat, datetime.fromisoformat),
    Decimal: (str, Decimal),
}
