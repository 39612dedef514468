"""A model server with computed speed: Ollama's wire format and a cost model in virtual time.

It answers immediately and computes the time of the answers: the prompt tokens that are not in a cache, divided by the
speed of evaluation, and the generated tokens, divided by a speed that depends on the number of slots at work. Only the
time that the client uses between two requests is real. Run it with ``python -m benchmarks.simulated``.
"""
