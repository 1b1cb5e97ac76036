# One image for `hearth serve` and `hearth worker`: no compiler, no tests, no demo content, not root.
# Build: docker build -t hearth .       Run: see compose.yaml and docs/operating.md
#
# SQLite: the library in this base image is older than 3.51.3, which can corrupt a database when a writer and a
# checkpoint meet. Hearth keeps them apart (`hearth doctor` prints the version and the guard); compose.yaml uses
# PostgreSQL, which this does not touch.

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv /opt/tools && python -m venv --without-pip /opt/hearth
COPY requirements-build.lock requirements.lock ./
# Each file is checked against the hash in the lock file, and nothing is built from source.
RUN /opt/tools/bin/pip install --require-hashes --only-binary :all: --requirement requirements-build.lock \
 && /opt/tools/bin/pip --python /opt/hearth/bin/python install --require-hashes --only-binary :all: \
      --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY app app
RUN /opt/tools/bin/pip wheel --no-deps --no-build-isolation --no-index --wheel-dir /src/wheel . \
 && /opt/tools/bin/pip --python /opt/hearth/bin/python install --no-deps --no-index /src/wheel/*.whl \
 && /opt/hearth/bin/python -m compileall -q -j 0 /opt/hearth/lib

FROM python:3.13-slim
# The numbers are fixed so that a volume keeps its owner from one image to the next.
RUN groupadd --system --gid 10001 hearth \
 && useradd --system --uid 10001 --gid hearth --home-dir /data --no-create-home --shell /usr/sbin/nologin hearth \
 && install -d -o hearth -g hearth -m 0700 /data
COPY --from=build /opt/hearth /opt/hearth
ENV PATH=/opt/hearth/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HEARTH_DATA_DIR=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# Asks the process itself, under the public name (it answers to no other); compose.yaml turns this off for the worker.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-c", "\
import http.client, os, urllib.parse; \
name = urllib.parse.urlsplit(os.environ.get('HEARTH_BASE_URL', 'http://127.0.0.1:8000')).netloc; \
here = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); \
here.request('GET', '/healthz', headers={'Host': name}); \
raise SystemExit(here.getresponse().status != 200)"]
ENTRYPOINT ["hearth"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
