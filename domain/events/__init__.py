"""What the data of each type of event holds: one frozen model a type, one module a family.

The registry of types is `domain.registry`; a field is required exactly where a model gives it no
default, and what no model declares is kept.
"""
