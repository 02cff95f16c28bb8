FROM golang:1.26
RUN go install example.com/tools/linter@latest
WORKDIR /work
CMD ["linter"]
