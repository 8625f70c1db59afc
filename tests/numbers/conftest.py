"""Instances on databases that keep what they committed, whatever is killed."""

from tests.numbers.durable import durable

__all__ = ["durable"]
