import { PageLink } from '../../components/page-link.tsx';
import { sentenceOf } from './actions.ts';
import type { AuditEvent, Names } from './use-audit.ts';

/** What something was called when it happened, as far as the event says it, and otherwise now. */
export function nameOf(
  { resource, details }: Pick<AuditEvent, 'resource' | 'details'>,
  names: Names,
): string | undefined {
  const told = details.name ?? details.title ?? details.email;
  return typeof told === 'string' ? told : names[resource.id ?? '']?.name;
}

interface Place {
  readonly organizationId: string;
  readonly event: AuditEvent;
  readonly names: Names;
}

/** The name, leading to its page where it is still there and has one. */
function Named({ organizationId, event, names }: Place) {
  const { resource } = event;
  const name = nameOf(event, names);
  const id = resource.id ?? '';
  const known = names[id];
  if (name === undefined) return null;
  const instanceId = resource.type === 'instance' ? id : known?.processInstanceId;
  if (known === undefined) return name;
  if (resource.type === 'key') {
    return (
      <PageLink to="/o/$organizationId/keys/$keyId" params={{ organizationId, keyId: id }} preload={false}>
        {name}
      </PageLink>
    );
  }
  if (resource.type === 'execution' && typeof instanceId === 'string') {
    return (
      <PageLink
        to="/o/$organizationId/executions/$processInstanceId/$executionId"
        params={{ organizationId, processInstanceId: instanceId, executionId: id }}
        preload={false}
      >
        {name}
      </PageLink>
    );
  }
  if (typeof instanceId === 'string') {
    return (
      <PageLink
        to="/o/$organizationId/instances/$instanceId"
        params={{ organizationId, instanceId }}
        preload={false}
      >
        {name}
      </PageLink>
    );
  }
  if (resource.type !== 'member' && resource.type !== 'workspace') return name;
  return (
    <PageLink to="/o/$organizationId/members" params={{ organizationId }} preload={false}>
      {name}
    </PageLink>
  );
}

/** What happened, in words, with the name of what it happened to. */
export function Told(place: Place) {
  const { action, outcome, resource } = place.event;
  return (
    <>
      {sentenceOf(action, outcome === 'done', resource.id !== null)} <Named {...place} />
    </>
  );
}
