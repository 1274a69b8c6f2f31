import { configText } from './config-text.ts';
import type { ObjectFormat } from './index-file.ts';

/**
 * The configuration of a repository of our own beside a clone. `origin` names where it came from; nothing is promised
 * from there (`remote.<name>.promisor`), so nothing is ever fetched unasked.
 */
export function repositoryConfig(format: ObjectFormat, origin?: string): string {
  const core = { filemode: 'true', bare: 'false' };
  const version = { repositoryformatversion: format === 'sha1' ? '0' : '1' };
  return configText([
    { name: 'core', values: { ...version, ...core } },
    ...(format === 'sha256' ? [{ name: 'extensions', values: { objectFormat: format } }] : []),
    ...(origin === undefined ? [] : [{ name: 'remote', subsection: 'origin', values: { url: origin } }]),
  ]);
}
