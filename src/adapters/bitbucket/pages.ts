import * as z from 'zod';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { ApiClient, ApiRequest } from './api-client.ts';
import type { ApiAnswer } from './call-api.ts';
import { readAnswer } from './read-answer.ts';

/** More would be asked for a list that nobody keeps in order any more. */
const MOST_PAGES = 3;
/** Where nothing may be missing; a list that is longer is refused. */
const MOST_PAGES_OF_ALL = 100;

/**
 * The values of a list, page by page: `next` is followed as it is given
 * (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination), and at most three pages are read; with `all`
 * every page, and a list that is too long for that, or that had more values than were seen (one that has left it meanwhile
 * moves the next ones to pages that were read), throws a `PreheatError` (report). `first` is the answer to `request`,
 * where there is one already.
 */
export async function* valuesOf<T>(
  client: ApiClient,
  request: ApiRequest,
  value: z.ZodType<T>,
  { signal, first, all = false }: CallOptions & { readonly first?: ApiAnswer; readonly all?: boolean },
): AsyncGenerator<T> {
  const Page = z.object({ values: z.array(value), next: z.string().optional(), size: z.number().optional() });
  const { query: _, ...rest } = request;
  let answer = first ?? (await client.call(request, { signal }));
  let seen = 0;
  let told = 0;
  for (let pages = 1; ; pages++) {
    const { values, next, size = 0 } = readAnswer(Page, answer, request.action);
    yield* values;
    seen += values.length;
    told = Math.max(told, size);
    if (all && next === undefined && seen < told) throw moved(request.action, seen, told);
    if (next === undefined || (!all && pages === MOST_PAGES)) return;
    if (pages === MOST_PAGES_OF_ALL) throw tooLong(request.action);
    answer = await client.call({ ...rest, at: { next } }, { signal });
  }
}

function tooLong(action: string): PreheatError {
  return new PreheatError(`cannot ${action}: the list has more than ${MOST_PAGES_OF_ALL} pages`, {
    phase: 'report',
  });
}

function moved(action: string, seen: number, told: number): PreheatError {
  return new PreheatError(
    `cannot ${action}: only ${seen} of ${told} were told, since the list changed meanwhile`,
    {
      phase: 'report',
    },
  );
}
