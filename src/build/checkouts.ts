import type { WorkspaceConfig } from '../config/workspace-config.ts';

/** The absolute folders of all checkouts of a workspace, that of the pushed repository first. */
export function checkoutsOf({
  checkoutLocation,
  additionalRepositories = [],
}: Pick<WorkspaceConfig, 'checkoutLocation' | 'additionalRepositories'>): readonly string[] {
  return [checkoutLocation, ...additionalRepositories.map((repository) => repository.checkoutLocation)];
}
