"""Checks of chat templates: what in a template's text a person should look at before trusting it.

Nothing here renders a template; `roles` and `probes` take a function that does. Nothing here calls
a template good: a rule finds its pattern, or doesn't, and neither says what a model will answer.
"""
