FROM scratch
COPY one.txt /data/
COPY three.txt /
CMD /bin/sh -c 'echo 	tab'
