# One image for web, worker and beat; the command says which.
FROM python:3.11-slim-bookworm AS build
WORKDIR /srv
COPY requirements.txt .
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
# Other typefaces on documents: docker build --build-arg FONTS="fonts-noto-core fonts-noto-cjk"
ARG FONTS="fonts-noto-core fonts-wqy-microhei"
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 $FONTS \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 workmate \
    && install -d -o workmate /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv
COPY --chown=root:root . .
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 WORKMATE_DATA=/data HOST=0.0.0.0
USER workmate
EXPOSE 8000
CMD ["gunicorn", "-c", "deploy/gunicorn.py"]
