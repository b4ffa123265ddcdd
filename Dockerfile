# The image of web, worker, beat and migrate; docker-compose.yml says how each is started.

FROM python:3.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements/base.txt requirements/
RUN pip install --require-hashes --compile -r requirements/base.txt
COPY . .
# Nothing connects and nothing is encrypted here: the addresses and the key are thrown away with this step.
RUN SECRET_KEY=thrown-away DATABASE_URL=postgresql://nowhere/kith REDIS_URL=redis://nowhere STATIC_ROOT=/app/staticfiles \
    python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q .

FROM python:3.12-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/tmp/kith \
    STATIC_ROOT=/app/staticfiles
WORKDIR /app
# The volume of the signed heads takes its owner from here.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin kith \
    && install --directory --owner kith --mode 0700 /var/lib/kith/audit-heads
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
USER kith
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--workers-kill-timeout", "20", "config.wsgi:application"]
