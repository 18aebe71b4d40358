"""CloudWatch Logs: groups, streams and their events, read in order or searched.

Exact: groups, streams, the rules of PutLogEvents, tokens of GetLogEvents, retention, tags; filter patterns of terms
(plain, quoted, optional, excluded, regular expressions) and of JSON properties.
Deviations: an event can be read at once; storedBytes is up to date; a term is found anywhere in a message.
Missing (501): space-delimited filter patterns, metric filters, subscription filters, Insights queries, exports,
deliveries, resource policies, encryption (a key is kept and shown).
"""

from emulator.kit.service import Service

SERVICE = Service("logs", __name__)
