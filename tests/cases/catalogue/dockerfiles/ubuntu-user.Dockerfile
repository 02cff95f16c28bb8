FROM ubuntu:22.04
ENV DEBIAN_FRONTEND=noninteractive
RUN groupadd -r app && useradd -r -g app app
COPY --chown=app:app start.sh /start.sh
USER app
ENTRYPOINT ["/start.sh"]
