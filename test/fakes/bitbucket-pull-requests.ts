import { createHash } from 'node:crypto';
import { errorAnswer, type FakeAnswer } from './bitbucket-answer.ts';
import { createFakeComments, type FakeComments } from './bitbucket-comments.ts';
import { listAnswer, type ListRequest } from './bitbucket-query.ts';

/** A pull request of a repository. */
export interface FakePullRequest {
  readonly id: number;
  /** `OPEN` by default. */
  readonly state?: 'OPEN' | 'MERGED' | 'DECLINED' | 'SUPERSEDED';
  /** The branch that is to be merged, and its newest commit. */
  readonly branch: string;
  readonly commit: string;
  /** Other commits of it. */
  readonly earlier?: readonly string[];
  /** `workspace/slug` of the repository that the branch is of, where it is a fork; nothing where that was deleted. */
  readonly fork?: string | null;
}

/**
 * What is known of the commits of pull requests: by default the app that makes the index is not installed; then it may be at
 * work, or it may be ready, with answers that are whole or tell only which pull request it is.
 */
export type CommitLinks = 'absent' | 'indexing' | 'ready' | 'condensed';

/** The pull requests of one repository. */
export interface FakePullRequests {
  links: CommitLinks;
  open(pullRequest: FakePullRequest): void;
  /** `GET …/pullrequests`: the open ones, where a query does not say another state. */
  list(request: ListRequest): FakeAnswer;
  /** `GET …/commit/{commit}/pullrequests`: in all states. */
  listOf(commit: string, request: ListRequest): FakeAnswer;
  /** Comments of one; absent where there is none of that number. */
  comments(id: number): FakeComments | undefined;
}

/** Creates the pull requests of a repository. */
export function createFakePullRequests(
  repository: string,
  find: (commit: string) => string | undefined,
  now: () => string,
): FakePullRequests {
  const all = new Map<number, { readonly one: FakePullRequest; readonly comments: FakeComments }>();
  let comments = 0;
  const values = () => [...all.values()].map(({ one }) => one);
  const pullRequests: FakePullRequests = {
    links: 'absent',
    open(one) {
      const kept = all.get(one.id)?.comments;
      all.set(one.id, { one, comments: kept ?? createFakeComments(() => ++comments, now) });
    },
    list(request) {
      const isAsked = request.query.get('q')?.includes('state') ?? false;
      const found = values().filter(({ state = 'OPEN' }) => isAsked || state === 'OPEN');
      return listAnswer(
        found.map((one) => shown(one, repository)),
        request,
      );
    },
    listOf(commit, request) {
      const { links } = pullRequests;
      const id = find(commit);
      if (links === 'absent' || id === undefined) return errorAnswer(404, 'Invalid or unknown installation');
      if (links === 'indexing') return { status: 202, body: { values: [] } };
      const found = values().filter((one) => one.commit === id || one.earlier?.includes(id) === true);
      const show = links === 'ready' ? shown : condensed;
      return listAnswer(
        found.map((one) => show(one, repository)),
        request,
      );
    },
    comments: (id) => all.get(id)?.comments,
  };
  return pullRequests;
}

/** Hashes are cut to 12 characters (https://github.com/jenkinsci/bitbucket-branch-source-plugin/issues/63). */
function shown({ id, state = 'OPEN', branch, commit, fork }: FakePullRequest, repository: string) {
  const destination = { branch: { name: 'main' }, repository: repositoryOf(repository) };
  const source = {
    branch: { name: branch },
    commit: { type: 'commit', hash: commit.slice(0, 12) },
    repository: fork === null ? null : repositoryOf(fork ?? repository),
  };
  const { repository: from, ...rest } = source;
  return {
    ...condensed({ id }),
    state,
    source: from === null ? rest : source,
    destination,
  };
}

function condensed({ id }: Pick<FakePullRequest, 'id'>) {
  const links = { self: { href: `https://api.bitbucket.org/2.0/pullrequests/${id}` } };
  return { type: 'pullrequest', id, title: `Change ${id}`, links };
}

function repositoryOf(name: string) {
  const hex = createHash('sha256').update(name).digest('hex').slice(0, 32);
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '{$1-$2-$3-$4-$5}');
  return { type: 'repository', full_name: name, uuid };
}
