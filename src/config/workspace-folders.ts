import { aboutValue, pathText, type NodePath, type Tell } from './finding.ts';
import type { GitpodFile } from './gitpod-file.ts';
import { pathBelow } from './path-below.ts';
import { quoted } from './printable.ts';

/** All checkouts lie below it. */
export const ROOT = '/workspace';

export interface WorkspaceFolders {
  readonly checkoutLocation: string;
  readonly workspaceLocation: string;
  /** The `.code-workspace` file that the file names in the place of a folder. */
  readonly codeWorkspace?: string;
}

/** Where the checkout lies and where tasks run; both are written relative to `/workspace` and may not leave it. */
export function workspaceFolders(file: GitpodFile, repositoryName: string, tell: Tell): WorkspaceFolders {
  const written = checkoutBelowWorkspace(file.checkoutLocation, ['checkoutLocation'], tell);
  const checkoutLocation = written ?? `${ROOT}/${repositoryName}`;
  return { checkoutLocation, ...workspace(file.workspaceLocation, checkoutLocation, tell) };
}

/** The absolute folder of a checkout; `undefined` where none is written, or one that is told to be none. */
export function checkoutBelowWorkspace(
  written: string | undefined,
  path: NodePath,
  tell: Tell,
): string | undefined {
  if (written === undefined || written === '') return undefined;
  const folder = belowWorkspace(written);
  if (folder !== undefined && folder !== ROOT) return folder;
  const message = `${pathText(path)}: ${quoted(written)} is no folder below ${ROOT}`;
  tell(aboutValue('error', path, message, `write a path relative to ${ROOT}, such as "app"`));
  return undefined;
}

function workspace(
  written: string | undefined,
  checkoutLocation: string,
  tell: Tell,
): Omit<WorkspaceFolders, 'checkoutLocation'> {
  if (written === undefined || written === '') return { workspaceLocation: checkoutLocation };
  const folder = belowWorkspace(written);
  if (folder === undefined) {
    const message = `workspaceLocation: ${quoted(written)} leads out of ${ROOT}`;
    tell(aboutValue('error', ['workspaceLocation'], message, `write a path relative to ${ROOT}`));
    return { workspaceLocation: checkoutLocation };
  }
  if (!folder.endsWith('.code-workspace')) return { workspaceLocation: folder };
  return { workspaceLocation: checkoutLocation, codeWorkspace: folder };
}

/** Gitpod joined every path to `/workspace`; one that names that folder itself is taken at its word. */
function belowWorkspace(written: string): string | undefined {
  const inside = written === ROOT || written.startsWith(`${ROOT}/`);
  return pathBelow(ROOT, inside ? written.slice(ROOT.length) : written);
}
