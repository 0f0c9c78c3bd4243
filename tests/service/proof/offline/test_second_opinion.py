"""A published library of the field, which knows nothing of ours, agrees with the verifier: on the vectors, and on a whole log."""

import base64
import json
import random
from pathlib import Path
from typing import Any

from tamperlog.errors import ProofError
from tamperlog.merkle import consistency_proof, inclusion_proof, merkle_root, verify_consistency, verify_inclusion

from service.proof.offline.checkpoints import checkpoint_of
from service.proof.offline.command import report_on
from service.proof.offline.merkle import Tree, consistent, root_by_inclusion
from service.proof.offline.proofs import proofs_of
from tests.support.proof.small_logs import a_small_log, leaf_hash
from tests.support.proof.small_packs import pack_of_case, pack_of_log

VECTORS = Path(__file__).parents[3] / "vectors" / "merkle"


def cases(name: str) -> list[Any]:
    found: list[Any] = json.loads((VECTORS / name).read_text(encoding="utf-8"))["cases"]
    return found


def decoded(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def agrees(check: Any, *values: Any) -> bool:
    try:
        check(*values)
    except ProofError:
        return False
    return True


def test_it_agrees_on_every_inclusion_vector() -> None:
    for case in cases("rfc6962-inclusion.json"):
        index, size, path = case["leafIdx"], case["treeSize"], [decoded(step) for step in case["proof"] or []]
        leaf, root = decoded(case["leafHash"]), decoded(case["root"])
        if len(leaf) != 32:
            continue  # it hashes whatever it is given; a leaf hash that is no SHA-256 digest is refused here before

        ours = root_by_inclusion(leaf, index, size, path) == root
        assert agrees(verify_inclusion, index, size, leaf, path, root) is ours is not case["wantErr"], case["case"]


def test_it_agrees_on_every_consistency_vector() -> None:
    for case in cases("rfc6962-consistency.json"):
        first, second, path = case["size1"], case["size2"], [decoded(step) for step in case["proof"] or []]
        old, new = decoded(case["root1"]), decoded(case["root2"])
        if first == 0:
            continue  # the RFC leaves open what follows from a tree of nothing; here it is no proof of anything

        ours = consistent((first, old), (second, new), path)
        assert agrees(verify_consistency, first, old, second, new, path) is ours is not case["wantErr"], case["case"]


def test_it_agrees_on_a_whole_exported_log(tmp_path: Path) -> None:
    log = a_small_log(seed=9, requests=90)
    pack = pack_of_log(log, since=50)
    (tmp_path / "log.zip").write_bytes(pack.zipped())
    leaves = [leaf_hash(json.loads(line)["record"]) for line in pack.lines()]

    signed = checkpoint_of(pack.files["checkpoint"].decode().partition("\n\n")[0] + "\n", "the checkpoint")
    grown = proofs_of(pack.files["proofs.json"]).grown

    report = report_on(str(tmp_path / "log.zip"), keys=[log.key.vkey], witnesses=[], checkpoint=None)
    assert report.code == 0
    assert (len(leaves), merkle_root(leaves)) == (signed.size, signed.root)
    assert grown is not None
    assert agrees(verify_consistency, grown.size, grown.root, signed.size, signed.root, grown.path)
    for case in log.joined():
        packed = pack_of_case(log, [case])
        paths = proofs_of(packed.files["proofs.json"]).inclusion
        for position, path in paths.items():
            hashes = [decoded(step) for step in path]
            assert agrees(verify_inclusion, position - 1, signed.size, leaves[position - 1], hashes, signed.root)


def test_either_follows_what_the_other_proves() -> None:
    draw = random.Random(3)
    leaves = [draw.randbytes(32) for _ in range(300)]
    tree = Tree()
    for size, leaf in enumerate(leaves, start=1):
        tree.add(leaf)
        if draw.random() < 0.2:
            first = draw.randint(1, size)
            root, old = merkle_root(leaves[:size]), merkle_root(leaves[:first])
            assert tree.root() == root
            path = inclusion_proof(first - 1, leaves[:size])
            assert root_by_inclusion(leaves[first - 1], first - 1, size, path) == root
            assert consistent((first, old), (size, root), consistency_proof(first, leaves[:size]))
