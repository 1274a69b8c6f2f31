import { isDead } from '../build/sweep.ts';
import { messageOf } from '../kernel/failure.ts';
import type { Ports } from './ports.ts';
import { thisWitness } from './run-identity.ts';
import type { Session } from './session.ts';

/**
 * Removes what killed runs left on the engine: containers, and names of images. They are in nobody's way but cost disk;
 * failing to remove them is no reason to fail.
 */
export async function sweepDeadRuns(
  { engine, baseBuilder }: Pick<Ports, 'engine' | 'baseBuilder'>,
  { clock, log, signal }: Pick<Session, 'clock' | 'log' | 'signal'>,
): Promise<void> {
  const witness = thisWitness(clock);
  const judge = (labels: Readonly<Record<string, string>>): boolean => isDead(labels, witness);
  try {
    const containers = await engine.sweep(judge, { signal });
    const names = await baseBuilder.sweep(judge, { signal });
    if (containers > 0) log.info(`removed ${counted(containers, 'container')} that a killed run had left`);
    if (names > 0) log.info(`removed ${counted(names, 'image name')} that a killed run had left`);
  } catch (thrown) {
    log.debug(`cannot remove what killed runs left: ${messageOf(thrown)}`);
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
