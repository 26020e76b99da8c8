"""What a reload may exchange while the desk runs, and what waits for a restart (contract.md, 7)."""

from __future__ import annotations

from maildesk.config import Config, ConfigError


def restart_wanted(old: Config, new: Config) -> list[str]:
    """What a reload cannot exchange, and has changed."""
    fixed = {
        "[store]": (old.store, new.store),
        "[listen]": (old.listen, new.listen),
        "state_dir": (old.desk.state_dir, new.desk.state_dir),
        "key_file": (old.desk.key_file, new.desk.key_file),
    }
    return [name for name, (before, after) in fixed.items() if before != after]


def keep_fixed(old: Config, new: Config) -> Config:
    """The new configuration, but for what only a restart can change. Raises ConfigError when the two do not fit."""
    for name, listener in old.listen.items():
        if listener.queue and listener.queue not in new.queue:  # it would take mail for nobody, and refuse it for good
            raise ConfigError(
                [
                    f"{new.path.name}: listen.{name}: the running listener serves the queue {listener.queue}, "
                    f"which is gone; put [queue.{listener.queue}] back, or restart maildesk"
                ]
            )
    desk = new.desk.model_copy(update={"state_dir": old.desk.state_dir, "key_file": old.desk.key_file})
    return new.model_copy(update={"store": old.store, "listen": old.listen, "desk": desk})
