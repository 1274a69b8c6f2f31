import type { Annotation } from './finding-annotations.ts';
import type { Outcome } from './outcome.ts';
import { shorten } from './shorten.ts';
import { withoutEscapes } from './without-escapes.ts';

const LONGEST_SUMMARY = 450;
const LONGEST_DETAILS = 2000;

/** The task that failed, at its line; `undefined` where none did. */
export function taskAnnotation({ failure, configuration }: Outcome, asked: string): Annotation | undefined {
  if (failure?.task === undefined) return undefined;
  const { message, line, output = [] } = failure;
  return {
    external_id: 'preheat-task',
    annotation_type: 'BUG',
    path: configuration ?? asked,
    line: line ?? 1,
    severity: 'HIGH',
    result: 'FAILED',
    summary: shorten(message.charAt(0).toUpperCase() + message.slice(1), LONGEST_SUMMARY),
    details: lastOf(output.map(withoutEscapes).join('\n')),
  };
}

/** The end of an output says why. */
function lastOf(text: string): string {
  return text.slice(-LONGEST_DETAILS).replace(/^[\uDC00-\uDFFF]/, '');
}
