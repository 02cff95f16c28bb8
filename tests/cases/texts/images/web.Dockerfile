FROM scratch AS base
LABEL description="A base image of ours, with a text that is longer than the forty-five characters shown"
COPY one.txt /data/
ENV GREETING="a < b & c > d"
FROM base
MAINTAINER Someone <someone@example.org>
ARG VERSION=1
COPY --chown=7:8 two.txt three.txt /srv/www/
WORKDIR /srv/www
ENV 이름=한글로된아주긴값입니다이것은마흔다섯칸을넘을것입니다정말로
EXPOSE 80 443/udp 8000-8002
VOLUME /var/lib/data /cache
USER 1000:1000
HEALTHCHECK --interval=5m --timeout=3s --retries=2 CMD ["/bin/check"]
STOPSIGNAL SIGQUIT
SHELL ["/bin/bash", "-c"]
ONBUILD COPY . /app
ENTRYPOINT ["/bin/server", "--port=80"]
CMD ["--verbose",	"--name", "a b"]
