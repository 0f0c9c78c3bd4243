"""Every improvement action: owner, due day, strength, monitoring, and how far it is."""
