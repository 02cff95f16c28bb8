FROM rails:onbuild
EXPOSE 3000
