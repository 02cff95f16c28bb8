FROM python:3.12-slim
WORKDIR /app
COPY requirements.txt manage.py ./
RUN pip install --no-cache-dir django gunicorn whitenoise
COPY . .
RUN python manage.py collectstatic --noinput
CMD ["gunicorn", "site.wsgi"]
