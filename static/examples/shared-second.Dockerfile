FROM busybox

# these two lines are the same as in the first image,
# so both images use the same two layers
RUN mkdir /srv
RUN dd if=/dev/zero bs=1024 count=1024 of=/srv/common
# from here on they differ
RUN echo "I am the second image" > /srv/name

CMD ["cat", "/srv/name"]
