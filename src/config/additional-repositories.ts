import { isOverlapping } from './overlap.ts';
import { contextUrl } from './context-url.ts';
import { aboutValue, type NodePath, type Tell } from './finding.ts';
import type { FileRepository } from './gitpod-file.ts';
import type { AdditionalRepository } from './workspace-config.ts';
import { checkoutBelowWorkspace } from './workspace-folders.ts';

/**
 * What `additionalRepositories:` means. No two checkouts of a workspace may lie in one folder, and none in that of the
 * pushed repository nor around it, whose files come and go with its commits.
 */
export function additionalRepositories(
  written: readonly FileRepository[],
  checkoutLocation: string,
  tell: Tell,
): AdditionalRepository[] {
  const taken = new Set<string>();
  return written.flatMap((repository, index): readonly AdditionalRepository[] => {
    const path = ['additionalRepositories', index];
    const found = additionalRepository(repository, path, tell);
    if (found === undefined) return [];
    const folder = found.checkoutLocation;
    const isTaken = taken.has(folder) || folder === checkoutLocation;
    if (isTaken || isOverlapping(folder, checkoutLocation)) {
      const what = isTaken ? 'is the checkout of another repository already' : `overlaps ${checkoutLocation}`;
      const where = repository.checkoutLocation ? [...path, 'checkoutLocation'] : path;
      tell(aboutValue('error', where, `${folder} ${what}`, 'name another folder'));
    }
    taken.add(folder);
    return [found];
  });
}

function additionalRepository(
  { url, checkoutLocation }: FileRepository,
  path: NodePath,
  tell: Tell,
): AdditionalRepository | undefined {
  const name = addressedName(url, [...path, 'url'], tell);
  if (name === undefined) return undefined;
  const folder = checkoutBelowWorkspace(checkoutLocation || name, [...path, 'checkoutLocation'], tell);
  return folder === undefined ? undefined : { url, checkoutLocation: folder };
}

/** The name of the repository that an address leads to; `undefined` where it is told to lead to none. */
export function addressedName(url: string, path: NodePath, tell: Tell): string | undefined {
  const name = contextUrl(url)?.name;
  if (name === undefined) {
    const message = 'this address names no branch or commit: pull requests and issues are not followed';
    tell(aboutValue('error', path, message, 'write the address of the repository, or of a branch in it'));
  }
  return name;
}
