FROM node:22-slim AS build
WORKDIR /app
RUN npm init -y && npm install @nestjs/core @nestjs/common @nestjs/platform-express reflect-metadata rxjs && npm install -D @nestjs/cli typescript
COPY . .
RUN npx nest build && npm prune --omit=dev
FROM node:22-slim
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
CMD ["node", "dist/main.js"]
