/** The environment variable of an option: its name in capitals. */
export function variableOf(option: string): string {
  return option.toUpperCase().replaceAll('-', '_');
}
