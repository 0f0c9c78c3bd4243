"""The whole check of an evidence pack, part by part; each part is made whatever the others found."""

from __future__ import annotations

from typing import NamedTuple

from service.proof.offline.checkpoints import HEADS, Checkpoint, held_checkpoint, log_keys, signed_checkpoint, witnessed
from service.proof.offline.completeness import check_case_whole, check_stream_ends, root_of_heads
from service.proof.offline.damage import CannotCheckError, DamageError
from service.proof.offline.manifest import Manifest, check_files, check_signed, manifest_of
from service.proof.offline.members import Members, members_of
from service.proof.offline.notes import VerifierKey, keys_of
from service.proof.offline.proofs import Proofs, check_grown, proofs_of
from service.proof.offline.report import Report
from service.proof.offline.scanning import Scan, scanned


class Asked(NamedTuple):
    """What the auditor brings: a pack, and what they trust."""

    path: str
    keys: list[VerifierKey]
    witnesses: list[VerifierKey]
    checkpoint: bytes | None


def verify_pack(asked: Asked, report: Report) -> None:
    """Check a pack; everything that is found stands in the report."""
    with report.part():
        members = members_of(asked.path)
        manifest = manifest_of(members)
        report.says(f"{_subject(manifest)}, of {manifest.log} at size {manifest.size}")
        _Check(asked, report, members, manifest).run()


def _subject(manifest: Manifest) -> str:
    if manifest.kind == "log":
        return "Evidence pack of a whole log"
    cases = f"case {manifest.subjects[0]}" if len(manifest.subjects) == 1 else f"{len(manifest.subjects)} cases"
    return f"Evidence pack of {'a random sample with ' if manifest.kind == 'sample' else ''}{cases}"


class _Check:
    def __init__(self, asked: Asked, report: Report, members: Members, manifest: Manifest) -> None:
        self._asked = asked
        self._report = report
        self._members = members
        self._manifest = manifest
        self._keys: list[VerifierKey] = []
        self._checkpoint: Checkpoint | None = None
        self._heads: Checkpoint | None = None
        self._held: Checkpoint | None = None
        self._proofs: Proofs | None = None

    def run(self) -> None:
        self._trust()
        statements = (self._signed, self._files, self._checkpoints, self._statement, self._witnesses)
        for part in (*statements, self._hold, self._prove, self._events):
            with self._report.part():
                part()

    def _trust(self) -> None:
        self._keys = log_keys(self._asked.keys)
        if self._keys:
            return
        self._keys = log_keys(keys_of(self._members.read("log.vkey").decode("utf-8", "replace")))
        if not self._keys:
            raise CannotCheckError("there is no key of the log to check signatures with")
        self._report.warns("No --key was given: signatures are checked with the key that the pack itself brings.")
        self._report.warns("Whoever made this pack up could have made up the key too. Ask for the key another way.")

    def _signed(self) -> None:
        check_signed(self._members, self._manifest, self._keys)
        self._report.holds(f"the manifest is signed by the log; the pack was made for {self._manifest.reader}")

    def _files(self) -> None:
        check_files(self._members, self._manifest)
        self._report.holds(f"all {len(self._manifest.files)} files are those that the manifest names")

    def _checkpoints(self) -> None:
        checkpoint = signed_checkpoint(self._members.read("checkpoint"), self._keys, self._manifest.log)
        if checkpoint.size != self._manifest.size:
            raise DamageError("edited", f"the checkpoint is of {checkpoint.size} events, not of {self._manifest.size}")
        self._checkpoint = checkpoint
        self._report.holds(f"the checkpoint at size {checkpoint.size} is signed by the log")

    def _statement(self) -> None:
        heads = signed_checkpoint(self._members.read("heads"), self._keys, self._manifest.log, about=HEADS)
        if heads.size != self._manifest.size:
            raise DamageError(
                "edited", f"the statement of heads is of {heads.size} events, not of {self._manifest.size}"
            )
        self._heads = heads
        self._report.holds("the statement of stream heads is signed by the log, at the same size")

    def _witnesses(self) -> None:
        for signature in witnessed(self._members.read("checkpoint"), self._asked.witnesses, "the checkpoint"):
            self._report.holds(f"witness {signature.key.name} signed the checkpoint at {signature.time} s after 1970")

    def _hold(self) -> None:
        if self._asked.checkpoint is not None:
            trusted = [*self._keys, *self._asked.witnesses]
            self._held = held_checkpoint(self._asked.checkpoint, trusted, self._manifest.log)

    def _prove(self) -> None:
        self._proofs = proofs_of(self._members.read("proofs.json"))

    def _events(self) -> None:
        if self._checkpoint is None or self._heads is None or self._proofs is None:
            self._report.unanswered.append(
                "without the signed statements the events can only be held against each other"
            )
        scan = scanned(self._members, self._manifest, self._proofs, self._checkpoint, self._held)
        self._report.damages += scan.history.damages
        if not scan.history.damages:
            self._report.holds(
                f"{scan.history.count} events in {len(scan.history.streams)} streams: contiguous and chained"
            )
            self._report.holds("every payload is the one that its record commits to")
        if self._checkpoint is not None and self._heads is not None and self._proofs is not None:
            for part in (self._complete, self._grown):
                with self._report.part():
                    part(scan, self._checkpoint, self._heads.root, self._proofs)
        for last in (self._opened, self._shelf):
            with self._report.part():
                last(scan)

    def _complete(self, scan: Scan, checkpoint: Checkpoint, heads: bytes, proofs: Proofs) -> None:
        if self._manifest.kind == "log":
            self._whole_log(scan, checkpoint, heads)
            return
        found = len(self._report.damages)
        for stream, head in scan.history.streams.items():
            with self._report.part():
                check_stream_ends(stream, head, proofs, heads)
        for case in self._manifest.subjects:
            with self._report.part():
                check_case_whole(case, scan.history, proofs, heads)
        if not scan.history.damages and len(self._report.damages) == found:
            self._report.holds("every event is in the tree that was signed")
            self._report.holds("every stream ends where the signed heads say; of each case every stream is here")

    def _whole_log(self, scan: Scan, checkpoint: Checkpoint, heads: bytes) -> None:
        if scan.history.damages:
            return
        if scan.root != checkpoint.root:
            raise DamageError("edited", "the events follow from one another, but are not those of the signed root")
        self._report.holds("the tree rebuilt from all events has the signed root")
        if root_of_heads(scan.history) != heads:
            raise DamageError("forged-proof", "the signed map of stream heads is not the one of these events")
        self._report.holds("the map of stream heads rebuilt from all events has the signed root")

    def _grown(self, scan: Scan, checkpoint: Checkpoint, _heads: bytes, proofs: Proofs) -> None:
        if proofs.grown is not None:
            check_grown(proofs.grown, checkpoint)
            self._report.holds(f"the tree grew out of the one of {proofs.grown.size} events")
        held = self._held
        if held is None:
            return
        roots = {checkpoint.size: checkpoint.root, **scan.roots}
        if proofs.grown is not None:
            roots.setdefault(proofs.grown.size, proofs.grown.root)
        if held.size not in roots:
            raise CannotCheckError(_no_way(held.size, checkpoint.size))
        if roots[held.size] != held.root:
            raise DamageError(
                "forked", f"the log signed another history of its first {held.size} events: yours differs"
            )
        self._report.holds(f"the checkpoint that you hold, at size {held.size}, is of the same history")

    def _opened(self, scan: Scan) -> None:
        opened = scan.opened
        opened.end()
        told = f"{opened.words} values opened, {opened.erased} erased, {opened.sealed} sealed"
        self._report.says(f"{told}. The words are what the log's signature under the manifest says they are.")

    def _shelf(self, scan: Scan) -> None:
        absent = sorted(each for each in scan.history.types if f"schemas/{each}.json" not in self._members.names)
        if absent:
            raise DamageError("missing", f"the schema of {absent[0]} is not here")
        here = 0
        for edition in sorted(scan.history.editions):
            here += self._edition(edition)
        self._report.holds(f"the schemas of all {len(scan.history.types)} kinds of events are here")
        self._report.holds(f"{here} of {len(scan.history.editions)} policy editions are here, to the letter")

    def _edition(self, edition: str) -> bool:
        name, _, digest = edition.partition("@")
        file = f"editions/{name}.toml"
        if file not in self._members.names:
            return False
        if not self._members.sha256(file).startswith(digest):
            raise DamageError("edited", f"{file} is not the text of {edition}")
        return True


def _no_way(held: int, size: int) -> str:
    if held > size:
        return (
            f"your checkpoint covers {held} events, and the pack was made at {size}: it says nothing of what came after"
        )
    return f"the pack does not show that it grew out of your checkpoint at {held}: ask for one made `since` that size"
