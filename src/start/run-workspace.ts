import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { runSpec, WORKSPACE_LABEL, type RunSpecRequest } from './run-spec.ts';
import type { RunningWorkspace, Workspaces } from './workspace-engine.ts';

export type RunWorkspaceRequest = Omit<RunSpecRequest, 'takenNames'>;

const ATTEMPTS = 10;

/**
 * Runs a warm image under the name that is wanted, else under the first that is free. A name can be taken by a
 * container that is not listed (stopped,
 * or just made by another start), which shows only when the engine refuses it: then the next one is tried.
 */
export async function runWorkspace(
  request: RunWorkspaceRequest,
  workspaces: Workspaces,
  options: CallOptions,
): Promise<RunningWorkspace> {
  const label = `${WORKSPACE_LABEL.repository}=${request.repository}`;
  const listed = await workspaces.list(label, options);
  const takenNames = new Set(listed.map(({ name }) => name));
  for (let attempt = 1; ; attempt++) {
    const spec = runSpec({ ...request, takenNames });
    try {
      return await workspaces.run(spec, options);
    } catch (thrown) {
      const isLast = request.name !== undefined || attempt >= ATTEMPTS;
      if (isLast || !isNameTaken(thrown, spec.name)) throw thrown;
      takenNames.add(spec.name);
    }
  }
}

/** Ports know failures only by phase and code, neither of which tells this one, so that its words must. */
function isNameTaken(thrown: unknown, name: string): boolean {
  if (!(thrown instanceof PreheatError)) return false;
  const message = messageOf(thrown);
  return message.includes(name) && message.includes('the name is taken');
}
