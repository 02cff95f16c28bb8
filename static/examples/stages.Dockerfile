FROM alpine:3.20 AS build
WORKDIR /src
# the tools are large, and nobody needs them later
RUN dd if=/dev/zero bs=1024 count=4096 of=toolchain
RUN mkdir /out && echo '#!/bin/sh' > /out/app && chmod +x /out/app
RUN echo "built with care" > /out/build.log

# no other stage takes anything from this one
FROM build AS test
RUN test -x /out/app

FROM busybox
LABEL org.opencontainers.image.title=app
COPY --from=build /out/app /usr/local/bin/
COPY --from=build /out/build.log /usr/share/doc/app/
ENTRYPOINT ["/usr/local/bin/app"]
