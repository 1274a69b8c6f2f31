import type { InsightsForge } from '../../report/forge.ts';
import type { ApiClient } from './api-client.ts';
import { REPORTS } from './scopes.ts';

const PURGE = 'remove the earlier report';
const PUT = 'put the report on the commit';
const ANNOTATE = 'put annotations on the commit';

const MOST_ANNOTATIONS = 1000;
const MOST_A_CALL = 100;

/**
 * Reports of commits (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-reports/). The same id overwrites a
 * report but keeps its annotations, so that purging is deleting first
 * (https://github.com/reviewdog/reviewdog/issues/1344). Annotations are upserted by their ids: each call may be repeated.
 */
export function reportsOf(client: ApiClient): InsightsForge {
  return {
    async putReport({ commit, id, annotations, ...body }, { signal, purge }) {
      const at = ['commit', commit, 'reports', id];
      const common = { at, scope: REPORTS } as const;
      if (purge) await client.call({ ...common, method: 'DELETE', action: PURGE, accept: [404] }, { signal });
      const report = { ...body, report_type: 'TEST' };
      await client.call({ ...common, method: 'PUT', action: PUT, body: report }, { signal });
      const most = annotations.slice(0, MOST_ANNOTATIONS);
      for (let start = 0; start < most.length; start += MOST_A_CALL) {
        const part = most.slice(start, start + MOST_A_CALL);
        await client.call(
          { ...common, method: 'POST', at: [...at, 'annotations'], action: ANNOTATE, body: part },
          { signal },
        );
      }
    },
  };
}
