# Build from the project's root: docker build -f services/multi_agent_orchestrator/orchestrator.Dockerfile .
# `orchestrator.sh build` works with and without BuildKit: without it, the script removes the --mount flags.
# PYTHON_IMAGE names another base, such as a copy of your own. README.md here says how to raise the digest.
ARG PYTHON_IMAGE=
FROM ${PYTHON_IMAGE:-python:3.11-slim@sha256:9c900dea9e8fb7e16277c179b555cc72d29a352dbc33cff48ad5a0412fd5bfc7} AS base

# ---- packages: a virtual environment with the locked packages, and the compiled program ----
FROM base AS packages
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
# Removes what nothing here uses: tests, C sources, headers and types of the packages, zstandard's way for other Pythons,
# and the bytecode of hundreds of colour schemes for program code. The list of the packages stays, to compare with a clone's.
RUN find /opt/venv -type d \( -name tests -o -name test -o -path '*/pygments/lexers/__pycache__' \) -prune -exec rm -rf {} + && \
    find /opt/venv -type f \( -name '*.c' -o -name '*.h' -o -name '*.pyx' -o -name '*.pyi' -o -path '*/zstandard/*_cffi*' \) -delete && \
    cp requirements.txt /opt/venv/requirements.txt && \
    printf '%s\n' '#!/opt/venv/bin/python' 'from agents.__main__ import main' 'main()' >/opt/venv/bin/orchestrator && \
    chmod 755 /opt/venv/bin/orchestrator
WORKDIR /app
COPY agents ./agents
COPY Role ./Role
COPY examples ./examples
RUN /opt/venv/bin/python -m compileall -q agents && chmod -R a+rX,go-w agents Role examples

# ---- the image: no pip, no compiler, no git, no root, no program that gives rights ----
FROM base AS service
SHELL ["/bin/sh", "-eu", "-c"]
RUN groupadd -g 10001 orchestrator && \
    useradd -u 10001 -g 10001 -M -d /tmp/home -s /usr/sbin/nologin orchestrator && \
    mkdir -p /app/agent_memories /app/logs && \
    chown 10001:10001 /app/agent_memories /app/logs && \
    chmod 700 /app/agent_memories /app/logs && \
    python3 -c "import importlib.metadata as m, pathlib; \
[pathlib.Path(f.locate()).unlink(missing_ok=True) for n in ('pip', 'setuptools', 'wheel') for d in m.distributions(name=n) for f in d.files or ()]" && \
    find / -xdev \( -path '*/bin/pip*' -o -path '*-packages/pip' -o -path '*-packages/setuptools' -o -path '*/ensurepip' \) -prune -exec rm -rf {} + && \
    find / -xdev -type f -perm /6000 -delete && \
    find / -xdev -type d -perm /6000 -exec chmod a-s {} +
COPY --from=packages /opt/venv /opt/venv
COPY --from=packages /app /app
WORKDIR /app

# orchestrator.sh adds the revision and its date, which only git knows.
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="multi_agent_orchestrator" \
      org.opencontainers.image.description="A meeting room of 29 role agents on your own machine, with minutes you can check" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}"
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
CMD ["serve", "--host", "0.0.0.0", "--port", "8000", "--without-token"]
