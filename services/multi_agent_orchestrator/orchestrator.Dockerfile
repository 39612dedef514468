# Build from the project's root: docker build -f services/multi_agent_orchestrator/orchestrator.Dockerfile .
# `orchestrator.sh build` works with and without BuildKit: without it, the script removes the --mount flags.
ARG PYTHON_IMAGE=python:3.11-slim

# ---- packages: a virtual environment with the locked packages only ----
FROM ${PYTHON_IMAGE} AS packages
# requirements-scale-out.txt adds the client for models on another server.
ARG REQUIREMENTS=requirements.txt
# For users with a package mirror; empty means pip's default. The final image does not contain them.
ARG PIP_INDEX_URL=
ARG PIP_EXTRA_INDEX_URL=
ARG PIP_TRUSTED_HOST=
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
RUN python3 -m venv --without-pip /opt/venv
COPY services/multi_agent_orchestrator/${REQUIREMENTS} ./requirements.txt
RUN --mount=type=cache,target=/root/.cache/pip \
    for name in PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST; do \
        eval "[ -n \"\$$name\" ]" || unset "$name"; \
    done && \
    python3 -m pip --python /opt/venv/bin/python install --require-hashes --no-deps --only-binary :all: -r requirements.txt
# Removes what only a developer needs: the tests, C sources and headers of the packages.
RUN find /opt/venv -type d \( -name tests -o -name test \) -prune -exec rm -rf {} + && \
    find /opt/venv -type f \( -name '*.c' -o -name '*.h' -o -name '*.pyx' -o -name '*.pyi' \) -delete && \
    printf '%s\n' '#!/opt/venv/bin/python' 'from agents.__main__ import main' 'main()' >/opt/venv/bin/orchestrator && \
    chmod 755 /opt/venv/bin/orchestrator

# ---- the image: no pip, no compiler, no git, no root ----
FROM ${PYTHON_IMAGE} AS service
SHELL ["/bin/sh", "-eu", "-c"]
RUN groupadd -g 10001 orchestrator && \
    useradd -u 10001 -g 10001 -M -d /tmp/home -s /usr/sbin/nologin orchestrator && \
    mkdir -p /app/agent_memories /app/logs && \
    chown 10001:10001 /app/agent_memories /app/logs && \
    chmod 700 /app/agent_memories /app/logs && \
    python3 -c "import importlib.metadata as m, pathlib; \
[pathlib.Path(f.locate()).unlink(missing_ok=True) for n in ('pip', 'setuptools', 'wheel') for d in m.distributions(name=n) for f in d.files or ()]" && \
    find / -xdev \( -path '*/bin/pip*' -o -path '*-packages/pip' -o -path '*-packages/setuptools' -o -path '*/ensurepip' \) -prune -exec rm -rf {} +
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY agents ./agents
COPY Role ./Role
COPY examples ./examples
RUN /opt/venv/bin/python -m compileall -q /app/agents && chmod -R a+rX,go-w /app/agents /app/Role /app/examples

ARG VERSION=0.0.0
ARG REVISION=unknown
ARG CREATED=
LABEL org.opencontainers.image.title="multi_agent_orchestrator" \
      org.opencontainers.image.description="A meeting room of 29 role agents on your own machine, with minutes you can check" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
# HOME is on the tmpfs because the root is read-only. The image contains the bytecode, so Python writes none.
ENV PATH=/opt/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp/home \
    AGENTS_DATA_FOLDER=/app/agent_memories \
    AGENTS_LOG_FOLDER=/app/logs \
    AGENTS_USER_FOLDER=/app/agent_memories/own
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=40s --retries=3 \
    CMD ["python", "-c", "from agents.orchestrator import AgentOrchestrator; from agents.api.healthcheck import check; check()"]
ENTRYPOINT ["orchestrator"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
