/** The folders of a workspace, absolute. */
export interface WorkspaceFolders {
  readonly checkoutLocation: string;
  readonly workspaceLocation: string;
  /** Of the repository whose configuration it is, where that is not the pushed one. */
  readonly mainCheckout?: string | undefined;
  /** Those of other repositories. */
  readonly additionalRepositories?: readonly { readonly checkoutLocation: string }[] | undefined;
}

/** The folder with the `gp` command in workspace images and in the containers of tasks. */
export const COMMANDS_FOLDER = '/.preheat/bin';

/**
 * The variables of Gitpod that files use, as builds, starts and shells of a workspace have them. They follow from the
 * folders alone, so that what a build writes into files holds in each workspace, and keys of steps cover them.
 */
export function workspaceVariables({
  checkoutLocation,
  workspaceLocation,
  mainCheckout = checkoutLocation,
  additionalRepositories = [],
}: WorkspaceFolders): Readonly<Record<string, string>> {
  const id = workspaceId(checkoutLocation);
  const beside = additionalRepositories.map((repository) => repository.checkoutLocation);
  return {
    GITPOD_REPO_ROOT: mainCheckout,
    GITPOD_REPO_ROOTS: [...new Set([mainCheckout, checkoutLocation, ...beside])].join(','),
    GITPOD_WORKSPACE_ID: id,
    GITPOD_INSTANCE_ID: id,
    GITPOD_WORKSPACE_URL: 'http://localhost',
    GITPOD_WORKSPACE_CLUSTER_HOST: 'localhost',
    GITPOD_HOST: 'http://localhost',
    THEIA_WORKSPACE_ROOT: workspaceLocation,
  };
}

/** The name of the checkout's folder, in the characters that a host name takes. */
function workspaceId(checkoutLocation: string): string {
  const name = checkoutLocation.split('/').findLast((part) => part !== '') ?? '';
  const id = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return id === '' ? 'workspace' : id;
}
