"""The process of jobs: how it is put together, run by itself, or started and looked after by the server."""
