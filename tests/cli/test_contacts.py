"""`contact`, `organisation` and `agent` on the command line."""

from __future__ import annotations

import os
import pwd

import pytest

from tests.builders import CAROL, mail
from tests.cli.conftest import Call

CAROL_JSON = {
    "organisation": "Acme",
    "name": "Carol Jones",
    "addresses": ["carol@acme.example", "carol.jones@acme.example"],
    "language": "",
    "time_zone": "",
}
BOB_JSON = CAROL_JSON | {
    "name": "Bob Brown",
    "addresses": ["bob@acme.example"],
    "language": "de",
    "time_zone": "Europe/Berlin",
}


def names(maildesk: Call, *words: str) -> list[str]:
    return [row["name"] for row in maildesk("contact", "list", "--json", *words).json]


def test_contacts_are_listed_of_all_organisations_or_of_one(maildesk: Call) -> None:
    assert maildesk("contact", "list", "Acme", "--json").json == [BOB_JSON, CAROL_JSON]
    assert names(maildesk) == ["Bob Brown", "Carol Jones", "Gil Glow"]
    lines = maildesk("contact", "list").out.splitlines()
    assert lines[0].split()[:3] == ["ORGANISATION", "NAME", "ADDRESSES"]
    assert "carol@acme.example, carol.jones@acme.example" in lines[2]


def test_a_contact_is_added_and_may_ask_at_once(maildesk: Call) -> None:
    ended = maildesk("contact", "add", "Globex", "Greta Glow", "greta@globex.example")
    assert (ended.code, ended.out) == (0, "Greta Glow is a contact of Globex\n")
    assert names(maildesk, "Globex") == ["Gil Glow", "Greta Glow"]
    maildesk("deliver", mail=mail("Greta <greta@globex.example>"))
    assert maildesk("ledger", "--json").json[0]["outcome"] == "ticket"


def test_what_the_allotment_forbids_is_refused_with_the_command_that_helps(maildesk: Call) -> None:
    ended = maildesk("contact", "add", "Acme", "Ted Tester", "ted@acme.example")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("maildesk: Acme has 2 of 2 contacts of plan standard (")
    assert ended.err.endswith("; swap one: maildesk contact swap OLD-ADDRESS 'Ted Tester' ted@acme.example\n")
    done = maildesk("contact", "swap", "bob@acme.example", "Ted Tester", "ted@acme.example")
    assert (done.code, done.out) == (0, "Ted Tester has taken the place of bob@acme.example\n")
    assert names(maildesk, "Acme") == ["Carol Jones", "Ted Tester"]


def test_a_contact_is_removed_and_his_tickets_stay(maildesk: Call) -> None:
    maildesk("deliver", mail=mail(CAROL))
    ended = maildesk("contact", "remove", "carol.jones@acme.example")
    assert (ended.code, ended.out) == (0, "Carol Jones is no contact of Acme any more\n")
    [ticket] = maildesk("ticket", "list", "--json").json
    assert (ticket["requester"], ticket["organisation"]) == ("carol@acme.example", "Acme")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("contact", "list", "Acmee"), 1, 'there is no organisation "Acmee"; did you mean Acme?'),
        (("organisation", "show", "acme"), 1, 'there is no organisation "acme"; did you mean Acme?'),
        (("contact", "remove", "dave@acme.example"), 1, "there is no contact with the address dave@acme.example; "),
        (("contact", "swap", "x@y.example", "Ted", "ted@acme.example"), 1, "there is no contact with the address"),
        (("contact", "add", "Acme"), 2, "missing argument 'NAME'; see: maildesk contact add --help"),
        (("agent", "remove", "bob@acme.example"), 1, "is no agent's, it is held by Bob Brown of Acme"),
        (("agent", "add", "Ada", "ada@example.com", "--queue", "sails"), 1, 'no queue "sails"; did you mean sales?'),
        (("agent", "add", "Ada", "ada@example.com", "--level", "0"), 1, "level: 0 is no level; write a number from 1"),
        (("agent", "add", "Ada", "ada@example.com", "--role", "boss"), 2, "'boss' is not one of"),
    ],
)
def test_what_is_wrong_is_one_sentence(maildesk: Call, words: tuple[str, ...], code: int, told: str) -> None:
    ended = maildesk(*words)
    assert (ended.code, ended.out, ended.err.count("\n")) == (code, "", 1)
    assert told in ended.err


def test_an_organisation_is_shown_in_the_contracts_form(maildesk: Call) -> None:
    shown = maildesk("organisation", "show", "Acme", "--json").json
    assert shown == {
        "name": "Acme",
        "domains": ["acme.example"],
        "plan": "standard",
        "active": True,
        "until": None,
        "account_manager": None,
        "balance": None,
        "contacts": [BOB_JSON, CAROL_JSON],
    }
    assert [each["name"] for each in maildesk("organisation", "list", "--json").json] == ["Acme", "Globex"]


def test_organisations_are_told_with_their_numbers(maildesk: Call) -> None:
    lines = maildesk("organisation", "list").out.splitlines()
    assert lines[1].split() == ["Acme", "standard", "yes", "2", "of", "2", "acme.example"]
    told = maildesk("organisation", "show", "Acme").out
    assert "plan     standard\n" in told
    assert "contact  Carol Jones <carol@acme.example, carol.jones@acme.example>\n" in told


def test_agents_come_and_go(maildesk: Call) -> None:
    added = maildesk("agent", "add", "Ada Agent", "ada@example.com", "--level", "2", "--queue", "sales")
    assert (added.code, added.out) == (0, "Ada Agent is an agent\n")
    assert maildesk("agent", "list", "--json").json[0] == {
        "name": "Ada Agent",
        "addresses": ["ada@example.com"],
        "level": 2,
        "role": "agent",
        "queues": ["sales"],
        "calendar": "",
        "notices": "single",
        "away": None,
        "deputy": None,
    }
    assert maildesk("agent", "remove", "ada@example.com").out == "Ada Agent is no agent any more\n"
    assert "Ada" not in maildesk("agent", "list").out


def test_an_agent_who_goes_leaves_his_tickets_without_an_owner_and_the_user_is_named(maildesk: Call) -> None:
    maildesk("deliver", mail=mail(CAROL))
    key = "Alice Agent <alice@example.com>"
    reference = maildesk("ticket", "list", "--json").json[0]["reference"]
    passed = {"Authentication-Results": "mx.example.com; dmarc=pass header.from=example.com"}
    maildesk("deliver", mail=mail(key, subject=f"[{reference}] x", text="#take\nOn it.", headers=passed))
    [held] = maildesk("held", "list", "--json").json
    assert maildesk("held", "release", str(held["id"])).code == 0
    assert maildesk("ticket", "show", reference, "--json").json["owner"] == "alice@example.com"
    ended = maildesk("agent", "remove", "alice@example.com")
    assert ended.out == f"Alice Agent is no agent any more\nwithout an owner now: {reference}\n"
    shown = maildesk("ticket", "show", reference, "--json").json
    last = shown["events"][-1]
    assert shown["owner"] is None
    assert (last["event"], last["by"], last["to"]) == ("owner", pwd.getpwuid(os.getuid()).pw_name, None)


@pytest.mark.parametrize("verb", ["contact", "organisation", "agent"])
def test_an_empty_directory_says_so(call: Call, folder: object, verb: str) -> None:
    ended = call("--config", f"{folder}/maildesk.conf", verb, "list")
    assert (ended.code, ended.out[:12]) == (0, "there is no ")
    assert call("--config", f"{folder}/maildesk.conf", verb, "list", "--json").json == []
