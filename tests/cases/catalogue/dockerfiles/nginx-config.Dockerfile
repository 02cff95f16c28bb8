FROM nginx:alpine
COPY nginx.conf /etc/nginx/nginx.conf
RUN rm -rf /usr/share/nginx/html/* && mkdir -p /var/cache/app
EXPOSE 8080
