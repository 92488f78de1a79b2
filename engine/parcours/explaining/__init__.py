"""Why a contact got what it got: read from the state and the datamart, told as a time line."""
