"""Whose words a letter repeats is known where it was cut, too."""

from maildesk.policy.cited import CUT, shortened
from maildesk.store.person_quotes import own_lines, repeats

LONG = "Since the update of Tuesday the export stops at page 3 whenever a table has a footnote. " * 80


def test_a_line_that_a_letter_has_cut_is_known_by_its_beginning() -> None:
    cited = shortened(f"Hello,\n\n{LONG}")
    assert cited.endswith(CUT)
    assert repeats(f"Please wait.\n\n> {cited}", own_lines([LONG]))


def test_what_others_wrote_is_not_taken_for_it() -> None:
    assert not repeats("> Since the update of Tuesday nothing works.", own_lines([LONG]))
