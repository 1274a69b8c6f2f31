import { readConfig } from '../../../src/config/read-config.ts';
import type { Diagnostic } from '../../../src/kernel/diagnostic.ts';

/** What is found in the tasks of a file, without what is found in each task with several commands. */
export function findingsOf(text: string): readonly Diagnostic[] {
  const { diagnostics } = readConfig(text, { repositoryName: 'app' });
  return diagnostics.filter(({ message }) => !message.startsWith('if this fails'));
}

/** The findings as `severity line: message`. */
export function shownFindings(text: string): readonly string[] {
  return findingsOf(text).map(({ severity, line, message }) => `${severity} ${line}: ${message}`);
}
