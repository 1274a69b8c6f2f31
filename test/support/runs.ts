/** How often a property is tried: the given number, ten times that where all is run unsampled (`npm run test:full`). */
export function runs(sampled: number): number {
  return process.env['PREHEAT_FULL'] === '1' ? sampled * 10 : sampled;
}
