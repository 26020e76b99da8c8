"""What is known of a mail: who writes, what it refers to, what was sent lately."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from maildesk.policy.keys import keyed_address, mint
from maildesk.store import people, tickets
from maildesk.store.database import Store
from maildesk.store.facts import already
from maildesk.store.outbox import rows
from maildesk.store.schema import ensure
from maildesk.words import AddMessage, Agent, Contact, Nobody, Ours, Outcome, Stranger, Visibility
from tests.builders import ALICE, BOB, DAVE, START, STRANGER, SUPPORT, mail
from tests.store.house import SECRETS, House, build, filed


def writer(house: House, address: str, name: str = "") -> object:
    return people.writer(house.store, address, name, house.config, house.now)


def test_a_contact_is_known_by_any_of_his_addresses(house: House) -> None:
    carol = writer(house, "carol.jones@acme.example")
    assert isinstance(carol, Contact)
    assert carol.addresses == ("carol@acme.example", "carol.jones@acme.example")
    assert carol.organisation.name == "Acme"
    assert carol.organisation.domains == ("acme.example",)


def test_an_agent_is_known_with_role_and_queues(house: House) -> None:
    mona = writer(house, "mona@example.com")
    assert isinstance(mona, Agent)
    assert (mona.name, mona.manager, mona.queues) == ("Mona Manager", True, ("technical", "sales"))


def test_somebody_of_a_known_domain_is_a_stranger_of_that_organisation(house: House) -> None:
    dave = writer(house, "dave@acme.example", "Dave Dent")
    assert isinstance(dave, Stranger)
    assert dave.organisation is not None
    assert dave.organisation.name == "Acme"


def test_nobody_ours_and_an_unknown_one_are_told_apart(house: House) -> None:
    assert writer(house, "") == Nobody()
    assert writer(house, "support+x@example.com") == Ours("support+x@example.com")
    assert writer(house, "sam@elsewhere.example", "Sam") == Stranger("sam@elsewhere.example", "Sam")


def test_the_last_day_of_a_plan_counts_whole_in_the_desks_zone(house: House) -> None:
    house.store.execute("UPDATE organisation SET until = '2026-03-02' WHERE name = 'Acme'")
    assert isinstance(writer(house, "carol@acme.example"), Contact)
    house.now = START + timedelta(days=1)
    carol = writer(house, "carol@acme.example")
    assert isinstance(carol, Stranger)
    assert carol.organisation is not None
    assert not carol.organisation.live


def test_an_agent_who_is_away_is_not_present(house: House) -> None:
    house.store.execute("UPDATE agent SET away_until = ? WHERE name = 'Alice Agent'", (10**17,))
    present = {each.name: each.present for each in people.agents(house.store, house.now)}
    assert present == {"Alice Agent": False, "Anton Agent": True, "Mona Manager": True}


def test_a_plain_new_mail_costs_few_statements(tmp_path: Path) -> None:
    store = Store.open("sqlite:///count.db", tmp_path)
    ensure(store)
    house = build(store, tmp_path)
    seen: list[str] = []
    store.database.connection().set_trace_callback(seen.append)
    house.gathers(mail())
    assert len(seen) <= 14
    seen.clear()
    house.opens()
    assert len(seen) <= 40
    store.close()


def test_a_charged_plan_costs_one_statement_more_and_no_other_does(tmp_path: Path) -> None:
    counts = []
    for name, charged in (("free", ""), ("charged", "incidents = 10")):
        folder = tmp_path / name
        folder.mkdir()
        store = Store.open("sqlite:///count.db", folder)
        ensure(store)
        house = build(store, folder, f"{charged}\n")
        seen: list[str] = []
        store.database.connection().set_trace_callback(seen.append)
        balance = house.gathers(mail()).balance
        counts.append((balance, len(seen)))
        store.close()
    assert counts == [(None, counts[0][1]), (10, counts[0][1] + 1)]


def test_a_new_mail_of_a_contact_gets_a_fresh_reference_and_a_strangers_none(house: House) -> None:
    assert house.gathers(mail()).fresh == "EX-10001"
    assert house.gathers(mail(sender=DAVE)).fresh == ""
    assert house.gathers(mail(sender=ALICE)).fresh == ""
    assert house.gathers(mail(headers={"Auto-Submitted": "auto-replied"})).fresh == ""


def test_colleagues_are_the_contacts_of_the_writers_organisation(house: House) -> None:
    names = [each.name for each in house.gathers(mail(sender=DAVE)).colleagues]
    assert sorted(names) == ["Bob Brown", "Carol Jones"]


def test_the_same_bytes_are_a_duplicate_of_the_first(house: House) -> None:
    raw = mail()
    first = house.opens(raw)
    assert house.gathers(raw).duplicate_of == first.id
    assert house.gathers(raw).fresh == ""


def test_the_same_bytes_without_a_message_id_are_a_duplicate_too(house: House) -> None:
    raw = b"\r\n".join(line for line in mail().split(b"\r\n") if not line.startswith(b"Message-ID"))
    first = house.opens(raw)
    assert house.gathers(raw).duplicate_of == first.id
    assert house.gathers(raw.replace(b"page 3", b"page 4")).duplicate_of is None


def test_the_same_mail_by_a_second_door_is_a_duplicate(house: House) -> None:
    raw = mail()
    first = house.opens(raw)
    other = b"Received: from a by b; Mon, 2 Mar 2026 09:00:00 +0000\r\n" + raw
    assert house.gathers(other, door="imap:box").duplicate_of == first.id


def test_a_message_id_seen_before_with_other_bytes_is_a_mail_of_its_own(house: House) -> None:
    house.opens(mail(message_id="<same@mail.test>"))
    assert house.gathers(mail(message_id="<same@mail.test>", text="Something else")).duplicate_of is None


def test_a_mail_run_again_is_no_duplicate_of_itself(house: House) -> None:
    raw = mail()
    first = house.opens(raw)
    assert house.gathers(raw, first.id).duplicate_of is None
    assert house.gathers(raw, first.id).mail_id == first.id


def test_a_far_sides_name_seen_before_finds_its_receipt(house: House) -> None:
    receipt = house.takes(mail(), filed(Outcome.ROBOT), source="box/7/12")
    again = already(house.store, "box/7/12")
    assert again is not None
    assert (again.id, again.outcome, again.reason) == (receipt.id, Outcome.ROBOT, "as ruled")
    assert already(house.store, "box/7/13") is None
    assert already(house.store, "") is None


def acknowledged(house: House) -> tuple[str, str, int]:
    """Reference, keyed Message-ID and serial of Carol's acknowledgement."""
    reference = house.opens(mail(message_id="<first@mail.test>")).ticket
    [row] = rows(house.store)
    return reference, row["message_id"], row["id"]


def test_a_keyed_address_proves_and_finds_its_ticket(house: House) -> None:
    reference, _, serial = acknowledged(house)
    token = mint(SECRETS[0], reference, serial, "carol@acme.example")
    facts = house.gathers(mail(to=keyed_address(SUPPORT, reference, token)))
    [key] = facts.keys
    assert (key.about, key.serial, key.letter, key.address) == (
        reference,
        serial,
        "acknowledgement",
        "carol@acme.example",
    )
    assert facts.matched == "keyed address"
    assert facts.ticket is not None
    assert facts.ticket.thread == ("first@mail.test",)
    assert facts.ticket.organisation == "Acme"


def test_a_key_still_proves_when_its_letter_is_forgotten(house: House) -> None:
    _, message_id, serial = acknowledged(house)
    house.store.execute("DELETE FROM letter WHERE id = ?", (serial,))
    facts = house.gathers(mail(headers={"In-Reply-To": f"<{message_id}>"}))
    assert [key.letter for key in facts.keys] == [""]
    assert facts.matched == "keyed message-id"


def test_our_own_message_id_finds_the_ticket(house: House) -> None:
    _, message_id, _ = acknowledged(house)
    facts = house.gathers(mail(headers={"In-Reply-To": f"<{message_id}>"}))
    assert facts.matched == "keyed message-id"
    assert facts.keys[0].place == "message-id"


def test_a_forged_token_proves_nothing(house: House) -> None:
    reference, _, serial = acknowledged(house)
    token = mint(b"x" * 32, reference, serial, "carol@acme.example")
    facts = house.gathers(mail(sender=STRANGER, to=keyed_address(SUPPORT, reference, token)))
    assert facts.keys == ()
    assert facts.ticket is None


def test_a_reference_in_the_subject_finds_the_ticket(house: House) -> None:
    reference, _, _ = acknowledged(house)
    facts = house.gathers(mail(subject=f"Re: [{reference}] The export"))
    assert facts.matched == "reference"
    assert facts.ticket is not None
    assert facts.fresh == ""


def test_a_foreign_message_id_known_to_us_finds_the_ticket(house: House) -> None:
    acknowledged(house)
    facts = house.gathers(mail(sender=BOB, headers={"References": "<unknown@x.test> <first@mail.test>"}))
    assert facts.matched == "message-id"


def test_a_ticket_that_is_closed_leaves_a_fresh_reference_at_hand(house: House) -> None:
    reference, _, _ = acknowledged(house)
    house.store.execute("UPDATE ticket SET status = 'closed'")
    assert house.gathers(mail(subject=f"Re: [{reference}]")).fresh == "EX-10002"


def test_a_long_thread_keeps_both_of_its_ends(house: House) -> None:
    reference, _, _ = acknowledged(house)
    added = AddMessage(reference, Visibility.PUBLIC, "bob@acme.example")
    for number in range(60):
        house.takes(mail(BOB, message_id=f"<m{number}@x>"), filed(Outcome.MESSAGE, added, ticket=reference))
    loaded = tickets.load(house.store, reference, ())
    assert loaded is not None
    assert len(loaded.thread) == 40
    assert (loaded.thread[0], loaded.thread[1], loaded.thread[-1]) == ("first@mail.test", "m0@x", "m59@x")


def test_acknowledgements_of_the_last_hour_are_counted(house: House) -> None:
    for _ in range(3):
        house.opens()
    assert house.gathers(mail()).recent.acknowledgements == 3
    assert house.gathers(mail()).recent.automatic == 3
    assert house.gathers(mail(sender=BOB)).recent.acknowledgements == 0
    house.later(minutes=61)
    assert house.gathers(mail()).recent.acknowledgements == 0
    assert house.gathers(mail()).recent.automatic == 0


def test_a_paused_address_is_known_as_such(house: House) -> None:
    house.store.execute("INSERT INTO pause (address, until, why) VALUES ('carol@acme.example', ?, '')", (2 * 10**15,))
    assert house.gathers(mail()).recent.paused
    assert house.gathers(mail()).recent.pauses == ("carol@acme.example",)
    assert not house.gathers(mail(sender=BOB)).recent.paused


def test_four_prompt_answers_pause_and_a_hurried_person_does_not(house: House) -> None:
    for _ in range(5):
        house.opens()
        house.later(seconds=20)
    assert house.gathers(mail()).recent.exchanges == 0
    house.later(minutes=10)
    for number in range(4):
        house.opens(mail(subject="Re: your mail"))
        house.later(seconds=20)
        assert house.gathers(mail(subject="Re: your mail")).recent.exchanges == number + 1
    facts = house.gathers(mail(subject="Re: your mail"))
    assert facts.recent.paused
    house.later(hours=25)
    assert not house.gathers(mail(subject="Re: your mail")).recent.paused


def test_the_contacts_of_an_organisation_are_found_by_its_name(house: House) -> None:
    [gil] = people.contacts(house.store, "Globex", house.config, house.now)
    assert (gil.name, gil.organisation.name, gil.organisation.domains) == ("Gil Glow", "Globex", ("globex.example",))
    assert people.contacts(house.store, "Nowhere", house.config, house.now) == ()
