import { z } from 'zod';

/** An answer of the fake with a JSON body. */
export interface FakeAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A build status as the API gives it back. */
export const FakeStatus = z.looseObject({
  key: z.string(),
  state: z.enum(['INPROGRESS', 'SUCCESSFUL', 'FAILED', 'STOPPED']),
  name: z.string().optional(),
  description: z.string().optional(),
  url: z.string().optional(),
  refname: z.string().optional(),
});
export type FakeStatus = z.infer<typeof FakeStatus>;

/** The build statuses of one repository. */
export interface FakeStatuses {
  /** `POST …/commit/{commit}/statuses/build`: a status of the same key is overwritten. */
  set(commit: string, body: unknown): FakeAnswer;
  /** `GET …/commit/{commit}/statuses/build/{key}`. */
  get(commit: string, key: string): FakeAnswer;
  /** `GET …/commit/{commit}/statuses`. */
  list(commit: string): FakeAnswer;
  all(commit: string): readonly FakeStatus[];
}

/** The error body that all of the API but Code Insights uses. */
export function errorAnswer(status: number, message: string, more: object = {}): FakeAnswer {
  return { status, body: { type: 'error', error: { message, ...more } } };
}

const LONGEST_KEY = 40;

/** Creates the statuses of a repository that has `commits`; like Bitbucket it knows them by 7 and more first digits. */
export function createFakeStatuses(commits: readonly string[]): FakeStatuses {
  const byCommit = new Map<string, Map<string, FakeStatus>>();
  const find = (commit: string): string | undefined =>
    commit.length >= 7 ? commits.find((known) => known.startsWith(commit)) : undefined;
  const all = (commit: string): readonly FakeStatus[] => [...(byCommit.get(commit)?.values() ?? [])];
  const noCommit = (commit: string): FakeAnswer => errorAnswer(404, `Commit not found: ${commit}`);
  return {
    all,
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
      const statuses = byCommit.get(id) ?? new Map<string, FakeStatus>();
      byCommit.set(id, statuses);
      statuses.set(key, { ...parsed.data, type: 'build' });
      return { status: 201, body: statuses.get(key) };
    },
    get(commit, key) {
      const status = byCommit.get(find(commit) ?? '')?.get(key);
      return status === undefined
        ? errorAnswer(404, `Build status not found: ${key}`)
        : { status: 200, body: status };
    },
    list(commit) {
      const id = find(commit);
      if (id === undefined) return noCommit(commit);
      const values = all(id);
      return { status: 200, body: { page: 1, pagelen: 100, size: values.length, values } };
    },
  };
}

function tooLong(key: string): string {
  return `Ensure this value has at most ${LONGEST_KEY} characters (it has ${key.length}).`;
}

function fieldErrors(fields: Readonly<Record<string, readonly string[]>>): FakeAnswer {
  const message = Object.entries(fields)
    .map(([name, errors]) => `${name}: ${errors.join(' ')}`)
    .join('; ');
  return errorAnswer(400, message, { fields });
}
