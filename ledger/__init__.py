"""The write side: taking events in, positions, storage, sealing of personal data."""
