"""Capsules at rest: sealed for their student, written, read and erased; all of it beside the server's one thread."""

from collections.abc import Callable

from evidence.capsule import CapsuleFolder
from evidence.sealing import DataKeys, Erased
from rooms.evidence.data_keys import KeptKeys
from store.session import Database

ENDING = ".exs"


class Vault:
    """Keeps capsules in a folder, each sealed with the key of its student.

    The keys are rows, which the caller's thread reads; hashing, sealing and the disk are given to `run_blocking`.
    """

    def __init__(self, database: Database, folder: CapsuleFolder, secret: str) -> None:
        self._run = database.run_blocking
        self._kept = KeptKeys(database)
        self._secrets = (secret,)
        self.folder = folder

    def keep(self, room: str, participant: str, name: str, make: Callable[[], bytes]) -> int:
        """Seal and keep what `make` returns, and return how many bytes that are.

        Raises:
            OSError: the disk is full or cannot be written. StoreUnavailable: the key cannot be read or kept.
        """
        key = DataKeys(self._kept, self._secrets).make(room, participant)
        held = DataKeys({f"{room}/{participant}": key}, self._secrets)
        return int(self._run(_seal, self.folder, held, (room, participant, name), make))

    def read(self, room: str, participant: str, name: str) -> bytes:
        """Return a capsule, opened.

        Raises:
            OSError: there is none. Erased: its key is gone. Damaged: it is not as it was sealed.
        """
        held = DataKeys(self.keys_of(room, participant), self._secrets)
        return bytes(self._run(_open, self.folder, held, (room, participant, name)))

    def keys_of(self, room: str, participant: str) -> dict[str, bytes]:
        """Return the sealed key of a participant; Erased where it is gone."""
        owner = f"{room}/{participant}"
        if (key := self._kept.get(owner)) is None:
            raise Erased(owner)
        return {owner: key}

    def tidy(self) -> None:
        """Delete what a process left that was killed while it wrote."""
        self._run(self.folder.tidy)

    def drop(self, room: str, name: str) -> None:
        """Delete a capsule's file."""
        self._run(self.folder.drop, room, name + ENDING)


def _seal(folder: CapsuleFolder, keys: DataKeys, place: tuple[str, str, str], make: Callable[[], bytes]) -> int:
    room, participant, name = place
    sealed = keys.seal(room, participant, make(), name)
    folder.drop(room, name + ENDING)  # what an earlier try left behind leads nowhere
    folder.keep(room, name + ENDING, [sealed])
    return len(sealed)


def _open(folder: CapsuleFolder, keys: DataKeys, place: tuple[str, str, str]) -> bytes:
    room, participant, name = place
    return keys.open(room, participant, folder.read(room, name + ENDING), name)
