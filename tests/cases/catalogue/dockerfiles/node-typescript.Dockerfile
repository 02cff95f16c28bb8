FROM node:22-slim AS build
WORKDIR /app
RUN npm init -y && npm install -D typescript
COPY tsconfig.json ./
COPY src ./src
RUN npx tsc
FROM node:22-slim
COPY --from=build /app /app
