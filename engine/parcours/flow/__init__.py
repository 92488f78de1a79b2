"""What a journey can do as a whole: loops, ways that nobody can take, durations, the pressure bound."""
