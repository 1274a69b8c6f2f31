import { aboutValue, type NodePath, type Tell } from './finding.ts';
import type { FilePort } from './gitpod-file.ts';
import { wrongWord } from './type-findings.ts';
import { Port } from './workspace-config.ts';

const HIGHEST = 65_535;
const REACTIONS = Port.shape.onOpen.options;

/**
 * What `ports:` means. A port that cannot exist is told and left out, since it never kept a Gitpod workspace from
 * starting; of two equal entries the first counts.
 */
export function ports(written: readonly FilePort[], tell: Tell): Port[] {
  const seen = new Set<string>();
  return written.flatMap((entry, index) => {
    const path = ['ports', index];
    const range = rangeOf(entry.port, [...path, 'port'], tell);
    const rest = settings(entry, path, tell);
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
    return [{ ...range, ...rest }];
  });
}

function settings(entry: FilePort, path: NodePath, tell: Tell): Omit<Port, 'first' | 'last'> {
  return {
    onOpen: reaction(entry.onOpen, [...path, 'onOpen'], tell),
    visibility: entry.visibility ?? 'private',
    ...(entry.protocol === undefined ? {} : { protocol: entry.protocol }),
    ...(entry.name === undefined ? {} : { name: entry.name }),
    ...(entry.description === undefined ? {} : { description: entry.description }),
  };
}

/** What an editor does when the port opens: no reason to refuse a file, though Gitpod did. */
function reaction(written: string | undefined, path: NodePath, tell: Tell): Port['onOpen'] {
  const known = REACTIONS.find((word) => word === written);
  if (written !== undefined && known === undefined) {
    const [message, suggestion] = wrongWord(REACTIONS, path, written);
    tell(aboutValue('refused', path, `${message}; "notify" is used`, suggestion));
  }
  return known ?? 'notify';
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
  if (typeof written === 'string' && last <= first) {
    tell(aboutValue('warning', path, `the range ${written} does not go upwards; the entry is left out`));
    return undefined;
  }
  return { first, last };
}

function isPort(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= HIGHEST;
}
