FROM alpine:latest
RUN addgroup -S app && adduser -S -G app app
COPY run.sh /run.sh
USER app
CMD ["sh", "/run.sh"]
