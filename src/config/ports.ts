import { aboutValue, type NodePath, type Tell } from './finding.ts';
import type { FilePort } from './gitpod-file.ts';
import type { Port } from './workspace-config.ts';

const HIGHEST = 65_535;

/**
 * What `ports:` means. A port that cannot exist is told and left out, since it never kept a Gitpod workspace from
 * starting; of two equal entries the first counts.
 */
export function ports(written: readonly FilePort[], tell: Tell): Port[] {
  const seen = new Set<string>();
  return written.flatMap((entry, index) => {
    const path = ['ports', index];
    const range = rangeOf(entry.port, [...path, 'port'], tell);
    if (range === undefined) return [];
    const key = `${range.first}-${range.last}`;
    if (seen.has(key)) {
      tell(
        aboutValue(
          'warning',
          [...path, 'port'],
          `port ${entry.port} is listed already; the first entry counts`,
        ),
      );
      return [];
    }
    seen.add(key);
    return [{ ...range, ...settings(entry) }];
  });
}

function settings({
  onOpen,
  visibility,
  protocol,
  name,
  description,
}: FilePort): Omit<Port, 'first' | 'last'> {
  return {
    onOpen: onOpen ?? 'notify',
    visibility: visibility ?? 'private',
    ...(protocol && { protocol }),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
}

function rangeOf(
  written: number | string,
  path: NodePath,
  tell: Tell,
): { readonly first: number; readonly last: number } | undefined {
  const [first = NaN, last = first] =
    typeof written === 'number' ? [written] : written.split(/[:-]/).map(Number);
  if (!isPort(first) || !isPort(last)) {
    tell(
      aboutValue(
        'warning',
        path,
        `${written} is no port: ports go from 1 to ${HIGHEST}; the entry is left out`,
      ),
    );
    return undefined;
  }
  if (typeof written === 'string' && /^\d+$/.test(written)) {
    const message = `Gitpod refused a port as text; "${written}" is read as ${first}`;
    tell(aboutValue('refused', path, message, `remove the quotes: ${first}`));
  } else if (typeof written === 'string' && last <= first) {
    tell(aboutValue('warning', path, `the range ${written} does not go upwards; the entry is left out`));
    return undefined;
  }
  return { first, last };
}

function isPort(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= HIGHEST;
}
