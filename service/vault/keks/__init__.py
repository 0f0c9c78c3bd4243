"""Where key-encryption keys are kept: each place keeps the contract of `source`."""
