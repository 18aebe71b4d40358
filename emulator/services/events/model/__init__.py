"""Events, rules, targets and calls of API destinations as values. Pure: no store, no clock."""
