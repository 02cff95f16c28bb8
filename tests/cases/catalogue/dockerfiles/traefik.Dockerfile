FROM traefik
COPY traefik.yml /etc/traefik/traefik.yml
EXPOSE 80 8080
