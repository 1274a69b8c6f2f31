import { aboutValue, type Tell } from './finding.ts';
import type { FileRepository } from './gitpod-file.ts';
import type { AdditionalRepository } from './workspace-config.ts';
import { checkoutBelowWorkspace } from './workspace-folders.ts';

/** What `additionalRepositories:` means. No two checkouts of a workspace may lie in one folder. */
export function additionalRepositories(
  written: readonly FileRepository[],
  checkoutLocation: string,
  tell: Tell,
): AdditionalRepository[] {
  const taken = new Set([checkoutLocation]);
  return written.map(({ url, checkoutLocation: location }, index) => {
    const path = ['additionalRepositories', index, 'checkoutLocation'];
    const folder = checkoutBelowWorkspace(location, path, tell);
    if (folder === undefined) return { url };
    if (taken.has(folder))
      tell(
        aboutValue(
          'error',
          path,
          `${folder} is the checkout of another repository already`,
          'name another folder',
        ),
      );
    taken.add(folder);
    return { url, checkoutLocation: folder };
  });
}
