"""The main job, from the first mail to the survey, over real sockets; time is moved by the verb that does so."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

from tests.builders import ALICE, CAROL, SUPPORT, mail
from tests.desk.world import reply_to
from tests.e2e.process import House, Process, submit
from tests.e2e.sink import Sink

MAILTO = re.compile(r"mailto:[^\s\"<>)]+")


def test_from_the_first_mail_to_the_survey(house: House, desk: Process, sink: Sink) -> None:
    question = mail(subject="The export fails", text="It stops at page 3.\n\nCarol")
    assert desk.takes(question)[0] == 250
    acknowledgement = sink.letter("acknowledgement", CAROL)
    assert "[EX-10001]" in acknowledgement.subject
    assert acknowledgement.mail_from == ""
    assert acknowledgement.addresses("From") == {SUPPORT}

    answer = reply_to(ALICE, sink.letter("agent_ticket", ALICE), "#solved\nVersion 4.2 mends it.\n\nAlice")
    with desk.lmtp() as client:
        assert submit(client, answer)[0] == 250
    reply = sink.letter("reply", CAROL)
    assert "Version 4.2 mends it." in reply.text
    assert "solved" in sink.letter("receipt", ALICE).text

    in_two_days = (datetime.now(UTC) + timedelta(days=2, minutes=1)).isoformat()
    refused = house.verb("due", "--at", in_two_days, "--run")
    assert refused.code == 1
    assert "--yes" in refused.err
    began = time.monotonic()
    assert house.verb("due", "--at", in_two_days, "--run", "--yes").code == 0
    done = time.monotonic()
    sink.letter("closing_soon", CAROL)
    sink.letter("closed", CAROL)
    survey = sink.letter("survey", CAROL)
    assert time.monotonic() - done < 5, "a running daemon notices within a second what a verb has committed"
    assert done - began < 15

    [five] = [
        link for link in MAILTO.findall(survey.html.replace("&amp;", "&")) if fields_of(link)["body"].strip() == "5"
    ]
    assert desk.takes(tapped(CAROL, five))[0] == 250
    sink.letter("survey_thanks", CAROL)
    shown = house.verb("ticket", "show", "EX-10001", "--json").json
    assert (shown["status"], shown["owner"], shown["survey"]["mark"]) == ("closed", "alice@example.com", 5)
    assert [row["outcome"] for row in house.rows()] == ["ticket", "message", "survey"]
    house.all_sent()
    names = [letter.name for letter in sink.letters]
    assert sorted(names) == sorted(set(names)), "every letter came once"


def tapped(sender: str, link: str) -> bytes:
    """What a client sends when its reader taps a mailto: link and presses send (RFC 6068)."""
    fields = fields_of(link)
    return mail(sender, unquote(urlsplit(link).path), fields.get("subject", ""), fields.get("body", ""))


def fields_of(link: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
