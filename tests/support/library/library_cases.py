"""The `eventsourcing` library's recorder test cases, imported without the second cryptography package they ask for.

Their module imports `eventsourcing.cipher`, which needs pycryptodome. The library has the same class on the package that
we use, and none of the cases that we run encrypts anything.
"""

import sys

import eventsourcing.cryptography

sys.modules.setdefault("eventsourcing.cipher", eventsourcing.cryptography)

from eventsourcing.tests import persistence  # noqa: E402 - after the line that makes it importable

AggregateRecorderTestCase = persistence.AggregateRecorderTestCase
ApplicationRecorderTestCase = persistence.ApplicationRecorderTestCase
NonInterleavingNotificationIDsBaseCase = persistence.NonInterleavingNotificationIDsBaseCase
RecorderTestCase = persistence.RecorderTestCase

CASES = {name for name in vars(persistence) if name.endswith("Case") and name != "TestCase"}
"""The names of all cases that the library has for persistence."""
