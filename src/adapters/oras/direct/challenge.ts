/** How a registry wants to be told who asks (`WWW-Authenticate`). */
export type Challenge =
  | { readonly kind: 'basic' }
  | {
      readonly kind: 'bearer';
      readonly realm: string;
      readonly service: string | undefined;
      readonly scope: string | undefined;
    };

const PARAMETER = /^([a-z_]+)="([^"\\]*)"\s*(?:,\s*|$)/i;

/**
 * Reads a challenge of one scheme, as registries send it (RFC 9110, 11.6.1; distribution, "Token Authentication
 * Specification"); `undefined` for any other.
 */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  const [, scheme = '', parameters = ''] = /^\s*([a-z]+)(?:\s+(.*))?$/i.exec(header ?? '') ?? [];
  const found = parametersOf(parameters.trim());
  if (found === undefined) return undefined;
  switch (scheme.toLowerCase()) {
    case 'basic':
      return { kind: 'basic' };
    case 'bearer': {
      const realm = found.get('realm');
      if (realm === undefined) return undefined;
      return { kind: 'bearer', realm, service: found.get('service'), scope: found.get('scope') };
    }
    default:
      return undefined;
  }
}

function parametersOf(text: string): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  let rest = text;
  while (rest !== '') {
    const [whole, name, value] = PARAMETER.exec(rest) ?? [];
    if (whole === undefined || name === undefined || value === undefined) return undefined;
    found.set(name.toLowerCase(), value);
    rest = rest.slice(whole.length);
  }
  return found;
}
