"""Ways to look like Carol of Acme, or like one of us, without being so: the From lines of the spoof matrix.

`FORMS` are the fields a forger writes, by a name each; EVIL is where he really sits. `PROOFS` is what he has to show
for himself, `THREADS` how he refers to Carol's ticket.
"""

from __future__ import annotations

from collections.abc import Iterator

EVIL = "evil@elsewhere.example"
CAROLS = "carol@acme.example"


def named() -> Iterator[str]:
    """The contact's address where a name stands."""
    for name in (
        CAROLS, "Carol Jones", f"<{CAROLS}>", f"Carol Jones <{CAROLS}>", f"{CAROLS} via Support", f"{CAROLS},",
        f"({CAROLS})", f"Carol [{CAROLS}]", f"{CAROLS}\u00a0", f"mailto:{CAROLS}", f"{CAROLS} on behalf of Carol",
        "MAILER-DAEMON", "Carol Jones via LinkedIn", "EX-10001", "[EX-10001] Carol Jones", "Acme", "Bob Brown",
        "support@example.com", "Example Support", "Alice Agent", "alice@example.com",
    ):  # fmt: skip
        yield f'From: "{name}" <{EVIL}>'
    yield f"From: =?utf-8?q?carol=40acme=2Eexample?= <{EVIL}>"
    yield f"From: =?utf-8?b?Y2Fyb2xAYWNtZS5leGFtcGxl?= <{EVIL}>"
    yield f"From: =?utf-8?q?=3Ccarol=40acme=2Eexample=3E?= <{EVIL}>"
    yield f"From: Carol Jones ({CAROLS}) <{EVIL}>"
    yield f"From: {EVIL} ({CAROLS})"
    yield f"From: ({CAROLS}) {EVIL}"
    yield f'From: "{CAROLS}\\" <{CAROLS}>" <{EVIL}>'
    yield f'From: "\u202e{CAROLS[::-1]}" <{EVIL}>'


def look_alikes() -> Iterator[str]:
    """Another domain that reads like the contact's."""
    for domain in (
        "acme.example.elsewhere.example", "acme-example.example", "acme.exampl", "acme.examples", "acme.example.com",
        "acmee.example", "acme.exannple", "acrne.example", "acme_.example", "xn--cme-6cd.example",
        "\u0430cme.example",
        "acm\u0435.example", "acme.ex\u0430mple", "\uff41cme.example", "acme\u3002example", "acme\uff0eexample",
        "acme.example.", ".acme.example", "acme..example", "mail.acme.example", "www.acme.example", "acme.example:25",
        "[acme.example]", "[192.0.2.1]", "acme.example/x", "acme.e\u0301xample", "acme\u00ad.example",
        "a\u200bcme.example", "acme.example%elsewhere.example", "acme",
    ):  # fmt: skip
        yield f"From: Carol Jones <carol@{domain}>"


def locals_() -> Iterator[str]:
    """Another mailbox of another domain that reads like the contact's, and mailboxes no parser agrees upon."""
    for local in (
        "carol%acme.example", "carol@acme.example", '"carol@acme.example"', "carol=acme.example",
        "carol!acme.example",
        "acme.example!carol", "carol#acme.example", "carol+acme.example", "carol/acme.example", "carol--acme.example",
        '"carol@acme.example "', "carol@acme.example,", "carol@acme.example;", "carol@acme.example\\",
        "carol@acme.example ", "carol@acme.example\t", "=?utf-8?q?carol=40acme.example=2c?=",
        "srs0=x=y=acme.example=carol",
        "bounce+carol=acme.example", "prvs=123=carol=acme.example",
    ):  # fmt: skip
        yield f"From: Carol Jones <{local}@elsewhere.example>"


def relatives() -> Iterator[str]:
    """Somebody else's mailbox at the contact's own domain: no contact, whatever his name is like."""
    for local in (
        "carol+x", "ca.rol", "carol.", ".carol", "carol..jones", "carol-jones", "carol_jones", "caroljones", "car0l",
        "\u0441arol", "carol\u0301", "c\u0430rol", "carol\u200b", "\uff43arol", "carol%x", "carol=x", '"carol x"',
        '"c arol"', "carol'", "'carol", "carol/x", "root", "postmaster", "admin", "c\u00e4rol", "\u212aarol",
        "carol\u00ad",
        "CAROL+X",
    ):  # fmt: skip
        yield f"From: Carol Jones <{local}@acme.example>"


def doubtful() -> Iterator[str]:
    """What two parsers may read differently."""
    yield from (
        f"From: <@elsewhere.example:{CAROLS}>", f"From: <{CAROLS}> <{EVIL}>", f"From: <{EVIL}> <{CAROLS}>",
        f"From: {CAROLS}, {EVIL}", f"From: {EVIL}, {CAROLS}", f"From: {CAROLS} {EVIL}", f"From: {CAROLS}; {EVIL}",
        f"From: g: {CAROLS};", f"From: g: {CAROLS}, {EVIL};", f"From: Carol: {EVIL};", "From: undisclosed:;",
        f"From: {CAROLS}>, <{EVIL}", f"From: <{CAROLS}", f"From: <<{CAROLS}>>", f"From: <{CAROLS}>>",
        f"From: {CAROLS}>",
        f"From: carol(x)@acme.example, {EVIL}", "From: carol@(x)acme.example", "From: carol @ acme . example",
        "From: carol@acme .example", 'From: "carol"@"acme.example"', "From: carol@[acme.example]",
        "From: =?utf-8?q?carol=40acme.example?=", "From: =?utf-8?b?Y2Fyb2xAYWNtZS5leGFtcGxl?=",
        "From: =?utf-8?q?carol?=@acme.example", "From: carol@=?utf-8?q?acme.example?=",
        "From: <=?utf-8?q?carol=40acme.example?=>", f"From: =?utf-8?q?carol=40acme.example=3E=00?={EVIL}",
        f"From: {CAROLS}\x00", f"From: \x00{CAROLS}", f"From: {CAROLS}\x0b", "From: carol\x00@acme.example",
        "From: carol\x7f@acme.example", "From: carol\r@acme.example", f"From: {EVIL}\r\n\t, {CAROLS}",
        f"From: {EVIL}\r\nFrom: {CAROLS}", f"From: {CAROLS}\r\nFrom: {EVIL}", f"From: {CAROLS}\r\nFrom: {CAROLS}",
        f"From : {CAROLS}\r\nFrom: {EVIL}", f"FROM: {EVIL}\r\nfrom: {CAROLS}", "From:", "From: <>", "From: carol",
        "From: @acme.example", "From: carol@", "From: \"\"@acme.example", "From: mailto:carol@acme.example",
        'From: "carol@acme.example"', "From: 'carol@acme.example'", "From: (carol@acme.example)",
        "From: \u00abcarol\u00bb",
        "From: carol@acme.example\u2028x", "From: carol\u202e@acme.example", "From: carol@acme.example@acme.example",
        f"From: {CAROLS} <", f"From: > {CAROLS}", "From: carol\\@acme.example", "From: carol@acme\\.example",
    )  # fmt: skip


def claims() -> Iterator[str]:
    """The contact in every other field, and in ours."""
    for field in (
        "Sender", "Reply-To", "Resent-From", "Resent-Sender", "Return-Path", "X-Original-From", "X-Sender",
        "X-Envelope-From",
        "Errors-To", "Apparently-From", "X-Maildesk-From", "X-Maildesk-Writer", "X-Maildesk-Contact",
        "X-Google-Original-From",
        "Original-Sender", "Author", "From-", "X-From", "Disposition-Notification-To", "Mail-Reply-To",
    ):  # fmt: skip
        yield f"From: {EVIL}\r\n{field}: Carol Jones <{CAROLS}>"
    for field in ("Ticket: EX-10001", "Letter: agent_ticket", "Vouched: yes", "Verdict: pass"):
        yield f"From: {EVIL}\r\nX-Maildesk-{field}"


def ours() -> Iterator[str]:
    """One of the desk's own addresses as the writer."""
    for address in (
        "support@example.com", "help@example.com", "sales@example.com", "Support@Example.COM",
        "postmaster@example.com",
        "postmaster", "support+x@example.com", "support+EX-10001@example.com", "support+EX-10001-abc@example.com",
        "help+EX-10001@example.com", "support@EXAMPLE.com", '"support"@example.com',
    ):  # fmt: skip
        yield f"From: Support <{address}>"


FORMS = tuple(dict.fromkeys([*named(), *look_alikes(), *locals_(), *relatives(), *doubtful(), *claims(), *ours()]))

OURS = "Authentication-Results: mx.example.com;"
BOUNDARY = "Received: from gate.example by mx.example.com with ESMTP; Mon, 02 Mar 2026 09:00:00 +0000"
PROOFS = {
    "nothing is said of him": "",
    "our server says that DMARC failed": f"{OURS} dmarc=fail header.from=acme.example\r\n{BOUNDARY}\r\n",
    "our server says SPF alone": f"{OURS} spf=pass smtp.mailfrom=acme.example\r\n{BOUNDARY}\r\n",
    "another server vouches": "Authentication-Results: mx.evil.example; dmarc=pass header.from=acme.example\r\n"
    f"{BOUNDARY}\r\n",
    "he brought our server's word along": f"{BOUNDARY}\r\n{OURS} dmarc=pass header.from=acme.example\r\n",
    "our server vouches for elsewhere": f"{OURS} dmarc=pass header.from=elsewhere.example\r\n{BOUNDARY}\r\n",
}
