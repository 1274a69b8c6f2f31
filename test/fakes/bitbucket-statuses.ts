import { z } from 'zod';
import { errorAnswer, fieldErrors, type FakeAnswer } from './bitbucket-answer.ts';
import { listAnswer, type ListRequest } from './bitbucket-query.ts';

/** A build status as it is sent. */
export const FakeStatus = z.looseObject({
  key: z.string(),
  state: z.enum(['INPROGRESS', 'SUCCESSFUL', 'FAILED', 'STOPPED']),
  name: z.string().optional(),
  description: z.string().optional(),
  url: z.string().optional(),
  refname: z.string().optional(),
});
export type FakeStatus = z.infer<typeof FakeStatus>;

/** As it is given back. */
interface ShownStatus extends FakeStatus {
  readonly type: 'build';
  readonly created_on: string;
  readonly updated_on: string;
}

/** The build statuses of one repository. */
export interface FakeStatuses {
  /**
   * `POST …/commit/{commit}/statuses/build`: a status of the same key is overwritten, and answered by 200
   * (https://github.com/buildbot/buildbot/issues/5284).
   */
  set(commit: string, body: unknown): FakeAnswer;
  /** `GET …/commit/{commit}/statuses/build/{key}`. */
  get(commit: string, key: string): FakeAnswer;
  /** `GET …/commit/{commit}/statuses`. */
  list(commit: string, request: ListRequest): FakeAnswer;
  /** As they were sent. */
  all(commit: string): readonly FakeStatus[];
}

const LONGEST_KEY = 40;

/** Creates the statuses of a repository; `find` tells the full id of a commit that it has. */
export function createFakeStatuses(
  find: (commit: string) => string | undefined,
  now: () => string,
): FakeStatuses {
  const byCommit = new Map<string, Map<string, ShownStatus>>();
  const shown = (commit: string): readonly ShownStatus[] => [...(byCommit.get(commit)?.values() ?? [])];
  const noCommit = (commit: string): FakeAnswer => errorAnswer(404, `Commit not found: ${commit}`);
  return {
    all: (commit) => shown(commit).map(({ type: _, created_on: __, updated_on: ___, ...sent }) => sent),
    set(commit, body) {
      const id = find(commit);
      if (id === undefined) return noCommit(commit);
      const parsed = FakeStatus.safeParse(body);
      if (!parsed.success)
        return fieldErrors(
          Object.fromEntries(parsed.error.issues.map((issue) => [issue.path.join('.'), [issue.message]])),
        );
      const { key } = parsed.data;
      if (key.length > LONGEST_KEY) return fieldErrors({ key: [tooLong(key)] });
      const statuses = byCommit.get(id) ?? new Map<string, ShownStatus>();
      byCommit.set(id, statuses);
      const earlier = statuses.get(key);
      const updated_on = now();
      const created_on = earlier?.created_on ?? updated_on;
      statuses.set(key, { ...parsed.data, type: 'build', created_on, updated_on });
      return { status: earlier === undefined ? 201 : 200, body: statuses.get(key) };
    },
    get(commit, key) {
      const status = byCommit.get(find(commit) ?? '')?.get(key);
      return status === undefined
        ? errorAnswer(404, `Build status not found: ${key}`)
        : { status: 200, body: status };
    },
    list(commit, request) {
      const id = find(commit);
      return id === undefined ? noCommit(commit) : listAnswer(shown(id), request);
    },
  };
}

function tooLong(key: string): string {
  return `Ensure this value has at most ${LONGEST_KEY} characters (it has ${key.length}).`;
}
