/** A commit of a repository on bitbucket.org, and the pipeline that runs for it. */
export interface BitbucketCommit {
  readonly bitbucketWorkspace: string;
  readonly repositorySlug: string;
  /** Full commit id. */
  readonly commit: string;
  /** Absent outside Pipelines. */
  readonly buildNumber?: string | undefined;
}

/** The page where people see this run: the pipeline's result, or the commit where no pipeline runs. */
export function bitbucketPage({
  bitbucketWorkspace,
  repositorySlug,
  commit,
  buildNumber,
}: BitbucketCommit): string {
  // Encoded, because Bitbucket expands `{…}` in the address of a status as a template.
  const path = [bitbucketWorkspace, repositorySlug].map(encodeURIComponent).join('/');
  const page =
    buildNumber === undefined
      ? `commits/${encodeURIComponent(commit)}`
      : `pipelines/results/${encodeURIComponent(buildNumber)}`;
  return `https://bitbucket.org/${path}/${page}`;
}
