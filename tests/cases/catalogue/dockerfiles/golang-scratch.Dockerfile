FROM golang:1.26-alpine AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 GOOS=linux go build -ldflags="-s -w" -o /out/server .
FROM scratch
COPY --from=build /out/server /server
ENTRYPOINT ["/server"]
