import { PreheatError } from '../kernel/failure.ts';
import { isWhiteoutName } from './left-out.ts';

/** Throws a `PreheatError` of phase `build` for a tracked path that an image would read as a deletion. */
export function refuseWhiteoutName(path: string): void {
  if (!isWhiteoutName(path)) return;
  const name = Buffer.from(path, 'latin1').toString('utf8');
  throw new PreheatError(`cannot lay down /${name}: an image would read a name with .wh. as a deletion`, {
    phase: 'build',
    hint: 'Rename it in the repository, or remove it.',
  });
}
