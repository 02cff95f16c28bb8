FROM scratch
LABEL description="A base image of ours, with a text that is longer than the forty-five characters shown"
COPY one.txt /data/
ENV GREETING="a < b & c > d"
