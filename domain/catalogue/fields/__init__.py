"""What every field of every event is for: who answers for it, why it is kept, which class of data it is."""
