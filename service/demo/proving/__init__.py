"""The end of the story: whether anybody rewrote it, and how somebody who did would be found out."""
