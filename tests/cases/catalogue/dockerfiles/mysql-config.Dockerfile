FROM mysql:8.4
COPY my.cnf /etc/mysql/conf.d/
RUN chmod 0444 /etc/mysql/conf.d/my.cnf
