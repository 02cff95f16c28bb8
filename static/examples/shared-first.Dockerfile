FROM busybox

RUN mkdir /srv
RUN dd if=/dev/zero bs=1024 count=1024 of=/srv/common
RUN echo "I am the first image" > /srv/name

CMD ["cat", "/srv/name"]
