/** Where an engine listens. */
export type EngineAddress =
  | { readonly kind: 'socket'; readonly text: string; readonly path: string }
  | {
      readonly kind: 'tcp';
      readonly text: string;
      readonly host: string;
      readonly port: number;
      readonly tls: boolean;
    };

const DEFAULT_SOCKET = '/var/run/docker.sock';
const DEFAULT_PIPE = '//./pipe/docker_engine';
const PORT = 2375;
const TLS_PORT = 2376;

/**
 * Reads an address as `DOCKER_HOST` has it: `unix://PATH`, `npipe://PATH`, `tcp://HOST[:PORT]`, `http(s)://…` or
 * `HOST:PORT`. Port 2376 means TLS, as it does to Docker's own client. Throws `RangeError` for anything else.
 */
export function parseEngineAddress(text: string): EngineAddress {
  const [scheme = '', rest = ''] = text.includes('://') ? splitScheme(text) : ['tcp', text];
  switch (scheme) {
    case 'unix':
      return socketAt('unix', rest || DEFAULT_SOCKET);
    case 'npipe':
      return socketAt('npipe', rest || DEFAULT_PIPE);
    case 'tcp':
    case 'http':
    case 'https':
      return tcpAt(scheme, rest, text);
    default:
      throw new RangeError(`${scheme}:// addresses are not served`);
  }
}

function splitScheme(text: string): readonly string[] {
  const end = text.indexOf('://');
  return [text.slice(0, end).toLowerCase(), text.slice(end + '://'.length)];
}

function socketAt(scheme: string, path: string): EngineAddress {
  return { kind: 'socket', text: `${scheme}://${path}`, path };
}

function tcpAt(scheme: string, rest: string, text: string): EngineAddress {
  // The scheme is replaced because URL drops a port that is the scheme's default.
  const address = `preheat://${rest}`;
  if (!URL.canParse(address)) throw new RangeError(`not a host and port: ${text}`);
  const { hostname, port: portText, pathname } = new URL(address);
  if (hostname === '' || pathname.length > 1) throw new RangeError(`not a host and port: ${text}`);
  const port = portText === '' ? (scheme === 'https' ? TLS_PORT : PORT) : Number(portText);
  return {
    kind: 'tcp',
    text,
    host: hostname.replace(/^\[|\]$/g, ''),
    port,
    tls: scheme === 'https' || port === TLS_PORT,
  };
}
