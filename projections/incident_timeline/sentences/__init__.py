"""What each event says in plain English; no sentence ever holds a personal value or somebody's own words."""
