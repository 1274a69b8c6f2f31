import { aboutValue, type Tell } from './finding.ts';
import type { GitpodFile } from './gitpod-file.ts';
import { pathBelow } from './path-below.ts';
import { quoted } from './printable.ts';

const ROOT = '/workspace';

export interface WorkspaceFolders {
  readonly checkoutLocation: string;
  readonly workspaceLocation: string;
}

/** Where the checkout lies and where tasks run; both are written relative to `/workspace` and may not leave it. */
export function workspaceFolders(file: GitpodFile, repositoryName: string, tell: Tell): WorkspaceFolders {
  const checkoutLocation = checkout(file.checkoutLocation, `${ROOT}/${repositoryName}`, tell);
  return { checkoutLocation, workspaceLocation: workspace(file.workspaceLocation, checkoutLocation, tell) };
}

function checkout(written: string | undefined, fallback: string, tell: Tell): string {
  if (written === undefined || written === '') return fallback;
  const folder = belowWorkspace(written);
  if (folder !== undefined && folder !== ROOT) return folder;
  const message = `checkoutLocation: ${quoted(written)} is no folder below ${ROOT}`;
  tell(aboutValue('error', ['checkoutLocation'], message, `write a path relative to ${ROOT}, such as "app"`));
  return fallback;
}

function workspace(written: string | undefined, checkoutLocation: string, tell: Tell): string {
  if (written === undefined || written === '') return checkoutLocation;
  const folder = belowWorkspace(written);
  if (folder === undefined) {
    const message = `workspaceLocation: ${quoted(written)} leads out of ${ROOT}`;
    tell(aboutValue('error', ['workspaceLocation'], message, `write a path relative to ${ROOT}`));
    return checkoutLocation;
  }
  if (!folder.endsWith('.code-workspace')) return folder;
  const message =
    'workspaceLocation: a code-workspace file is not acted on by this version; tasks run in the checkout';
  tell(aboutValue('info', ['workspaceLocation'], message));
  return checkoutLocation;
}

/** Gitpod joined every path to `/workspace`; one that names that folder itself is taken at its word. */
function belowWorkspace(written: string): string | undefined {
  const inside = written === ROOT || written.startsWith(`${ROOT}/`);
  return pathBelow(ROOT, inside ? written.slice(ROOT.length) : written);
}
