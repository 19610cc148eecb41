import type { Output } from '@latchkey/protocol';
import { PageLink } from '../../components/page-link.tsx';

type StartedByWhom = Output<'executions.get'>['execution']['startedBy'];

/** How an execution was started, as people read it. */
export const methodNames: Readonly<Record<StartedByWhom['method'], string>> = {
  'instance-key': 'Instance key',
  'query-key': 'Key in the URL',
  'organization-key': 'Organization key',
  'personal-key': 'Personal key',
  'admin-key': 'Admin key',
  signature: 'Signed message',
  'member-secret': 'Schedule or event',
  session: 'A person, in the dashboard',
};

const byKey = new Set<string>(['instance-key', 'query-key', 'organization-key', 'personal-key']);
/** Every instance has one key, which has no name of its own. */
const byNameless = new Set<string>(['instance-key', 'query-key']);

/** How an execution was started, and by what or whom; a key is led to. */
export function StartedBy({
  organizationId,
  startedBy: { method, id, name },
}: {
  organizationId: string;
  startedBy: StartedByWhom;
}) {
  const text =
    name === null || byNameless.has(method) ? methodNames[method] : `${methodNames[method]}: ${name}`;
  if (id === null || !byKey.has(method)) return text;
  return (
    <PageLink to="/o/$organizationId/keys/$keyId" params={{ organizationId, keyId: id }} preload={false}>
      {text}
    </PageLink>
  );
}
