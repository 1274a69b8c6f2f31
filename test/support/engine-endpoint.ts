/** Where the machine's engine listens, as `node:net` and `node:http` take it. */
export type EngineEndpoint =
  { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** Reads an engine's address: `DOCKER_HOST` by default, else Docker's usual socket. */
export function engineEndpoint(
  address: string = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock',
): EngineEndpoint {
  if (address.startsWith('unix://')) return { socketPath: address.slice('unix://'.length) };
  const { hostname, port } = new URL(address);
  return { host: hostname, port: Number(port) };
}
