import { z } from 'zod';

const Output = z.object({ type: z.literal('output'), source: z.string(), text: z.string() });

/** What a task printed, of the log of a build with `--json`. */
export function outputOf(log: string, task: string): string {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const event = Output.safeParse(JSON.parse(line));
      return event.success && event.data.source === task ? [event.data.text] : [];
    })
    .join('\n');
}
