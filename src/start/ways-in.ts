import type { PublishedPort } from './workspace-engine.ts';

/** How people get into a workspace. */
export interface WaysIn {
  /** Command for a shell in it. */
  readonly shell: string;
  /** Address that opens it in VS Code. */
  readonly editor: string;
}

/**
 * The ways into a running workspace. The editor's address is the one that VS Code's Dev Containers extension writes for
 * an attached container: the hex digits of a JSON object that names it
 * (https://github.com/microsoft/vscode-remote-release/issues/8764).
 */
export function waysIn(name: string, workspaceLocation: string): WaysIn {
  const container = Buffer.from(JSON.stringify({ containerName: `/${name}` })).toString('hex');
  const folder = workspaceLocation.split('/').map(encodeURIComponent).join('/');
  return {
    shell: `docker exec -it ${name} bash`,
    editor: `vscode://vscode-remote/attached-container+${container}${folder}`,
  };
}

/** The address of a published port. */
export function portUrl({ hostAddress, hostPort }: PublishedPort, protocol = 'http'): string {
  const anyAddress = hostAddress === '' || hostAddress === '0.0.0.0' || hostAddress === '::';
  const host = anyAddress ? '127.0.0.1' : hostAddress;
  return `${protocol}://${host.includes(':') ? `[${host}]` : host}:${hostPort}`;
}
