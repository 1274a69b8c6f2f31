import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createServer } from './server.js';
import { readSettings } from './settings.js';
import { openLinkStore } from './link-store.js';

const settings = readSettings(process.env);
await mkdir(dirname(settings.file), { recursive: true });
const links = await openLinkStore(settings.file);
const server = createServer({ links, logLevel: settings.logLevel });

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.log.info({ signal }, 'closing');
    void server.close();
  });
}

// All interfaces: inside a container, localhost could not be reached from outside.
await server.listen({ host: '0.0.0.0', port: settings.port });
