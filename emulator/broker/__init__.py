"""Hints between threads and processes that there is work; the truth is elsewhere, so one may get lost."""

from emulator.broker.broker import Broker

__all__ = ["Broker"]
