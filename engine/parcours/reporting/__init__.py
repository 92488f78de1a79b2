"""What messages and journeys came to over a span: the report of `parcours report`, whoever made the state.

`span` says which instants count, `sends` which messages and what became of their delivery, `reactions` what contacts did
with them, `rates` the figures and their definitions, `breakdown` these by journey, channel, segment and so on, `goals` what
journeys were for, `passages` who took which way; `report` is all of it. `as_json`, `as_csv`, `text` and `page` show it."""
