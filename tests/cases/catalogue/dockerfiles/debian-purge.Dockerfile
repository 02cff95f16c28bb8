FROM debian:bookworm-slim
RUN set -eux; \
    apt-get update; \
    apt-get install -y --no-install-recommends wget; \
    wget -O /usr/local/bin/tool https://example.com/tool-linux-amd64; \
    chmod +x /usr/local/bin/tool; \
    apt-get purge -y --auto-remove wget; \
    rm -rf /var/lib/apt/lists/*
ENTRYPOINT ["tool"]
