"""Stepwell's own API: the clock of an account, waiters, traces of deliveries, pending work, the local inbox.

A service like the others, with a model of our own in botocore's format (`models/`); the CLI, the console and the
pytest plugin are its clients. Skipping time needs a house of one process; scaled out it is refused. It looks at one
account: a function of another account holds it while a task waits for its answer; what else happens in other accounts
(their executions, what an event sets going there) goes by their time and does not.
"""

from emulator.kit.service import Service

SERVICE = Service("stepwell", __name__, work=True)
