import { readFileSync } from 'node:fs';
import type { Context } from 'mocha';

/** Of capabilities(7): what mounting takes, and starting an engine. */
const CAP_SYS_ADMIN = 21n;

/**
 * A test's body that mounts a disk, starts a second engine or becomes another user: only root may, outside containers
 * without privileges, and nothing else would be the real thing. Anybody else's run shows it as pending; CI runs as root
 * on a machine of its own, where nothing is left out.
 */
export function asRoot(body: () => Promise<void>): (this: Context) => Promise<void> {
  return async function runAsRoot(this: Context) {
    if (process.getuid?.() !== 0 || !mayAdministrate()) this.skip();
    await body();
  };
}

function mayAdministrate(): boolean {
  const [, effective = '0'] =
    /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return ((BigInt(`0x${effective}`) >> CAP_SYS_ADMIN) & 1n) === 1n;
}
