"""The register of incidents: one row a case, with what is decided, owed and open."""
