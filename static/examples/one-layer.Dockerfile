FROM busybox

# the same commands as in six layers, in one RUN: what is written
# and removed again inside one step is never stored
RUN mkdir /data \
    && dd if=/dev/zero bs=1024 count=1024 of=/data/one \
    && chmod -R 0777 /data \
    && dd if=/dev/zero bs=1024 count=1024 of=/data/two \
    && chmod -R 0777 /data \
    && rm /data/one

CMD ls -alh /data
