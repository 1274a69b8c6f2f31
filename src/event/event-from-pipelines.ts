import * as z from 'zod';
import { eventError } from './event-error.ts';
import { isSameCommit } from './commit-id.ts';
import { CommitId, Counter, RefName, RemoteUrl, Slug } from './event-terms.ts';
import type { PushedRef, PushEvent } from './push-event.ts';

const FALLBACK_BRANCH = 'main';
const HINT =
  'Run it in a Bitbucket Pipelines step, and do not override the variables that start with "BITBUCKET_"';

/**
 * The variables that are read. A user's variable of the same name overrides what Pipelines sets, so each is checked
 * before it can reach a tag, a URL or a shell
 * (https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/).
 */
const PipelinesVariables = z.object({
  BITBUCKET_COMMIT: CommitId,
  BITBUCKET_WORKSPACE: Slug,
  BITBUCKET_REPO_SLUG: Slug,
  BITBUCKET_BRANCH: RefName.optional(),
  BITBUCKET_TAG: RefName.optional(),
  BITBUCKET_PR_ID: Counter.optional(),
  BITBUCKET_PR_DESTINATION_BRANCH: RefName.optional(),
  BITBUCKET_GIT_HTTP_ORIGIN: RemoteUrl.optional(),
  BITBUCKET_BUILD_NUMBER: Counter.optional(),
  DEFAULT_BRANCH: RefName.optional(),
  COMMIT: CommitId.optional(),
  BRANCH: RefName.optional(),
});
type PipelinesVariables = z.infer<typeof PipelinesVariables>;

/** In a pull request the destination is needed: it decides which records may be read. */
const Checked = PipelinesVariables.superRefine((variables, context) => {
  if (variables.BITBUCKET_PR_ID !== undefined && variables.BITBUCKET_PR_DESTINATION_BRANCH === undefined) {
    context.addIssue({ code: 'custom', path: ['BITBUCKET_PR_DESTINATION_BRANCH'], message: 'is missing' });
  }
});

/**
 * Reads the event from the variables of a Pipelines step. An empty variable counts as absent (Pipelines sets
 * `BITBUCKET_BRANCH` so in some custom pipelines). Pipelines does not tell the default branch: it is the option, else the
 * variable `DEFAULT_BRANCH`, else what the clone knows of its origin, else `main`. Another commit (`COMMIT`) than the one that was pushed belongs to no branch
 * unless one is given (`BRANCH`); it stays in the pull request, since that decides who may read what it makes.
 *
 * Throws a `PreheatError` of phase `event` that names everything that is wrong.
 */
export function eventFromPipelines(
  env: Readonly<Record<string, string | undefined>>,
  options: {
    readonly defaultBranch?: string | undefined;
    /** What the clone knows of its origin. */
    readonly originHead?: string | undefined;
    readonly commit?: string | undefined;
    readonly branch?: string | undefined;
  } = {},
): PushEvent {
  const { defaultBranch: DEFAULT_BRANCH, commit: COMMIT, branch: BRANCH } = options;
  const values = { ...withoutEmpty(env), ...withoutEmpty({ DEFAULT_BRANCH, COMMIT, BRANCH }) };
  const parsed = Checked.safeParse(values, { reportInput: false });
  if (!parsed.success)
    throw eventError('the push from the variables of Pipelines', parsed.error, values, HINT);
  return eventOf(parsed.data, options.originHead ?? FALLBACK_BRANCH);
}

function eventOf(variables: PipelinesVariables, usualBranch: string): PushEvent {
  const { BITBUCKET_GIT_HTTP_ORIGIN: remoteUrl, BITBUCKET_BUILD_NUMBER: buildNumber } = variables;
  const { BITBUCKET_PR_ID: id, BITBUCKET_PR_DESTINATION_BRANCH: destinationBranch } = variables;
  return {
    schemaVersion: 1,
    trigger: 'pipelines',
    commit: variables.COMMIT ?? variables.BITBUCKET_COMMIT,
    ref: refOf(variables),
    ...(id === undefined || destinationBranch === undefined
      ? {}
      : { pullRequest: { id: Number(id), destinationBranch } }),
    repository: { name: variables.BITBUCKET_REPO_SLUG, ...(remoteUrl === undefined ? {} : { remoteUrl }) },
    defaultBranch: variables.DEFAULT_BRANCH ?? usualBranch,
    bitbucket: {
      bitbucketWorkspace: variables.BITBUCKET_WORKSPACE,
      repositorySlug: variables.BITBUCKET_REPO_SLUG,
      ...(buildNumber === undefined ? {} : { buildNumber }),
    },
  };
}

/** A custom pipeline that was started on a commit has neither branch nor tag. */
function refOf({
  BITBUCKET_BRANCH: branch,
  BITBUCKET_TAG: tag,
  BITBUCKET_COMMIT: pushed,
  BRANCH: given,
  COMMIT: commit = pushed,
}: PipelinesVariables): PushedRef {
  if (given !== undefined) return { kind: 'branch', name: given };
  if (!isSameCommit(commit, pushed)) return { kind: 'detached' };
  if (branch !== undefined) return { kind: 'branch', name: branch };
  return tag === undefined ? { kind: 'detached' } : { kind: 'tag', name: tag };
}

function withoutEmpty(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const entries = Object.keys(PipelinesVariables.shape).flatMap((name) => {
    const value = Object.hasOwn(env, name) ? env[name]?.trim() : undefined;
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}
