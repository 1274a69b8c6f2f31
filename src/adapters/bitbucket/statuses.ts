import * as z from 'zod';
import type { Forge, KeptStatus } from '../../report/forge.ts';
import type { ApiClient } from './api-client.ts';
import type { ApiAnswer } from './call-api.ts';
import { readAnswer } from './read-answer.ts';
import { STATUSES } from './scopes.ts';

const SET = 'report the build status';
const FIND = 'read the build status';

const Times = z.object({ created_on: z.string(), updated_on: z.string() });
/** What a status may lack in an answer is empty. */
const Kept = z.object({
  key: z.string(),
  state: z.enum(['INPROGRESS', 'SUCCESSFUL', 'FAILED', 'STOPPED']),
  name: z.string().nullish(),
  description: z.string().nullish(),
  url: z.string().nullish(),
  refname: z.string().nullish(),
  updated_on: z.string().nullish(),
});

/** Build statuses of commits (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/). */
export function statusesOf(client: ApiClient): Pick<Forge, 'setStatus' | 'findStatus'> {
  return {
    async setStatus({ commit, ...body }, { signal }) {
      const answer = await client.call(
        {
          method: 'POST',
          at: ['commit', commit, 'statuses', 'build'],
          body,
          action: SET,
          scope: STATUSES,
          priority: body.state === 'INPROGRESS' ? 'status' : 'final-status',
        },
        { signal },
      );
      return { replaced: isReplaced(answer) };
    },
    async findStatus(commit, key, { signal }) {
      const at = ['commit', commit, 'statuses', 'build', key];
      const request = { method: 'GET', at, action: FIND, scope: STATUSES, accept: [404] } as const;
      const answer = await client.call(request, { signal });
      return answer.status === 404 ? undefined : keptStatus(commit, readAnswer(Kept, answer, FIND));
    },
  };
}

/**
 * Bitbucket answers 201 for a new status and 200 for one that it overwrote
 * (https://github.com/buildbot/buildbot/issues/5284), but its description knows 201 only: there the times have to be equal
 * too. In doubt there was one, which costs a request more where the other mistake would leave old annotations.
 */
function isReplaced({ status, body }: ApiAnswer): boolean {
  const times = Times.safeParse(body);
  return status !== 201 || !times.success || times.data.created_on !== times.data.updated_on;
}

function keptStatus(commit: string, kept: z.infer<typeof Kept>): KeptStatus {
  const updatedAt = Date.parse(kept.updated_on ?? '');
  return {
    commit,
    key: kept.key,
    state: kept.state,
    name: kept.name ?? '',
    description: kept.description ?? '',
    url: kept.url ?? '',
    ...(kept.refname ? { refname: kept.refname } : {}),
    ...(Number.isNaN(updatedAt) ? {} : { updatedAt }),
  };
}
