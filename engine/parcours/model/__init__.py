"""The declarations as frozen pydantic models: what a journey file says, each part with its place."""
