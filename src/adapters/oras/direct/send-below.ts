import type { HttpAnswer, HttpRequest } from './http-exchange.ts';

/** Sends a request for `path` below the API of one repository. */
export type SendBelow = (request: Omit<HttpRequest, 'url'>, path: string) => Promise<HttpAnswer>;
