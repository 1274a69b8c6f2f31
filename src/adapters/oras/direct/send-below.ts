import type { RegistryRequest } from './authorized-requests.ts';
import type { HttpAnswer } from './http-exchange.ts';

/** Sends a request for `path` below the API of one repository. */
export type SendBelow = (
  request: Omit<RegistryRequest, 'url' | 'registry' | 'repository'>,
  path: string,
) => Promise<HttpAnswer>;
