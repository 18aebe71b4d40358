"""CloudWatch Logs: groups, streams and their events, read in order, searched or sent on to functions.

Exact: groups, streams, the rules of PutLogEvents, tokens of GetLogEvents, retention, tags; filter patterns of terms
(plain, quoted, optional, excluded, regular expressions), of JSON properties and of fields between spaces;
subscription filters to functions.
Deviations: an event can be read at once; storedBytes is up to date; a term is found anywhere in a message; a regular
expression may have parentheses, and where it takes too long, a search is refused and a subscription skips the event,
with a warning. Metric
filters are kept and shown: there are no metrics here. Resource policies are kept and shown, not evaluated. A key is
kept and shown: nothing is encrypted.
Missing (501): subscription filters to other destinations, Insights queries, exports, deliveries.
"""

from pathlib import Path

from emulator.kit.service import Service
from emulator.wire import models

models.add_extras("logs", Path(__file__).with_name("extras.json"))

SERVICE = Service("logs", __name__, work=True)
