"""Whether conditions can hold at all. Begin reading at `search`."""
