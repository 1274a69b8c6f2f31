import type { Port, WorkspaceConfig } from '../config/workspace-config.ts';
import { devcontainerSnippets } from '../oci/devcontainer-label.ts';

/**
 * The label `devcontainer.metadata`, with which Dev Containers clients open the image as it is: a JSON array of
 * snippets that they merge, later ones winning (https://containers.dev/implementors/spec/#image-metadata). `inherited`
 * is the base image's label; its snippets stay in front, a label that is no JSON is dropped. What a `devcontainer.json` says to clients stands as it was written there.
 *
 * The label has no place for a workspace folder: the client's own `devcontainer.json` or the person names it.
 */
export function devcontainerMetadata(config: WorkspaceConfig, user: string, inherited?: string): string {
  return JSON.stringify([...devcontainerSnippets(inherited), ownSnippet(config, user)]);
}

function ownSnippet({ ports, extensions, clients }: WorkspaceConfig, user: string): object {
  const forwarded = ports.filter(
    ({ first, last, onOpen }) => first === last && onOpen !== 'ignore-completely',
  );
  return {
    remoteUser: user,
    // The checkout belongs to the user's number; a client would else change the user's number to the host's.
    updateRemoteUserUID: false,
    overrideCommand: true,
    // Given a command, `image/start` starts the tasks once in the life of the container and becomes the command.
    postStartCommand: '/.preheat/start true',
    ...(forwarded.length === 0 ? {} : { forwardPorts: forwarded.map(({ first }) => first) }),
    ...(ports.length === 0 ? {} : { portsAttributes: Object.fromEntries(ports.map(portAttributes)) }),
    ...customizations(extensions),
    ...clients,
  };
}

const ON_AUTO_FORWARD = {
  notify: 'notify',
  'open-browser': 'openBrowser',
  'open-preview': 'openPreview',
  ignore: 'silent',
  'ignore-completely': 'ignore',
} as const;

function portAttributes({ first, last, name, description, onOpen }: Port): readonly [string, object] {
  const label = name ?? description;
  const attributes = { onAutoForward: ON_AUTO_FORWARD[onOpen] };
  return [
    first === last ? `${first}` : `${first}-${last}`,
    label === undefined ? attributes : { label, ...attributes },
  ];
}

/**
 * Gitpod also took addresses of vsix files and `publisher.name@version:checksum`, which no Dev Containers client
 * takes.
 */
function customizations(extensions: readonly string[]): object {
  const ids = extensions.filter((id) => !id.includes('://')).map((id) => id.replace(/:.*$/, ''));
  return ids.length === 0 ? {} : { customizations: { vscode: { extensions: ids } } };
}
