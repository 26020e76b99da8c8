"""The ledger's queue: what goes together, what goes alone, and who waits for whom."""

from __future__ import annotations

from maildesk.store.database import Store
from maildesk.store.jobs import Job, JobQueue


def named(name: str, *, patient: bool = False) -> Job[str]:
    def run(_: Store) -> str:
        return name

    return Job(run, patient=patient)


def taken(queue: JobQueue, batches: int) -> list[list[Job[str]]]:
    return [queue.take() for _ in range(batches)]


def test_mails_share_a_batch_and_a_patient_job_goes_alone() -> None:
    queue = JobQueue(10)
    first, second, third = named("a"), named("b"), named("c")
    sweep, other = named("sweep", patient=True), named("other", patient=True)
    for job in (sweep, first, second, other, third):
        queue.put(job)
    assert taken(queue, 3) == [[first, second, third], [sweep], [other]]


def test_what_comes_while_a_patient_job_runs_goes_before_the_next_one() -> None:
    queue = JobQueue(10)
    queue.put(named("sweep", patient=True))
    queue.take()
    mail, again = named("mail"), named("again", patient=True)
    queue.put(again)
    queue.put(mail)
    assert taken(queue, 2) == [[mail], [again]]


def test_a_patient_job_comes_to_its_turn_however_many_mails_come() -> None:
    queue = JobQueue(100)
    sweep = named("sweep", patient=True)
    queue.put(sweep)
    queue.put(named("mail"))
    queue.take()
    queue.put(named("mail"))
    assert queue.take() == [sweep]


def test_both_kinds_count_for_what_there_is_room_for_and_both_are_left_at_the_end() -> None:
    queue = JobQueue(2)
    assert queue.put(named("mail"))
    assert queue.put(named("sweep", patient=True))
    assert not queue.put(named("mail"))
    assert not queue.put(named("sweep", patient=True))
    assert len(queue) == 2
    queue.close()
    assert len(queue.take_all()) == 2
    assert queue.take() == []
