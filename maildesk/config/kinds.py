"""The types of the options: what pydantic calls for each value, and how an option is declared.

Every option is `name: Type = option(default, "one sentence")`, a key that must be there is `needed("sentence",
example)`. Defaults stand as they would stand in the file, so that the example file can print them. Booleans and whole
numbers are strict: TOML has both, and "yes" or 1.0 is a mistake.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, Strict

from maildesk.config import hours, places, values

Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict(), Field(ge=0)]
Count = Annotated[int, Strict(), Field(ge=1)]
Port = Annotated[int, Strict(), Field(ge=1, le=65535)]
Text = Annotated[str, Strict()]
SomeText = Annotated[str, Strict(), Field(min_length=1)]
Texts = tuple[Text, ...]
Name = Annotated[str, BeforeValidator(values.name)]
Prefix = Annotated[str, PlainValidator(values.prefix)]
Language = Annotated[str, PlainValidator(values.language)]
Zone = Annotated[str, PlainValidator(values.time_zone)]
Duration = Annotated[timedelta, PlainValidator(values.duration)]
SomeDuration = Annotated[timedelta, PlainValidator(values.some_duration)]
Keeping = Annotated[timedelta | None, PlainValidator(values.keeping)]
SpanOf = Annotated[values.Span, PlainValidator(values.span)]
Size = Annotated[int, PlainValidator(values.size)]
RateOf = Annotated[values.Rate, PlainValidator(values.rate)]
MailAddress = Annotated[str, PlainValidator(values.address)]
MailAddressOrNone = Annotated[str, PlainValidator(values.address_or_none)]
AddressOrDomain = Annotated[str, PlainValidator(values.address_or_domain)]
Domain = Annotated[str, PlainValidator(values.domain)]
DomainOrNone = Annotated[str, PlainValidator(values.domain_or_none)]
Day = Annotated[date, PlainValidator(values.day)]
Moment = Annotated[datetime, PlainValidator(values.moment)]
Since = Annotated[date | str, PlainValidator(values.since)]
Pattern = Annotated[str, PlainValidator(values.pattern)]
HeaderLine = Annotated[str, PlainValidator(values.header_line)]
SeverityNumber = Annotated[int, PlainValidator(values.severity)]
SeverityKey = Annotated[int, BeforeValidator(values.severity)]
Hours = Annotated[hours.Week | None, PlainValidator(hours.week)]
OpenDay = Annotated[hours.OpenDay, PlainValidator(hours.open_day)]
WeekTime = Annotated[hours.WeekTime, PlainValidator(hours.week_time)]
FilePath = Annotated[Path, PlainValidator(places.path)]
FilePathOrNone = Annotated[Path | None, PlainValidator(places.path_or_none)]
Host = Annotated[str, PlainValidator(places.host)]
HostAndPort = Annotated[str, PlainValidator(places.host_and_port)]
Listening = Annotated[str, PlainValidator(places.listening)]
SocketMode = Annotated[int, PlainValidator(places.socket_mode)]
Peer = Annotated[places.Network, PlainValidator(places.network)]
StoreUrl = Annotated[str, PlainValidator(places.store_url)]


class Options(BaseModel):
    """One table of the file. What validates it is made at need: a process that is handed a `Config` has none."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, defer_build=True)


def option(default: Any, sentence: str, *, example: Any = None, alias: str | None = None) -> Any:
    """A key with a default, given as it would stand in the file."""
    examples = None if example is None else [example]
    return Field(default=default, description=sentence, examples=examples, alias=alias)


def needed(sentence: str, example: Any, *, alias: str | None = None) -> Any:
    """A key that has no default."""
    return Field(description=sentence, examples=[example], alias=alias)
