"""Random sequences of operations, rendered and applied to real servers: no script of ours may be refused.

A sequence is a list of numbers. Each number makes one step, by chance, from a model of the schema as the steps before
it left it, so that a step is always valid by the database's own rules. What sqlgen refuses to render is left out,
and its reason must be one of :mod:`.refusals`. The rest becomes a script, which the plain client must apply; then the
server's catalogue must be what the model says.

``python -m tests.fuzz --seeds 1000 --database mariadb`` runs longer than the test suite does.
"""
