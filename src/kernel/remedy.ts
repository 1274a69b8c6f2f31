/** What to paste into a file so that a failure does not come again. */
export interface Remedy {
  /** The file that it belongs into, as people call it. */
  readonly file: string;
  /** YAML, without a line break at its end. */
  readonly yaml: string;
}

/** A remedy as a log shows it: its lines unindented between empty ones, so that they can be taken over as they are. */
export function remedyLines(remedy: Remedy | undefined): readonly string[] {
  return remedy === undefined ? [] : [`  in ${remedy.file}:`, '', ...remedy.yaml.split('\n'), ''];
}
