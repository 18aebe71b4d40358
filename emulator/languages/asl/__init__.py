"""The Amazon States Language: definitions checked and compiled, executions moved by events. Pure.

`document.parse` makes a Machine; `machine.start` and `machine.advance` return a Step: the new state
(plain JSON), the history it adds, and the effects to perform. What performs them answers with `answers`.

Where to look: a definition is checked by `checks` and the other `..._checks`, which report `problems` in AWS's words;
what is inside a state is told by `scopes`. A `run` moves `frames` through the `states`, one file each; `dataflow` takes
data in and out of them, by the `templates` of JSONPath or the `queries` of JSONata; `failing` meets a state's failure
with its Retry and Catch. `single` runs one state alone, for TestState.
"""
