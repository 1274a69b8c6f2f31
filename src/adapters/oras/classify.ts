/** What kind of trouble a failed oras call met; decides about retries, error codes and hints. */
export type TroubleKind =
  | 'not-found'
  | 'unauthorized'
  | 'denied'
  | 'rate-limited'
  /** The connection or the server failed in a way that may pass. */
  | 'transient'
  /** The registry speaks HTTP where HTTPS was expected. */
  | 'plain-http'
  /** The registry's certificate is not trusted. */
  | 'certificate'
  /** There is no room for what is written: on the disk of a layout, or at the registry. */
  | 'full'
  /** oras itself crashed, which hides the cause. */
  | 'crashed'
  | 'failed';

/** A failed call in the words of oras, on one line. */
export interface Trouble {
  readonly kind: TroubleKind;
  readonly why: string;
}

/**
 * First match wins. oras always exits with 1 and prints either an error code of the distribution-spec in lower-case
 * words (`name unknown: …`) or, where the answer's body told none, `response status code 502: Bad Gateway`.
 */
const RULES: readonly (readonly [RegExp, TroubleKind])[] = [
  [/server gave HTTP response to HTTPS client/i, 'plain-http'],
  [/x509:|tls: failed to verify certificate/i, 'certificate'],
  // 507 is "Insufficient Storage"; 28 is ENOSPC as distribution's storage driver tells it.
  [/no space left on device|disk quota exceeded|file too large|status code 507|\bErr:28\b/i, 'full'],
  [/basic credential not found|\bunauthorized\b|status code 401/i, 'unauthorized'],
  [/\bdenied\b|status code 403/i, 'denied'],
  [/too ?many ?requests|status code 429/i, 'rate-limited'],
  [/blob upload (unknown|invalid)/i, 'transient'],
  [/status code (408|5\d\d)/i, 'transient'],
  [
    /connection reset|connection refused|broken pipe|unexpected EOF|: EOF$|server closed idle connection/im,
    'transient',
  ],
  // Go's words where it notices the break itself, in the transport and in HTTP/2.
  [
    /use of closed network connection|connection timed out|connection broken|client connection (lost|force closed)|stream error: /i,
    'transient',
  ],
  [/i\/o timeout|TLS handshake timeout|Client\.Timeout|context deadline exceeded|GOAWAY/i, 'transient'],
  [/no such host|server misbehaving|network is unreachable|no route to host/i, 'transient'],
  [/name unknown|manifest unknown|blob unknown|not found|status code 404/i, 'not-found'],
  // A server error with a JSON body: distribution's code UNKNOWN, which is told without the status.
  [/(^|: )(unknown|unavailable|internal ?server ?error): /im, 'transient'],
];

/**
 * oras 1.2.0 panics when parallel transfers fail with different kinds of errors, and prints nothing else. One transfer
 * at a time tells the cause: `oras-go/internal/syncutil/limit.go` stores the errors in one atomic.Value.
 */
const PANIC = /^(panic|fatal error): |^goroutine \d+ \[/m;
const LONGEST_WHY = 400;
/** Where a layout's disk is full, the long name of a temporary file tells nothing. */
const LOCAL_WRITE = /^.*: (?=(no space left on device|disk quota exceeded|file too large)$)/i;

/** Classifies what oras printed on its standard error. Pure. */
export function classify(stderr: string): Trouble {
  if (PANIC.test(stderr)) return { kind: 'crashed', why: 'oras crashed while transfers ran in parallel' };
  const kind = RULES.find(([pattern]) => pattern.test(withoutGoPrefix(stderr)))?.[1] ?? 'failed';
  return { kind, why: reasonIn(stderr) };
}

/** `recognizable error message not found` says that the body told nothing; it must not count as "not found". */
function withoutGoPrefix(stderr: string): string {
  return stderr.replaceAll(/recognizable error message not found: /g, '');
}

/** The line that names the error, without oras's own prefixes, advice and the upload state in addresses. */
function reasonIn(stderr: string): string {
  const lines = withoutGoPrefix(stderr)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('WARNING!'));
  const line = lines.find((candidate) => candidate.startsWith('Error')) ?? lines[0] ?? 'oras gave no reason';
  return line
    .replace(/^Error( response from registry)?: /, '')
    .replaceAll(/\?[^"\s]*/g, '')
    .replace(LOCAL_WRITE, '')
    .slice(0, LONGEST_WHY);
}
