import { isPublished } from './run-spec.ts';
import type { UnpublishedPorts } from './start-result.ts';
import type { LabelPort, WorkspaceLabel } from './workspace-label.ts';

/** What `.gitpod.yml` says of a port: its own entry's words, else those of the first range that it lies in. */
export function descriptionOf(
  { ports }: WorkspaceLabel,
  port: number,
): Partial<Omit<LabelPort, 'first' | 'last'>> {
  const entries = ports.filter(({ first, last }) => first <= port && port <= last);
  const entry = entries.find(({ first, last }) => first === last) ?? entries[0];
  if (entry === undefined) return {};
  const { first: _first, last: _last, ...described } = entry;
  return described;
}

/** The entries whose ports stay inside the workspace. */
export function unpublishedPorts({ ports }: WorkspaceLabel): readonly UnpublishedPorts[] {
  return ports.filter((port) => !isPublished(port)).map(({ protocol: _protocol, ...described }) => described);
}
