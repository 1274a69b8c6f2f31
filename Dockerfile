# The pipe's image: Node 24 and the programs that a build calls. Sources run as they are.
ARG BASE=node:24-trixie-slim
FROM ${BASE}
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates git oras \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /preheat
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=secret,id=ca \
    if [ -s /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; \
    npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY image image
COPY src src
COPY pipe pipe
ENTRYPOINT ["node", "/preheat/pipe/main.ts"]
