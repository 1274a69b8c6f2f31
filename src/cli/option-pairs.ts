import type * as z from 'zod';
import { variableOf } from './variable-of.ts';

/** Options that are of no use without another one, each with that one. */
const NEEDS = [
  ['registry-username', 'registry-password'],
  ['registry-password', 'registry-username'],
  ['bitbucket-email', 'bitbucket-api-token'],
  ['bitbucket-api-token', 'bitbucket-email'],
  // Other tools take a user name of the same variable, so that it may stand alone.
  ['bitbucket-app-password', 'bitbucket-username'],
  ['gcp-service-account', 'gcp-workload-identity-provider'],
] as const;

/** Adds to a schema of options that none is given without the one that it needs; told with everything else that is wrong. */
export function requirePairs<Options extends z.ZodObject>(options: Options): Options {
  return NEEDS.reduce(
    (schema, [name, needed]) =>
      schema.refine((values) => values[name] === undefined || values[needed] !== undefined, {
        path: [needed],
        error: `is missing; ${variableOf(name)} is of no use without it`,
        // Also where another option is wrong.
        when: () => true,
      }),
    options,
  );
}
