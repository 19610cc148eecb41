import { Group, NativeSelect, TextInput } from '@mantine/core';
import { startOfDay } from '../../components/day.ts';
import { fieldsOf } from '../../components/fields-of.ts';
import { withoutKeys } from '../../components/without-keys.ts';
import type { AuditQuestion } from './use-audit.ts';

/** What somebody looks for; empty where anything fits. Days are those of the person. */
export interface Filter {
  readonly outcome: string;
  readonly environment: string;
  readonly action: string;
  readonly actor: string;
  readonly since: string;
  readonly until: string;
}

export const noFilter: Filter = {
  outcome: '',
  environment: '',
  action: '',
  actor: '',
  since: '',
  until: '',
};

/** The question to the server; `until` is a day that is still shown. */
export function questionFrom(organizationId: string, filter: Filter): AuditQuestion {
  const { outcome, environment, action, actor, since, until } = filter;
  return {
    organizationId,
    ...(outcome !== '' && { outcome }),
    ...(environment !== '' && { environment }),
    ...(action.trim() !== '' && { action: action.trim() }),
    ...(actor.trim() !== '' && { actor: actor.trim() }),
    ...(since !== '' && { since: startOfDay(since) }),
    ...(until !== '' && { until: startOfDay(until, 1) }),
    // Choices of the lists alone.
  } as AuditQuestion;
}

const outcomes = [
  { value: '', label: 'Any' },
  { value: 'done', label: 'Done' },
  { value: 'refused', label: 'Refused' },
  { value: 'failed', label: 'Failed' },
];
const environments = [
  { value: '', label: 'Any' },
  ...['dev', 'sandbox', 'prod'].map((value) => ({ value, label: value })),
];

/** Narrows what is shown; all that is filled in goes together. */
export function Filters({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const field = fieldsOf(filter, (changed) => onChange({ ...filter, ...withoutKeys(changed) }));
  return (
    <Group align="end">
      <NativeSelect label="Outcome" data={outcomes} {...field('outcome')} />
      <NativeSelect label="Environment" data={environments} {...field('environment')} />
      <TextInput label="Action" description="As key.create" maxLength={61} {...field('action')} />
      <TextInput label="Who" description="Email address or key id" maxLength={254} {...field('actor')} />
      <TextInput label="From" type="date" {...field('since')} />
      <TextInput label="To" type="date" {...field('until')} />
    </Group>
  );
}
