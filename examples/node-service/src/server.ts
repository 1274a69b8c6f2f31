import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { nanoid } from 'nanoid';
import { z, ZodError } from 'zod';
import { NewLink } from './link.js';
import type { LinkStore } from './link-store.js';
import { linksPage } from './links-page.js';

export interface ServerParts {
  readonly links: LinkStore;
  readonly logLevel: string;
}

/** Builds the HTTP service without listening. The API is described in docs/api.md. */
export function createServer({ links, logLevel }: ServerParts): FastifyInstance {
  const server = Fastify({ logger: { level: logLevel } });
  server.setErrorHandler<FastifyError | ZodError>(async (error, request, reply) => {
    if (error instanceof ZodError) return reply.code(400).send({ error: z.prettifyError(error) });
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error(error);
    return reply.code(status).send({ error: status >= 500 ? 'something went wrong' : error.message });
  });
  server.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).send({ error: 'there is no such thing' }),
  );
  server.get('/', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(linksPage(links.list())),
  );
  server.get('/health', async () => ({ status: 'ok', links: links.list().length, uptime: process.uptime() }));
  addLinkRoutes(server, links);
  return server;
}

function addLinkRoutes(server: FastifyInstance, links: LinkStore): void {
  server.get('/links', async () => links.list());
  server.post('/links', async (request, reply) => {
    const { url, name = nanoid(8) } = NewLink.parse(request.body);
    if (links.find(name) !== undefined) return reply.code(409).send({ error: `"${name}" is taken` });
    const link = { name, url, createdAt: new Date().toISOString(), visits: 0 };
    await links.put(link);
    return reply.code(201).header('location', `/${name}`).send(link);
  });
  server.delete<{ Params: { name: string } }>('/links/:name', async (request, reply) => {
    const removed = await links.remove(request.params.name);
    return removed ? reply.code(204).send() : reply.callNotFound();
  });
  server.get<{ Params: { name: string } }>('/:name', async (request, reply) => {
    const link = links.find(request.params.name);
    if (link === undefined) return reply.callNotFound();
    await links.put({ ...link, visits: link.visits + 1 });
    return reply.redirect(link.url, 302);
  });
}
