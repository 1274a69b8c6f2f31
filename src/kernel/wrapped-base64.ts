import { base64Cores } from './secret-forms.ts';

/** Fewer characters of base64 could be anyone's. */
const SHORTEST = 8;
const RUN = new RegExp(`[A-Za-z0-9+/]{${SHORTEST},}`, 'g');
const URL_SAFE = /[-_]/;

/** What base64 shows of a secret, where programs break it into lines: `base64` after 76 characters, `openssl` after 64. */
export function wrappedCores(secret: string): readonly string[] {
  return base64Cores(Buffer.from(secret)).filter((core) => core.length > SHORTEST && !URL_SAFE.test(core));
}

/** Masks each run of base64 in a line that lies within one of `cores`, or begins or ends with a part of one. */
export function maskWrapped(text: string, cores: readonly string[], mask: string): string {
  if (cores.length === 0) return text;
  return text.replaceAll(RUN, (run) => {
    for (const core of cores) {
      if (core.includes(run)) return mask;
      const end = startWithin(run, core);
      if (end !== undefined) return run.slice(0, end) + mask;
      const begin = endWithin(run, core);
      if (begin !== undefined) return mask + run.slice(begin);
    }
    return run;
  });
}

/** Where a core begins that the run's end breaks off. */
function startWithin(run: string, core: string): number | undefined {
  const at = run.indexOf(core.slice(0, SHORTEST));
  return at >= 0 && core.startsWith(run.slice(at)) ? at : undefined;
}

/** Where a core ends that began before the run. */
function endWithin(run: string, core: string): number | undefined {
  const at = run.lastIndexOf(core.slice(-SHORTEST));
  return at >= 0 && core.endsWith(run.slice(0, at + SHORTEST)) ? at + SHORTEST : undefined;
}
