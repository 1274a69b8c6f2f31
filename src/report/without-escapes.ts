// CSI and OSC sequences and the two-character ones (ECMA-48, 5.3 to 5.4), which programs print to colour their output.
// oxlint-disable-next-line no-control-regex -- these characters are what it looks for
const SEQUENCE = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[ -/]*[0-~])/g;

/** Text as a terminal would leave it, without colours and cursor movements. */
export function withoutEscapes(text: string): string {
  return text.replaceAll(SEQUENCE, '');
}
