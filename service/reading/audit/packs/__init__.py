"""Evidence packs: a case, a sample or the whole log in one file that proves itself."""
