"""An item of evidence: preserved, and in whose custody it is."""
