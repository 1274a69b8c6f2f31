import { aboutValue, type NodePath, type Tell } from '../finding.ts';
import { ports } from '../ports.ts';
import { quoted } from '../printable.ts';
import type { Port } from '../workspace-config.ts';
import type { DevcontainerFile, PortAttributes } from './devcontainer-file.ts';

const ON_OPEN = {
  notify: 'notify',
  openBrowser: 'open-browser',
  openBrowserOnce: 'open-browser',
  openPreview: 'open-preview',
  silent: 'ignore',
  ignore: 'ignore-completely',
} as const satisfies Readonly<Record<NonNullable<PortAttributes['onAutoForward']>, Port['onOpen']>>;

/** The ports that `forwardPorts` names, with what `portsAttributes` says of each. Those of other hosts are left out. */
export function forwardedPorts(
  { forwardPorts = [], portsAttributes = {} }: DevcontainerFile,
  tell: Tell,
): Port[] {
  return forwardPorts.flatMap((written, index) => {
    const path = ['forwardPorts', index];
    const port = portOf(written, path, tell);
    if (port === undefined) return [];
    const { label, onAutoForward, protocol } = attributesOf(port, portsAttributes);
    const entry = {
      port,
      onOpen: ON_OPEN[onAutoForward ?? 'notify'],
      ...(label === undefined ? {} : { name: label }),
      ...(protocol && { protocol }),
    };
    return ports([entry], (finding) => tell({ ...finding, where: { path, at: 'value' } }));
  });
}

function portOf(written: number | string, path: NodePath, tell: Tell): number | undefined {
  if (typeof written === 'number') return written;
  const [, port] = /^(?:localhost|127\.0\.0\.1):(\d{1,5})$/.exec(written) ?? [];
  if (port !== undefined) return Number(port);
  const message = `forwardPorts: ${quoted(written)} is no port of this container; it is left out`;
  tell(aboutValue('warning', path, message, 'write a number such as 3000'));
  return undefined;
}

function attributesOf(
  port: number,
  attributes: NonNullable<DevcontainerFile['portsAttributes']>,
): PortAttributes {
  const found = Object.entries(attributes).find(([key]) => {
    const [, first, last = first] = /^(?:localhost:)?(\d+)(?:-(\d+))?$/.exec(key) ?? [];
    return first !== undefined && Number(first) <= port && port <= Number(last);
  });
  return found?.[1] ?? {};
}
