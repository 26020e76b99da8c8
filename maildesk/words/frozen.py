"""`frozen`: what makes a class a word. To readers, type checkers, `replace` and `match` it is a frozen dataclass.

Used instead of `dataclass(frozen=True, slots=True)`, which writes and compiles six functions for each class: for our
two hundred classes that was half of the time until the desk stood. Here one is compiled, for `__init__` alone must know
the names of the fields; the others are the same for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    cls.__doc__ = cls.__doc__ or cls.__name__  # or dataclass would find out the signature, to write it there
    for name, method in _METHODS.items():
        setattr(cls, name, method)
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    made.__init__ = _init(made)
    return made  # type: ignore[no-any-return]


def _init(cls: Any) -> Callable[..., None]:
    """It fills the slots by their descriptors, for `__setattr__` refuses."""
    names: dict[str, object] = {"MISSING": MISSING}
    lines = [f"def __init__({', '.join(('self', *cls.__match_args__))}):", " pass"]
    defaults: list[object] = []
    for each in fields(cls):
        name = each.name
        names[f"put_{name}"], names[f"new_{name}"] = getattr(cls, name).__set__, each.default_factory
        new = each.default_factory is not MISSING
        lines.append(f" put_{name}(self, {f'new_{name}() if {name} is MISSING else ' if new else ''}{name})")
        if new or each.default is not MISSING:
            defaults.append(each.default)
        elif defaults:
            raise TypeError(f"{cls.__qualname__}.{name} stands behind a field with a default and has none")
    exec("\n".join(lines), names)  # noqa: S102 - of the names that a class of ours gives its fields
    init: Any = names["__init__"]
    init.__defaults__ = tuple(defaults)
    init.__qualname__ = f"{cls.__qualname__}.__init__"  # so an error about its arguments tells whose
    return init  # type: ignore[no-any-return]


def _values(self: Any) -> tuple[object, ...]:
    return tuple([getattr(self, name) for name in self.__match_args__])


def _equal(self: object, other: object) -> bool:
    return _values(self) == _values(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: object) -> int:
    return hash(_values(self))


def _repr(self: Any) -> str:
    told = ", ".join([f"{name}={getattr(self, name)!r}" for name in self.__match_args__])
    return f"{self.__class__.__qualname__}({told})"


def _reduce(self: object) -> tuple[type, tuple[object, ...]]:
    return self.__class__, _values(self)


def _refuse(_self: object, name: str, *_value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot change {name!r}")


_METHODS: dict[str, Callable[..., object]] = {
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _repr,
    "__reduce__": _reduce,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
}
