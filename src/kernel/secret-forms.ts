const BASE64_GROUP = 3;

/**
 * What base64 shows of some bytes wherever they stand in what is encoded (`user:token`, say): the characters that depend
 * on them alone, for each of the three places within a group, in both alphabets (RFC 4648, sections 4 and 5).
 */
export function base64Cores(bytes: Uint8Array): readonly string[] {
  const cores = Array.from({ length: BASE64_GROUP }, (_, place) => {
    const skipped = (BASE64_GROUP - place) % BASE64_GROUP;
    const whole = Math.floor((bytes.length - skipped) / BASE64_GROUP) * BASE64_GROUP;
    return Buffer.from(bytes.subarray(skipped, skipped + Math.max(whole, 0))).toString('base64');
  });
  return [...new Set([...cores, ...cores.map(urlSafe)])].filter((core) => core !== '');
}

/**
 * A secret as programs write it into texts: as it is, percent-encoded, within a JSON string, and as shells (`declare -p`,
 * `printf %q`, `set -x`) and other languages show a text, without the quotes around it.
 */
export function textForms(secret: string): readonly string[] {
  const percent = percentEncoded(secret);
  const lowerCase = percent.replaceAll(/%../g, (escape) => escape.toLowerCase());
  const json = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, percent, lowerCase, json, ...quotedForms(secret)])];
}

/**
 * What bash writes in double quotes, in single quotes, and where it quotes each character alone (bash, "Quoting"); what
 * others write in single quotes, or in backticks as Node may.
 */
function quotedForms(secret: string): readonly string[] {
  return [
    secret.replaceAll(/["\\$`]/g, String.raw`\$&`),
    secret.replaceAll("'", String.raw`'\''`),
    secret.replaceAll(/['\\]/g, String.raw`\$&`),
    secret.replaceAll('\\', String.raw`\\`),
    secret.replaceAll(/[\t !"$&'()*,;<>?[\\\]^`{|}]|^[#~]|(?<=[:=])~/g, String.raw`\$&`),
  ];
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}

function percentEncoded(secret: string): string {
  // What is no text (a lone surrogate) cannot be percent-encoded.
  return encodeURIComponent(secret.toWellFormed());
}
