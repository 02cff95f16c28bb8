FROM busybox
COPY ./public-html/ /var/www/
EXPOSE 80
CMD ["httpd", "-f", "-h", "/var/www"]
