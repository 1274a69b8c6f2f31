import { formatImage, formatLocation } from '../../oci/location.ts';
import type { RegistryQuestion } from './direct/direct-registry.ts';
import type { OrasCall } from './oras-call.ts';

/** How oras is asked a question, whose answer may be that there is nothing; it prints what `DirectRegistry` answers. */
export function questionCall(
  question: RegistryQuestion,
): Pick<OrasCall, 'directly' | 'command' | 'sides' | 'operands' | 'optional'> {
  const { registry, repository, wanted } = question;
  const location = { kind: 'registry', registry, repository } as const;
  const common: Pick<OrasCall, 'directly' | 'sides' | 'optional'> = {
    directly: async (registry, options) => await registry.ask(question, options),
    sides: [location],
    optional: true,
  };
  if (wanted.kind === 'tags')
    return { ...common, command: ['repo', 'tags'], operands: [formatLocation(location)] };
  const { kind, of, reference } = wanted;
  const flags = of === 'descriptor' ? ['--descriptor'] : kind === 'blob' ? ['--output', '-'] : [];
  return { ...common, command: [kind, 'fetch', ...flags], operands: [formatImage(location, reference)] };
}
