"""An improvement action, from agreed to verified."""
