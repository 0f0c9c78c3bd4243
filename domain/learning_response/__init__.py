"""The proportionate investigation of one or more incidents, and what it found."""
