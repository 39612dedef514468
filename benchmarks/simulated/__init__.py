"""A model server whose speed is arithmetic: Ollama's wire format in front of a cost model in virtual time.

It answers at once and counts what the answers would have cost: prompt tokens that no cache held, divided by a reading
speed; written tokens, divided by a writing speed that depends on how many write at once. Only what the client itself
takes between two requests is real time. Run it with ``python -m benchmarks.simulated``.
"""
