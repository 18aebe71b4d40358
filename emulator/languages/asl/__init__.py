"""The Amazon States Language: definitions checked and compiled, executions moved by events. Pure.

`document.parse` makes a Machine; `machine.start` and `machine.advance` return a Step: the new state
(plain JSON), the history it adds, and the effects to perform. What performs them answers with `answers`.
"""
