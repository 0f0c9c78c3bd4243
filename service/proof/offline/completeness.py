"""Whether anything was withheld: the heads that were signed with the checkpoint, against what the pack holds."""

from __future__ import annotations

from service.proof.offline.damage import DamageError
from service.proof.offline.heads import case_key, case_value, check_head, map_of, stream_key, stream_value
from service.proof.offline.histories import History, StreamHead
from service.proof.offline.proofs import Proofs


def check_stream_ends(stream: str, head: StreamHead, proofs: Proofs, root: bytes) -> None:
    """Pass a stream of which the pack holds the newest event.

    Raises:
        DamageError: it goes on after what is here, or nothing shows that it does not.
    """
    name = f"stream {stream}"
    proof = proofs.heads.get(("stream", stream))
    if proof is None:
        raise DamageError("withheld-tail", f"nothing shows that {name} ends with this event", head.position)
    check_head(proof, root, name)
    signed = proof.entries.get(stream_key(stream))
    if signed != stream_value(head.version, head.leaf):
        raise DamageError(
            "withheld-tail", f"{name} did not end with this event: what follows is not here", head.position
        )


def check_case_whole(case: str, history: History, proofs: Proofs, root: bytes) -> None:
    """Pass a case of which the pack holds every stream.

    Raises:
        DamageError: one is withheld, or nothing shows that none is.
    """
    name = f"case {case}"
    proof = proofs.heads.get(("case", case))
    listed = proofs.streams.get(case)
    if proof is None or listed is None:
        raise DamageError("withheld-tail", f"nothing shows which streams {name} has")
    check_head(proof, root, name)
    if proof.entries.get(case_key(case)) != case_value(listed):
        raise DamageError("withheld-tail", f"the streams listed for {name} are not those that were signed")
    here = set(history.joined.get(case, []))
    absent = sorted(set(listed) - here)
    if absent:
        raise DamageError("withheld-tail", f"stream {absent[0][1]} of {name} is not here", absent[0][0])
    stray = sorted(here - set(listed))
    if stray:
        raise DamageError("inserted", f"stream {stray[0][1]} says that it is of {name}, which it is not", stray[0][0])


def root_of_heads(history: History) -> bytes:
    """The root of the map of heads that the events of a whole log give."""
    streams = ((stream_key(each), stream_value(head.version, head.leaf)) for each, head in history.streams.items())
    cases = ((case_key(each), case_value(joined)) for each, joined in history.joined.items())
    return map_of([*streams, *cases])
