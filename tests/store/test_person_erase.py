"""A person is erased: what names him, what he wrote, and what repeats it; figures and other people's matters stay."""

from __future__ import annotations

import os
import quopri
import sqlite3
import zlib
from base64 import encodebytes
from collections.abc import Iterator
from contextlib import closing, suppress
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import psycopg
import pytest
from peewee import CompositeKey

from maildesk.mime.read import read
from maildesk.mime.walk import decode_octets
from maildesk.store import held, outbox, person_export, raw, schema, unwritten, views, views_ticket
from maildesk.store.apply_letters import Post
from maildesk.store.database import Store
from maildesk.store.person import find
from maildesk.store.person_erase import Erased, erase
from maildesk.store.person_mask import Masks, sweep, texts_of
from maildesk.store.person_scrub import Busy, scrub, wants_scrub
from maildesk.store.tables import TABLES
from maildesk.words import Address, Letter
from tests.builders import ALICE, BOB, DIRECTORY, SUPPORT, mail
from tests.desk.world import World

NAME, ADDRESS, SECOND = "Zacharias Quillfeather", "z.quill@acme.example", "zach@home.example"
HIM = f"{NAME} <{ADDRESS}>"
PEOPLE = DIRECTORY.replace("Carol Jones", NAME).replace(
    '["carol@acme.example", "carol.jones@acme.example"]', f'["{ADDRESS}", "{SECOND}"]'
)
WORDS = "the heliotrope export stops"
CANARIES = (
    NAME, ADDRESS, SECOND, "zeppelin-subject", "heliotrope", "marzipan-html", "obelisk-file", "b2JzaWRpYW4tb2N0ZXRz",
    "quicksilver-comment", "parsnip-spam", "walnut-answer", "cardamom-elsewhere", "juniper-held",
)  # fmt: skip
NEDS = "SELECT subject FROM mail WHERE sender = ? ORDER BY id"
SPAM = '[gate]\nspam_header = "X-Spam-Flag: YES"\n'


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Iterator[World]:
    made = World(store, tmp_path, SPAM, PEOPLE, {})
    yield made
    made.stop()


@pytest.fixture
def busy(desk: World) -> World:
    """Two tickets, each with both contacts in it, a third of somebody else's, and a mail of his that is held."""
    _his_ticket(desk)
    _bobs_ticket(desk)
    desk.receives(mail("Gil Glow <gil@globex.example>", subject="Ours", text="Nothing of the kind here."))
    desk.receives(mail(HIM, subject="parsnip-spam", text="juniper-held", headers={"X-Spam-Flag": "YES"}))
    leaves(desk)
    desk.receives(mail(HIM, subject="zeppelin-subject again", text=f"Now {WORDS} once more."))
    return desk


def _his_ticket(desk: World) -> None:
    files = [("obelisk-file.txt", b"obsidian-octets", "text/plain")]
    html = f"<p>{WORDS}</p><p>marzipan-html</p>"
    desk.receives(mail(HIM, subject="zeppelin-subject", text=WORDS, html=html, attachments=files, cc=BOB))
    letter = desk.the("agent_ticket", ALICE)
    leaves(desk)
    desk.replies(ALICE, letter, f"#solved\nOf course: walnut-answer, {NAME}.")
    leaves(desk)
    desk.time_passes(days=3)
    survey = desk.the("survey")
    leaves(desk)
    desk.replies(HIM, survey, "4 quicksilver-comment")


def _bobs_ticket(desk: World) -> None:
    files = [("plan.txt", b"the plan of " + ADDRESS.encode(), "text/plain")]
    desk.receives(mail(BOB, subject="Bob's own", text=f"Ask {NAME} too.", cc=HIM, attachments=files))
    letters = {each.recipient: each for each in desk.sent("acknowledgement", "agent_ticket")}
    leaves(desk)
    desk.receives(mail(HIM, subject=f"Re: [{refs(desk)[1]}]", text="Hello,\n\ncardamom-elsewhere, for the record."))
    leaves(desk)
    alice = letters["alice@example.com"]
    desk.replies(ALICE, alice, "I see.\n> cardamom-elsewhere, for\n> the record.")
    leaves(desk)
    desk.replies(BOB, letters["bob@acme.example"], "An unrelated word of Bob's.")
    leaves(desk)


def leaves(desk: World) -> None:
    """All that waits is written and sent."""

    def go(store: Store) -> None:
        orders = unwritten.due(store, desk.now, 1000)
        written = [(order.serial, desk.write(order)) for order in orders]
        assert unwritten.keep(store, [(serial, each) for serial, each in written if each is not None]) == {}
        store.execute("UPDATE letter SET state = 'sent', done = created WHERE state = 'waiting'")

    desk.ask(go)


def refs(desk: World) -> list[str]:
    """His, Bob's, Gil's, and his second, in their order; numbers may be left out."""
    return [each for (each,) in desk.ask(lambda store: store.all("SELECT reference FROM ticket ORDER BY number"))]


def goes(desk: World, address: str = ADDRESS) -> Erased:
    def go(store: Store) -> Erased:
        return erase(store, find(store, address), desk.config)

    done: Erased = desk.ask(go)
    return done


def rows(store: Store) -> Iterator[tuple[str, bytes]]:
    """Every value of every table, as octets; of what is packed the octets inside."""
    for table in schema.tables(store):
        for row in store.all(f'SELECT * FROM "{table}"'):
            for value in row:
                packed = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                yield table, packed
                yield table, unpacked(packed)


def unpacked(packed: bytes) -> bytes:
    told = b""
    while packed:
        stream = zlib.decompressobj()
        try:
            told += stream.decompress(packed)
        except zlib.error:
            break
        packed = stream.unused_data
    return told


def telling(store: Store) -> list[tuple[str, str]]:
    """Where a canary still stands in a row."""
    found = set()
    for table, octets in rows(store):
        found |= {(table, each) for each in CANARIES if each.lower().encode() in octets.lower()}
    return sorted(found)


def on_disk(folder: Path) -> list[tuple[str, str]]:
    found = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        with suppress(FileNotFoundError):
            octets = path.read_bytes().lower()
            found += [(path.name, each) for each in CANARIES if each.lower().encode() in octets]
    return found


def relation_files(store: Store) -> Path | None:
    """Where PostgreSQL keeps this database, if this is our own server and we may look."""
    if not store.postgres:
        return None
    [(place, oid)] = store.all(
        "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
    )
    folder = Path(place) / "base" / str(oid)
    return folder if os.access(folder, os.R_OK | os.X_OK) else None


def test_no_byte_of_an_erased_person_is_left(busy: World, store: Store) -> None:
    with store.session():
        assert {canary for _, canary in telling(store)} >= set(CANARIES)
        if not store.postgres:
            assert on_disk(store.state_dir)
    goes(busy)
    with store.session():
        assert telling(store) == []
        assert wants_scrub(store)
        scrub(store)
        assert not wants_scrub(store)
        folder = relation_files(store)
        if folder is not None:
            store.execute("CHECKPOINT")
            assert on_disk(folder) == []
    assert on_disk(store.state_dir) == []


def test_a_search_of_the_postgres_files_would_find_him(busy: World, store: Store) -> None:
    with store.session():
        folder = relation_files(store)
        if folder is None:
            assert not store.postgres or os.environ.get("MAILDESK_TEST_POSTGRES")
            return
        store.execute("CHECKPOINT")
        assert on_disk(folder)


def figures(store: Store) -> dict[str, Any]:
    times = "opened, status, status_since, severity, owner_id, first_answered, solved, closed, organisation_id"
    return {
        "tickets": store.all(f"SELECT number, reference, queue, {times} FROM ticket ORDER BY number"),
        "ledger": store.all("SELECT id, received, outcome, rule, ticket_id, size, sha256 FROM mail ORDER BY id"),
        "marks": store.all("SELECT ticket_id, sent, mark, marked FROM survey"),
        "events": store.all('SELECT ticket_id, at, event FROM "event" ORDER BY id'),
        "sent": store.all("SELECT id, name, ticket_id, created, done FROM letter WHERE state = 'sent' ORDER BY id"),
    }


def test_the_figures_stay(busy: World) -> None:
    leaves(busy)
    before = busy.ask(figures)
    assert before["marks"][0][2] == 4
    done = goes(busy)
    his, _, _, second = refs(busy)
    assert done.tickets == (his, second)
    assert busy.ask(figures) == before


def test_name_and_address_say_that_they_were_erased(busy: World) -> None:
    done = goes(busy)
    ticket = busy.ticket()
    assert (ticket["requester"], ticket["subject"]) == (done.instead, "(erased)")
    assert done.instead.startswith("erased-")
    assert ticket["participants"] == ["bob@acme.example"]
    assert (ticket["survey"]["mark"], ticket["survey"]["comment"]) == (4, "")
    assert {each["text"] for each in ticket["messages"]} == {"(erased)"}
    assert [each["attachments"] for each in ticket["messages"]] == [[]] * len(ticket["messages"])
    assert done.instead in {each["by"] for each in ticket["events"]}
    assert busy.ask(lambda store: find(store, ADDRESS)).known is False


def test_in_a_ticket_of_somebody_else_his_words_go_and_all_others_stay(busy: World) -> None:
    done = goes(busy)
    ticket = busy.ticket(refs(busy)[1])
    assert (ticket["requester"], ticket["subject"], ticket["participants"]) == ("bob@acme.example", "Bob's own", [])
    told = {(each["from"], each["text"].strip()) for each in ticket["messages"] if each["direction"] == "in"}
    assert ("bob@acme.example", f"Ask {done.instead} too.") in told
    assert (done.instead, "(erased)") in told
    assert ("alice@example.com", "(erased)") in told  # her answer quotes him
    assert any(text.startswith("An unrelated word of Bob's.") for _, text in told)
    files = [each["attachments"] for each in ticket["messages"] if each["attachments"]]
    assert [(file["name"], file["size"]) for [file] in files] == [("plan.txt", 12 + len(ADDRESS))]


def test_raw_bytes_that_others_wrote_keep_their_length_and_their_files(busy: World) -> None:
    [mail_id] = busy.ask(
        lambda store: [i for (i,) in store.all("SELECT MIN(id) FROM mail WHERE sender = 'bob@acme.example'")]
    )
    before = busy.raw(mail_id)
    done = goes(busy)
    after = busy.raw(mail_id)
    assert len(after) == len(before)
    assert after != before
    assert b"Bob's own" in after

    def file(store: Store) -> bytes:
        row = store.one('SELECT "offset", length, encoding FROM attachment WHERE mail_id = ?', (mail_id,))
        assert row
        return decode_octets(raw.cut(raw.unpacked(store, mail_id), *row[:2]), row[2])

    assert busy.ask(file) == f"the plan of {done.instead}".encode().ljust(12 + len(ADDRESS), b"x")


def of(desk: World, address: str) -> dict[str, Any]:
    def go(store: Store) -> dict[str, Any]:
        return person_export.export(store, find(store, address), desk.config, desk.now, desk.write)

    told: dict[str, Any] = desk.ask(go)
    return told


def test_nobody_else_is_touched(busy: World) -> None:
    before, agents = of(busy, "gil@globex.example"), of(busy, "alice@example.com")
    bob = busy.ticket(refs(busy)[2])
    goes(busy)
    assert of(busy, "gil@globex.example") == before
    assert of(busy, "alice@example.com")["directory"] == agents["directory"]
    assert busy.ticket(refs(busy)[2]) == bob
    assert of(busy, "bob@acme.example")["directory"]["name"] == "Bob Brown"


def test_letters_that_had_not_left_are_dropped_and_told(busy: World) -> None:
    waiting = {each["id"]: each for each in busy.ask(outbox.rows)}
    assert {each["letter"] for each in waiting.values()} == {"agent_ticket"}
    done = goes(busy)
    assert {each.id for each in done.dropped} == set(waiting)
    assert {each.to for each in done.dropped} == {"alice@example.com", "anton@example.com", "mona@example.com"}
    assert busy.ask(outbox.rows) == []


def test_a_letter_of_another_matter_goes_without_his_name(busy: World) -> None:
    busy.receives(mail(BOB, subject="Bob's next", text="Something else.", cc=HIM))
    busy.replies(ALICE, busy.the("agent_ticket", ALICE), "Here you are.")
    before = busy.the("reply", BOB)
    assert ADDRESS in str(before.message["Cc"]) + str(before.message["To"])
    goes(busy)
    after = busy.the("reply", BOB)
    assert ADDRESS not in after.raw.decode()
    assert NAME not in after.raw.decode()
    assert (after.text, after.message_id) == (before.text, before.message_id)


def test_timers_go_on_and_send_him_nothing(busy: World) -> None:
    leaves(busy)
    done = goes(busy)
    second = refs(busy)[3]
    busy.receives(mail(BOB, subject=f"[{second}] x", text="And what of this?"))
    busy.replies(ALICE, busy.the("agent_update", ALICE), "#solved")
    assert [each.recipient for each in busy.sent("solved")] == [done.instead]
    busy.time_passes(days=3)
    assert busy.ticket(second)["status"] == "closed"
    states = {(each["to"], each["state"]) for each in busy.ask(outbox.rows)}
    assert (done.instead, "held") in states
    assert (done.instead, "waiting") not in states


def test_what_comes_from_him_again_is_new_and_a_strangers(busy: World) -> None:
    content = mail(HIM, subject="once", text="twice", message_id="<once@acme.example>")
    busy.receives(content)
    goes(busy)
    assert busy.receives(content).outcome.value == "held"
    assert busy.receives(content).outcome.value == "duplicate"
    assert busy.receives(mail(HIM, subject=f"[{refs(busy)[0]}] hello")).outcome.value == "held"


def test_a_short_name_or_one_that_is_somebody_elses_takes_nothing_from_others(desk: World) -> None:
    desk.receives(mail(f"Alice Agent <{ADDRESS}>", text="I am called like her."))
    desk.receives(mail(f"Bob <{SECOND}>", text="And like him."))
    desk.receives(mail(BOB, subject="Bob", text="Alice Agent knows Bob Brown."))
    goes(desk)
    assert desk.ticket(refs(desk)[-1])["messages"][0]["text"].strip() == "Alice Agent knows Bob Brown."
    assert "Bob Brown" in str(of(desk, "bob@acme.example")["directory"])


def test_a_longer_address_that_contains_his_stays(desk: World) -> None:
    desk.receives(mail(BOB, text=f"Not x{ADDRESS} nor {ADDRESS}.net, but {ADDRESS}.", cc=f"x{ADDRESS}"))
    done = goes(desk)
    told = desk.ticket("EX-10001")["messages"][0]["text"].strip()
    assert told == f"Not x{ADDRESS} nor {ADDRESS}.net, but {done.instead}."


def test_a_name_is_found_in_every_coat_it_wears_in_others_mails(desk: World) -> None:
    umlaut = "Özgür Müllerstein"
    him = f"=?utf-8?q?{quoted(umlaut)}?= <{ADDRESS}>"
    desk.receives(mail(f'"{umlaut}" <{ADDRESS}>', subject="Mine"))
    text = f"Ask ÖZGÜR\nMüllerstein, who is {ADDRESS}, that {umlaut}."
    for charset, encoding in (("utf-8", "quoted-printable"), ("latin-1", "quoted-printable"), ("utf-8", "base64")):
        body = encoded(text, charset, encoding)
        head = f"From: {BOB}\r\nTo: {SUPPORT}\r\nCc: {him}\r\nSubject: Bob's\r\nMIME-Version: 1.0\r\n"
        kind = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
        desk.receives((head + kind).encode() + body)
    done = goes(desk)
    rows = desk.ask(lambda store: store.all("SELECT id, text, addressed FROM mail WHERE sender = 'bob@acme.example'"))
    assert len(rows) == 3
    for ident, told, addressed in rows:
        assert told.split() == f"Ask {done.instead}, who is {done.instead}, that {done.instead}.".split()
        assert umlaut not in addressed
        seen = read(desk.raw(ident))
        assert "llerstein" not in seen.text + str(seen.cc)
        assert ADDRESS not in seen.text + str(seen.cc)
        assert seen.text.startswith("Ask erased-")


def quoted(text: str) -> str:
    return "".join(
        mark if mark.isascii() and mark.isalnum() else "".join(f"={o:02X}" for o in mark.encode()) for mark in text
    )


def encoded(text: str, charset: str, encoding: str) -> bytes:
    octets = text.replace("\n", "\r\n").encode(charset)
    if encoding == "base64":
        return encodebytes(octets).replace(b"\n", b"\r\n")
    return quopri.encodestring(octets).replace(b"that ", b"th=\r\nat ").replace(b"quill", b"qu=\r\nill")


def test_a_follow_up_and_a_list_that_repeat_him_lose_their_text(busy: World) -> None:
    his = refs(busy)[0]
    busy.time_passes(days=1)
    busy.receives(mail(BOB, subject=f"Re: [{his}] x", text=f"It is back.\n\n> {WORDS}"))
    follow = busy.ticket(refs(busy)[-1])
    assert his in follow["links"]
    told = {"tickets": [{"reference": his, "subject": "zeppelin-subject"}]}
    bob = Address("bob@acme.example", "Bob Brown")

    def lists(store: Store) -> list[int]:
        letter = Letter("answer", bob, audience="customer", queue="technical", subject="status", context=told)
        return Post(store, busy.desk.settings.letters, None, busy.now).send([(letter, None)])

    [listed] = busy.ask(lists)
    done = goes(busy)
    assert (listed, "answer", "bob@acme.example") in done.dropped
    after = busy.ticket(follow["reference"])
    assert (after["requester"], after["messages"][0]["text"]) == ("bob@acme.example", "(erased)")
    assert telling_rows(busy) == []


def test_a_mail_that_somebody_took_over_is_his_all_the_same(busy: World) -> None:
    [row] = [each for each in busy.rows() if each["outcome"] == "held"]

    def taken(store: Store) -> None:
        held.release(store, row["id"], "take", "bob@acme.example", "bob@acme.example")

    busy.ask(taken)
    busy.desk.release(row["id"]).result(20)
    ticket = busy.ticket(refs(busy)[-1])
    assert (ticket["requester"], ticket["subject"]) == ("bob@acme.example", "parsnip-spam")
    leaves(busy)
    goes(busy)
    after = busy.ticket(ticket["reference"])
    assert (after["requester"], after["subject"]) == ("bob@acme.example", "(erased)")
    assert telling_rows(busy) == []


def telling_rows(desk: World) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = desk.ask(telling)
    return found


def test_every_text_of_every_table_is_looked_at(busy: World) -> None:
    """Newcomers, what was said of held mail, and whatever a later migration adds."""

    def fill(store: Store) -> int:
        store.execute(
            "INSERT INTO newcomer (ticket_id, address, name, asked, answer) SELECT id, 'n@x', '', 0, '' FROM ticket"
        )
        filled = 0
        for table in TABLES:
            own = table._meta.primary_key
            keys = own.field_names if isinstance(own, CompositeKey) else (own.name if own else "",)
            texts = [each for each in texts_of(table) if each not in (*keys, "source")]  # "" is no name
            pairs = ", ".join(f'"{each}" = "{each}" || \' {ADDRESS}\'' for each in texts)
            filled += store.execute(f'UPDATE "{table._meta.table_name}" SET {pairs}').rowcount if texts else 0
        masks = Masks(store, find(store, ADDRESS), busy.config, "erased-1")
        for table in ("person_address", "participant"):
            store.execute(f"DELETE FROM {table}")
        sweep(store, masks)
        return filled

    assert busy.ask(fill) > 50
    assert ADDRESS not in {canary for table, canary in telling_rows(busy) if table not in KEYED}


KEYED = ("letter", "chunk")  # whose octets other steps see to


def test_a_strangers_answer_that_waits_outside_of_his_ticket_goes_with_what_it_repeats(busy: World) -> None:
    """It names the subject, and quotes him where its writer's mail client does; what others hold stays."""
    key = busy.ticket(refs(busy)[0])["reference"]
    busy.receives(mail("Ned <ned@partner.example>", subject=f"Re: [{key}] zeppelin-subject", text="So do I."))
    busy.receives(mail("Ned <ned@partner.example>", subject="Fwd", text=f"[{key}] Look:\n\n> {WORDS}"))
    busy.receives(mail("Ned <ned@partner.example>", subject=f"status {key}", text="All is well here."))
    goes(busy)
    assert telling_rows(busy) == []
    subjects = [subject for (subject,) in busy.ask(lambda store: store.all(NEDS, ("ned@partner.example",)))]
    assert subjects == ["(erased)", "(erased)", f"status {key}"]


def test_a_mail_that_waits_and_has_only_a_reference_or_a_subject_like_his_goes_on_waiting(busy: World) -> None:
    key = busy.ticket(refs(busy)[0])["reference"]
    busy.receives(mail("Erin <erin@acme.example>", subject=f"status {key}", text="All is well here."))
    busy.receives(mail("Erik <erik@acme.example>", subject="zeppelin-subject", text="We have that, too."))
    goes(busy)
    assert {row["from"] for row in busy.ask(held.listed)} == {"erin@acme.example", "erik@acme.example"}


def test_a_second_copy_of_a_mail_in_his_ticket_goes_too(busy: World) -> None:
    his = refs(busy)[0]
    again = mail(BOB, subject=f"Re: [{his}]", text=f"cardamom-elsewhere\n> {WORDS}", headers={"X-Of": ADDRESS})
    assert busy.receives(again).outcome.value != "duplicate"
    assert busy.receives(again).outcome.value == "duplicate"
    goes(busy)
    assert telling_rows(busy) == []


def test_why_and_the_ledger_still_tell_what_was_done(busy: World) -> None:
    before = [(each["id"], each["outcome"], each["ticket"]) for each in busy.rows()]
    goes(busy)
    after = busy.rows()
    assert [(each["id"], each["outcome"], each["ticket"]) for each in after] == before
    for each in after:
        [told] = busy.ask(lambda store, ident=each["id"]: views.why(store, str(ident)))
        assert parseaddr(ADDRESS)[1] not in str(told)


def test_an_export_has_all_of_him(busy: World) -> None:
    told = of(busy, SECOND)
    his, bobs, _, second = refs(busy)
    assert told["addresses"] == [SECOND, ADDRESS]
    assert told["directory"]["name"] == NAME
    assert [each["reference"] for each in told["tickets"]] == [his, bobs, second]
    first = told["mails"][0]
    assert (first["subject"], first["text"].strip(), first["ticket"]) == ("zeppelin-subject", WORDS, "EX-10001")
    assert [(each["name"], each["size"], len(each["sha256"])) for each in first["attachments"]] == [
        ("obelisk-file.txt", 15, 64)
    ]
    assert {each["letter"] for each in told["letters"]} >= {"acknowledgement", "reply", "survey"}
    assert [(each["reason"], each["state"]) for each in told["held"]] == [("spam", "waiting")]
    assert [(each["ticket"], each["mark"], each["comment"]) for each in told["surveys"]] == [
        ("EX-10001", 4, "quicksilver-comment")
    ]
    assert "opened" in {each["event"] for each in told["events"]}
    for canary in set(CANARIES) - {"b2JzaWRpYW4tb2N0ZXRz", "marzipan-html"}:
        assert canary in str(told), canary


def test_a_shown_ticket_stays_showable(busy: World) -> None:
    goes(busy)
    listed = busy.ask(lambda store: list(views_ticket.listed(store, busy.config, busy.now)))
    assert [each["reference"] for each in listed] == refs(busy)


def test_a_mail_without_bytes_is_not_released(busy: World) -> None:
    [mail_id] = [each["id"] for each in busy.rows() if each["outcome"] == "held"]
    goes(busy)
    assert busy.ask(held.listed) == []
    with pytest.raises(held.NotHeld, match="has no bytes any more"):
        busy.ask(lambda store: held.release(store, mail_id))


def other(store: Store) -> Any:
    """Somebody else's connection, in a transaction that has looked at the store."""
    if store.postgres:
        elsewhere = psycopg.connect(store.url, autocommit=True)
        elsewhere.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    else:
        elsewhere = sqlite3.connect(store.state_dir / "maildesk.db", isolation_level=None)
        elsewhere.execute("BEGIN")
    elsewhere.execute("SELECT COUNT(*) FROM ticket").fetchall()
    return elsewhere


def test_who_sees_the_store_as_it_was_is_in_the_way_until_he_ends(busy: World, store: Store) -> None:
    with store.session(), closing(other(store)) as elsewhere:
        goes(busy)
        with pytest.raises(Busy, match="run the same command again"):
            scrub(store)
        assert wants_scrub(store)
        elsewhere.execute("ROLLBACK")
        scrub(store)
        assert not wants_scrub(store)
    assert on_disk(store.state_dir) == []


def test_who_writes_is_in_the_way_until_he_ends(busy: World, store: Store) -> None:
    goes(busy)
    with store.session(), closing(other(store)) as elsewhere:
        elsewhere.execute("ROLLBACK")
        elsewhere.execute("BEGIN" if store.postgres else "BEGIN IMMEDIATE")
        elsewhere.execute("UPDATE ticket SET severity = severity")
        with pytest.raises(Busy, match="somebody else has the store"):
            scrub(store)
        elsewhere.execute("COMMIT")
        scrub(store)
