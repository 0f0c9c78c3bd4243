# syntax=docker/dockerfile:1

# Build: the pinned packages, and the service as a wheel beside them. Nothing of the build tools reaches the image.
FROM python:3.11.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /source
COPY requirements/run.txt requirements/build.txt requirements/
RUN python -m venv /tools \
    && /tools/bin/pip install --require-hashes -r requirements/build.txt \
    && python -m venv /opt/incident-ledger \
    && /opt/incident-ledger/bin/pip install --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY domain domain
COPY projections projections
COPY service service
COPY migrations migrations
RUN /tools/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/incident-ledger/bin/pip install --no-deps --no-index /wheels/*.whl \
    && /opt/incident-ledger/bin/python -m compileall -q /opt/incident-ledger/lib \
    && /opt/incident-ledger/bin/pip uninstall --yes pip setuptools

# Run: an ordinary user with a number (and a name, which peer authentication of the embedded server asks for).
FROM python:3.11.13-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin ledger \
    && install --directory --owner=10001 --group=10001 --mode=0700 /home/ledger
COPY --from=build /opt/incident-ledger /opt/incident-ledger
ENV PATH=/opt/incident-ledger/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    INCIDENT_LEDGER_HOME=/home/ledger
USER 10001:10001
WORKDIR /home/ledger
VOLUME ["/home/ledger"]
EXPOSE 8000
STOPSIGNAL SIGTERM
# The root file system may be read-only: only /home/ledger and /tmp are written to.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/_status', timeout=4)"]
ENTRYPOINT ["incident-ledger"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
