FROM haskell
WORKDIR /opt/app
COPY Main.hs .
CMD ["runghc", "Main.hs"]
