FROM python:3.12-slim
RUN groupadd -r celery && useradd -r -g celery celery
WORKDIR /app
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt celery redis
COPY --chown=celery:celery . .
USER celery
CMD ["celery", "-A", "tasks", "worker"]
