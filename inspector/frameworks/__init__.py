"""Published rule sets, each a file, read by one small evaluator per kind.

`load` reads the files, `kinds` has the evaluators, `profile` puts every verdict on one set of
findings side by side. A verdict is never blended with another, and there is no score of our own.
"""
