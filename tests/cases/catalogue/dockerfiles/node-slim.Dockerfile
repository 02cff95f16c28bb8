FROM node:22-slim
ENV NODE_ENV=production
WORKDIR /home/node/app
RUN npm init -y && npm install express helmet cors
COPY --chown=node:node . .
USER node
CMD ["node", "index.js"]
