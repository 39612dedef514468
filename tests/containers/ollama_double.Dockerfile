# The tests' stand-in for the model server as an image. Its folder tests/ is the context.
FROM python:3.11-slim
COPY token_odds.py /srv/tests/
COPY ollama_double /srv/tests/ollama_double
WORKDIR /srv
ENV PYTHONPATH=/srv PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DOUBLE_MODELS=llama3.2
USER 10001:10001
ENTRYPOINT ["/bin/sh", "-c", "exec python3 -m tests.ollama_double --host 0.0.0.0 --port 11434 --models \"$DOUBLE_MODELS\" \"$@\"", "double"]
