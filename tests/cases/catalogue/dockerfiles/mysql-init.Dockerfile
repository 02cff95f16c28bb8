FROM mysql:8.4
ENV MYSQL_DATABASE=shop
COPY schema.sql /docker-entrypoint-initdb.d/
