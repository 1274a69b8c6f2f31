import type { Jetbrains, Port, WorkspaceConfig } from '../config/workspace-config.ts';
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

function ownSnippet({ ports, extensions, jetbrains, clients }: WorkspaceConfig, user: string): object {
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
    ...customizations(extensions, jetbrains),
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

function portAttributes(port: Port): readonly [string, object] {
  const { first, last, name, description, onOpen, protocol } = port;
  const label = name ?? description;
  return [
    first === last ? `${first}` : `${first}-${last}`,
    {
      ...(label === undefined ? {} : { label }),
      onAutoForward: ON_AUTO_FORWARD[onOpen],
      ...(protocol === undefined ? {} : { protocol }),
    },
  ];
}

/**
 * Ids of extensions as the clients take them, `publisher.name@version` among them; Gitpod's checksum behind a version is
 * left out. Addresses of vsix files stay as they are: what a client makes of them is its own.
 */
function customizations(extensions: readonly string[], jetbrains: WorkspaceConfig['jetbrains']): object {
  const ids = extensions.map((id) => (id.includes('://') ? id : id.replace(/:.*$/, '')));
  const plugins = jetbrains === undefined ? [] : jetbrainsPlugins(jetbrains);
  if (ids.length === 0 && plugins.length === 0) return {};
  return {
    customizations: {
      ...(ids.length === 0 ? {} : { vscode: { extensions: ids } }),
      ...(plugins.length === 0 ? {} : { jetbrains: { plugins } }),
    },
  };
}

/** Plugins for all editors and for single ones: a Dev Container names no editor that opens it. */
function jetbrainsPlugins({ plugins, editors }: Jetbrains): readonly string[] {
  return [...new Set([...plugins, ...Object.values(editors).flatMap((editor) => editor.plugins)])];
}
