import * as z from 'zod';
import { repeatable } from '../../kernel/repeat-http.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { Forge, PullRequestComment } from '../../report/forge.ts';
import type { ApiClient, ApiRequest } from './api-client.ts';
import { valuesOf } from './pages.ts';
import { queryText } from './query-text.ts';
import { isRateLimit } from './refusal.ts';
import { PULL_REQUESTS } from './scopes.ts';

const ACTION = 'comment on the pull request';

/** Those of someone else with our first line, or just deleted, are passed over; there is no end to them to be tried. */
const MOST_TRIED = 2;

const Comment = z.object({
  id: z.number(),
  deleted: z.boolean().nullish(),
  content: z.object({ raw: z.string().nullish() }).nullish(),
});

/** Comments on pull requests (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/). */
export function commentsOf(client: ApiClient): Pick<Forge, 'putComment'> {
  return {
    async putComment(pullRequest, comment, { signal }) {
      const at = ['pullrequests', String(pullRequest), 'comments'];
      const thread = { client, at, comment, signal };
      let lost: unknown;
      const put = async (): Promise<void> => {
        if (await isReplaced(thread)) return;
        await add(thread).catch((thrown: unknown) => {
          lost = thrown;
          throw thrown;
        });
      };
      // A comment whose answer was lost may be there: it is looked for before it is added again.
      const mayBeThere = (thrown: unknown) => thrown === lost && !isRateLimit(thrown) && repeatable(thrown);
      await client.repeat(put, mayBeThere, { signal });
    },
  };
}

interface Thread extends CallOptions {
  readonly client: ApiClient;
  readonly at: readonly string[];
  readonly comment: PullRequestComment;
}

interface Standing {
  readonly id: number;
  readonly raw: string;
}

/** Puts the comment into the place of the newest one that may be changed. */
async function isReplaced({ client, at, comment, signal }: Thread): Promise<boolean> {
  for (const { id, raw } of await newestOf({ client, at, comment, signal })) {
    if (raw.trim() === comment.text.trim()) return true;
    const request = {
      ...common(comment),
      method: 'PUT',
      at: [...at, String(id)],
      accept: [403, 404],
    } as const;
    const { status } = await client.call(request, { signal });
    if (status < 400) return true;
  }
  return false;
}

async function newestOf({ client, at, comment: { marker }, signal }: Thread): Promise<readonly Standing[]> {
  const request: ApiRequest = {
    method: 'GET',
    at,
    query: {
      q: `content.raw ~ ${queryText(marker)} AND deleted = false`,
      sort: '-created_on',
      pagelen: '50',
      fields: 'next,values.id,values.deleted,values.content.raw',
    },
    action: ACTION,
    scope: PULL_REQUESTS,
  };
  const found: Standing[] = [];
  // The query only says what is contained, in whatever case.
  for await (const { id, deleted, content } of valuesOf(client, request, Comment, { signal })) {
    const raw = content?.raw ?? '';
    if (deleted === true || firstLine(raw) !== firstLine(marker)) continue;
    found.push({ id, raw });
    if (found.length === MOST_TRIED) break;
  }
  return found;
}

async function add({ client, at, comment, signal }: Thread): Promise<void> {
  await client.call({ ...common(comment), method: 'POST', at, repeat: 'unless-done' }, { signal });
}

function common({ text }: PullRequestComment): Pick<ApiRequest, 'body' | 'action' | 'scope'> {
  return { body: { content: { raw: text } }, action: ACTION, scope: PULL_REQUESTS };
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').trim();
}
