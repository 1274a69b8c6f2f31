/** What starts a pipeline, as far as a step's variables show it. */
export type StepEvent =
  | { readonly kind: 'push'; readonly branch: string }
  | { readonly kind: 'pull-request'; readonly id: number; readonly branch: string; readonly into: string }
  | { readonly kind: 'tag'; readonly tag: string }
  /** Started by hand, by a schedule or by the API on a branch. */
  | { readonly kind: 'custom'; readonly branch: string }
  /** Started on a commit alone. */
  | { readonly kind: 'custom-commit'; readonly commit: string };

/** The ref of the repository that the step's commit was taken from. */
export function refOfEvent(event: StepEvent): string {
  switch (event.kind) {
    case 'tag':
      return event.tag;
    case 'custom-commit':
      return event.commit;
    case 'push':
    case 'pull-request':
    case 'custom':
      return event.branch;
  }
}

/** Pipelines cuts the commit to 12 digits in pull requests (BCLOUD-19393). */
export function shownCommit(event: StepEvent, commit: string): string {
  return event.kind === 'pull-request' ? commit.slice(0, 12) : commit;
}

/** The variables of an event, beside those that all steps have. */
export function eventVariables(event: StepEvent): Readonly<Record<string, string>> {
  switch (event.kind) {
    case 'push':
    case 'custom':
      return { BITBUCKET_BRANCH: event.branch };
    case 'pull-request':
      return {
        BITBUCKET_BRANCH: event.branch,
        BITBUCKET_PR_ID: String(event.id),
        BITBUCKET_PR_DESTINATION_BRANCH: event.into,
        BITBUCKET_PR_DESTINATION_COMMIT: 'd'.repeat(12),
      };
    case 'tag':
      return { BITBUCKET_TAG: event.tag };
    case 'custom-commit':
      return { BITBUCKET_BRANCH: '' };
  }
}
