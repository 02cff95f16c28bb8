FROM debian:bookworm
RUN apt-get update && apt-get install -y locales && rm -rf /var/lib/apt/lists/*
ENV LANG=en_US.utf8
