import { z } from 'zod';
import type { CallOptions } from '../../oci/content-store.ts';
import type { ApiClient, ApiRequest } from './api-client.ts';
import type { ApiAnswer } from './call-api.ts';
import { readAnswer } from './read-answer.ts';

/** More would be asked for a list that nobody keeps in order any more. */
const MOST_PAGES = 3;

/**
 * The values of a list, page by page: `next` is followed as it is given
 * (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination), and at most three pages are read. `first` is
 * the answer to `request`, where there is one already.
 */
export async function* valuesOf<T>(
  client: ApiClient,
  request: ApiRequest,
  value: z.ZodType<T>,
  { signal, first }: CallOptions & { readonly first?: ApiAnswer },
): AsyncGenerator<T> {
  const Page = z.object({ values: z.array(value), next: z.string().optional() });
  const { query: _, ...rest } = request;
  let answer = first ?? (await client.call(request, { signal }));
  for (let pages = 1; ; pages++) {
    const { values, next } = readAnswer(Page, answer, request.action);
    yield* values;
    if (next === undefined || pages === MOST_PAGES) return;
    answer = await client.call({ ...rest, at: { next } }, { signal });
  }
}
