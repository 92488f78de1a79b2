"""What leaves and what comes back: the relay of the outbox, its channels, and the events that people and providers send."""
