"""Histories: a case at any point of any clock; import and export of event logs."""
