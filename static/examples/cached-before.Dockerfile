FROM busybox

RUN mkdir /app
# a slow step that rarely changes
RUN dd if=/dev/zero bs=1024 count=2048 of=/app/dependencies
# a quick step that changes often
RUN echo "version 1" > /app/version

CMD ["cat", "/app/version"]
