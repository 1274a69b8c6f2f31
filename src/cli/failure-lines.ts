import { messageOf, PreheatError } from '../kernel/failure.ts';
import { remedyLines } from '../kernel/remedy.ts';

const DEFECT = 'Report this as a defect of preheat, with the output of --debug.';

/**
 * What a failure that ended a run is told as. The line with `✖` comes last, where people look first; of a message of
 * several lines it holds the first one.
 */
export function failureLines(failure: unknown, debug = false): readonly string[] {
  const isOurs = failure instanceof PreheatError;
  const hint = isOurs ? failure.hint : DEFECT;
  const [headline = '', ...details] = textOf(failure).split('\n');
  return [
    ...(!isOurs || debug ? stackOf(failure) : []),
    ...details,
    ...(hint === undefined ? [] : [`  ${hint}`]),
    ...remedyLines(isOurs ? failure.remedy : undefined),
    `✖ ${headline}`,
  ];
}

function textOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : messageOf(failure);
}

function stackOf(failure: unknown): readonly string[] {
  if (!(failure instanceof Error)) return [];
  const own = failure.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return failure.cause === undefined
    ? own
    : [...own, `caused by ${messageOf(failure.cause)}`, ...stackOf(failure.cause)];
}
