FROM hello-world
CMD ["/hello"]
