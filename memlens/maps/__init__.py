"""Maps of a trajectory: made, averaged, refined, and how their values are displayed."""
