import type { WorkspaceConfig } from '../config/workspace-config.ts';

/** The absolute folders of all checkouts of a workspace, that of the pushed repository first. */
export function checkoutsOf({
  checkoutLocation,
  additionalRepositories = [],
}: Pick<WorkspaceConfig, 'checkoutLocation' | 'additionalRepositories'>): readonly string[] {
  return [checkoutLocation, ...additionalRepositories.map((repository) => repository.checkoutLocation)];
}

/** What Gitpod's variables say of checkouts: the folder of the repository whose configuration it is stands first. */
export function repositoryRoots(
  config: Pick<WorkspaceConfig, 'checkoutLocation' | 'additionalRepositories' | 'mainCheckout'>,
): Readonly<Record<'GITPOD_REPO_ROOT' | 'GITPOD_REPO_ROOTS', string>> {
  const { mainCheckout = config.checkoutLocation } = config;
  const roots = new Set([mainCheckout, ...checkoutsOf(config)]);
  return { GITPOD_REPO_ROOT: mainCheckout, GITPOD_REPO_ROOTS: [...roots].join(',') };
}
