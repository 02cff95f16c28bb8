FROM postgres:16
ENV POSTGRES_DB=shop
COPY init.sql /docker-entrypoint-initdb.d/
EXPOSE 5432
