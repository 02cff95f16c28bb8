FROM gcc:latest AS build
WORKDIR /src
COPY Makefile main.c ./
RUN make
FROM debian:bookworm-slim
COPY --from=build /src /opt/app
