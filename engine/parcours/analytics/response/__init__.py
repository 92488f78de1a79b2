"""How messages are answered: by segment and channel, and at which hour. Nobody declares it: it is learned for every project
whose mapping says of some events which message caused them (`send: COLUMN`).

`answers` finds the messages and which of them were answered, `shrinkage` is the statistics, `channels` learns the rates
and `hours` the best hour of each contact; `learning` takes the one that is meant."""
