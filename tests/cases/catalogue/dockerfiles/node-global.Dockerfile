FROM node:22
RUN npm install -g nodemon typescript pm2
WORKDIR /app
COPY . .
CMD ["pm2-runtime", "index.js"]
