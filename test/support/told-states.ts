import { z } from 'zod';
import type { FakeBitbucket } from '../fakes/bitbucket.ts';

const Told = z.object({ state: z.string() });

/** The states of build statuses that a fake was told, in their order. */
export function toldStates({ requests }: FakeBitbucket): readonly string[] {
  return requests
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/statuses/build'))
    .map(({ body }) => Told.parse(body).state);
}
