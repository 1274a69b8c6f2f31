import type { Clock } from '../kernel/clock.ts';
import { filteredProgress, type Verbosity } from './progress-filter.ts';
import { jsonProgress } from './progress-json.ts';
import { plainProgress } from './progress-plain.ts';
import type { Terminal } from './progress-region.ts';
import { createPaint } from './progress-text.ts';
import { ttyProgress } from './progress-tty.ts';
import type { ProgressView } from './progress-view.ts';

export interface ProgressOptions {
  /** Where the log goes (stderr: results go to stdout). The caller owns it and listens for its errors. */
  readonly stream: Terminal;
  /** `live` needs a terminal that moves its cursor; `json` is for programs. */
  readonly form: 'live' | 'plain' | 'json';
  readonly verbosity: Verbosity;
  readonly colour: boolean;
  readonly clock: Clock;
}

/** Creates the view of a run that the options ask for. A quiet one is never live: nothing would move in it. */
export function createProgress({ stream, form, verbosity, colour, clock }: ProgressOptions): ProgressView {
  const options = { clock, paint: createPaint(colour) };
  const view = (): ProgressView => {
    if (form === 'json') return jsonProgress(stream, clock);
    return form === 'live' && verbosity !== 'quiet'
      ? ttyProgress(stream, options)
      : plainProgress(stream, options);
  };
  return filteredProgress(view(), verbosity);
}
