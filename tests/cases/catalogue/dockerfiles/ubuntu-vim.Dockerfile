FROM ubuntu:24.04
RUN mkdir /data
RUN echo hello > /data/greeting
CMD ["cat", "/data/greeting"]
