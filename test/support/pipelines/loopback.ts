import { randomInt } from 'node:crypto';

/**
 * A loopback address of its own for a step, so that its services can have the ports that they have in Pipelines while
 * other steps run (RFC 6890: all of 127.0.0.0/8 is this machine).
 */
export function loopbackAddress(): string {
  return `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(2, 255)}`;
}
