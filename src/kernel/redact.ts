import { base64Cores, textForms } from './secret-forms.ts';
import { maskWrapped, wrappedCores } from './wrapped-base64.ts';

const MINIMUM_LENGTH = 4;
/** Fewer characters of base64 could be anyone's. */
const MINIMUM_CORE = 8;
const MASK = '********';

/** Replaces every registered secret in a text, in the forms in which secrets leak into logs. */
export interface Redactor {
  /** Registers a secret; shorter ones than four characters are ignored, since they would mask ordinary words. */
  add(secret: string): void;
  redact(text: string): string;
}

/**
 * Creates an empty redactor. Each secret is masked as it is, line by line (logs are redacted by line), in base64
 * (as in `Authorization: Basic`, also where only a part of what is encoded is secret, and where that is broken into
 * lines), percent-encoded (as in a URL) and as in JSON.
 */
export function createRedactor(): Redactor {
  const forms = new Set<string>();
  const cores = new Set<string>();
  let ordered: readonly string[] = [];
  return {
    add(secret) {
      for (const form of leakingForms(secret)) if (form.length >= MINIMUM_LENGTH) forms.add(form);
      for (const core of wrappedCores(secret.trim())) cores.add(core);
      // The longest first, so that a secret that contains another is masked whole.
      ordered = [...forms].toSorted((a, b) => b.length - a.length);
    },
    redact(text) {
      const masked = ordered.reduce((left, form) => left.replaceAll(form, MASK), text);
      return maskWrapped(masked, [...cores], MASK);
    },
  };
}

function leakingForms(secret: string): readonly string[] {
  // Shells and people take white space at the ends away; where a variable holds one line, line ends are written `\n`.
  const whole = [secret, ...secret.split(/\r?\n|\\n/)];
  const lines = [...new Set([...whole, ...whole.map((line) => line.trim())])];
  const base64 = Buffer.from(secret).toString('base64');
  const cores = lines.flatMap((line) => base64Cores(Buffer.from(line)));
  return [
    ...lines.flatMap(textForms),
    base64,
    base64.replace(/=+$/, ''),
    ...cores.filter((core) => core.length >= MINIMUM_CORE),
  ];
}
