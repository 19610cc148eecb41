import { useMutation } from '@tanstack/react-query';
import { sentenceOf } from './actions.ts';
import { chainOf, fileOf } from './chain.ts';
import { csvOf } from './csv.ts';
import { nameOf } from './subject.tsx';
import type { AuditEvent, Names } from './use-audit.ts';

/** Offers a file; its address lives as long as the click. */
function offer(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

const head = ['at', 'what', 'name', 'outcome', 'code', 'who', 'environment', 'workspace'];
const exactHead = ['action', 'resource', 'resourceId', 'actorId', 'address', 'client', 'requestId', 'seq'];

function rowOf(event: AuditEvent, names: Names): string[] {
  const { action, outcome, resource, actor } = event;
  const told = [event.at, sentenceOf(action, outcome === 'done', resource.id !== null), nameOf(event, names)];
  const who = actor.email ?? names[actor.id ?? '']?.name ?? actor.fingerprint ?? actor.kind;
  const where = [outcome, event.code, who, event.environment, event.workspace];
  const exact = [action, resource.type, resource.id, actor.id, event.address, event.client, event.requestId];
  return [...told, ...where, ...exact, event.seq].map((each) => String(each ?? ''));
}

/** Saves these events as a table; only a whole chain can be verified, so this one cannot. */
export function saveTable(events: readonly AuditEvent[], names: Names): void {
  const text = csvOf([[...head, ...exactHead], ...events.map((event) => rowOf(event, names))]);
  offer('audit.csv', new Blob([text], { type: 'text/csv' }));
}

/** Saves the whole chain, from its first event on. */
export function useExport(organizationId: string) {
  return useMutation({
    mutationFn: () => fileOf(chainOf(organizationId)),
    onSuccess: (file) => offer('audit.jsonl', file),
  });
}
