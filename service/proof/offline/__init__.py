"""The auditor's verifier: it checks a pack without trusting, or importing, anything of the service that made it."""
