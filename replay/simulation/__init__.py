"""The simulator: an imagined year of one district, pure and seeded.

It is for training, demonstrations and tests. Everything in it is invented; what is calibrated on
published figures and what is assumed stands at the head of each module.
"""

from replay.simulation.schemes import SCHEMES, Lookalike, Planted, Scheme, Schemes
from replay.simulation.simulation import Simulation
from replay.simulation.writing import write

__all__ = ["SCHEMES", "Lookalike", "Planted", "Scheme", "Schemes", "Simulation", "write"]
