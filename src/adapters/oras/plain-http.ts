/**
 * Whether a registry (`host[:port]`) is spoken to without TLS: those on this machine, as Docker does, and those that
 * were named.
 */
export function isPlainHttp(registry: string, named: readonly string[] = []): boolean {
  const host = registry.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return (
    named.includes(registry) || host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
  );
}
