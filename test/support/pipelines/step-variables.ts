import { randomUUID } from 'node:crypto';
import { eventVariables, shownCommit, type StepEvent } from './step-event.ts';
import { GENERATED } from './step-clone.ts';

/** Where every step has its clone. */
export const CLONE_FOLDER = '/opt/atlassian/pipelines/agent/build';

/** The repository of all steps. */
export const REPOSITORY = { bitbucketWorkspace: 'team', slug: 'app' } as const;

const uuid = (): string => `{${randomUUID()}}`;

/**
 * The default variables of a step (https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/) as a pipe
 * gets them, with the folders that only pipes have.
 */
export function stepVariables(
  event: StepEvent,
  commit: string,
  dockerHostInternal: string,
): Readonly<Record<string, string>> {
  const { bitbucketWorkspace: owner, slug } = REPOSITORY;
  const storage = `${CLONE_FOLDER}/${GENERATED}/pipeline/pipes`;
  return {
    CI: 'true',
    BITBUCKET_BUILD_NUMBER: '7',
    BITBUCKET_CLONE_DIR: CLONE_FOLDER,
    BITBUCKET_COMMIT: shownCommit(event, commit),
    BITBUCKET_WORKSPACE: owner,
    BITBUCKET_REPO_SLUG: slug,
    BITBUCKET_REPO_UUID: uuid(),
    BITBUCKET_REPO_FULL_NAME: `${owner}/${slug}`,
    BITBUCKET_REPO_OWNER: owner,
    BITBUCKET_REPO_IS_PRIVATE: 'true',
    BITBUCKET_PROJECT_KEY: 'TEAM',
    BITBUCKET_PROJECT_UUID: uuid(),
    BITBUCKET_GIT_HTTP_ORIGIN: `http://bitbucket.org/${owner}/${slug}`,
    BITBUCKET_GIT_SSH_ORIGIN: `git@bitbucket.org:${owner}/${slug}.git`,
    BITBUCKET_PIPELINE_UUID: uuid(),
    BITBUCKET_STEP_UUID: uuid(),
    BITBUCKET_STEP_TRIGGERER_UUID: uuid(),
    BITBUCKET_STEP_RUN_NUMBER: '1',
    BITBUCKET_SSH_KEY_FILE: '/opt/atlassian/pipelines/agent/ssh/id_rsa',
    BITBUCKET_PIPELINES_VARIABLES_PATH:
      '/opt/atlassian/pipelines/agent/build/.bitbucket/pipelines/variables.env',
    PIPELINES_JWT_TOKEN: 'a-token-that-no-pipe-needs',
    BITBUCKET_DOCKER_HOST_INTERNAL: dockerHostInternal,
    DOCKER_HOST: 'tcp://host.docker.internal:2375',
    BITBUCKET_PIPE_STORAGE_DIR: `${storage}/preheat/preheat-pipe`,
    BITBUCKET_PIPE_SHARED_STORAGE_DIR: storage,
    ...eventVariables(event),
  };
}
