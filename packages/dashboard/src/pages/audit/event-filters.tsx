import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useId } from 'react';
import { useAsked } from '../../api.ts';
import { startOfDay } from '../../components/day.ts';
import { fieldsOf } from '../../components/fields-of.ts';
import { withoutKeys } from '../../components/without-keys.ts';
import { environments as everyPlace } from '../keys/environments.ts';
import { actionChoices } from './actions.ts';
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
const environments = [{ value: '', label: 'Any' }, ...everyPlace];

const everyAction = [{ value: '', label: 'Any' }, ...actionChoices];

/** Narrows what is shown; all that is filled in goes together. */
export function Filters({
  organizationId,
  filter,
  onChange,
}: {
  organizationId: string;
  filter: Filter;
  onChange: (filter: Filter) => void;
}) {
  const people = useId();
  const members = useAsked('members.list', { organizationId }).data?.members ?? [];
  const field = fieldsOf(filter, (changed) => onChange({ ...filter, ...withoutKeys(changed) }));
  return (
    <Group align="end">
      <NativeSelect label="Outcome" data={outcomes} {...field('outcome')} />
      <NativeSelect label="Environment" data={environments} {...field('environment')} />
      <NativeSelect label="Action" data={everyAction} maw="100%" {...field('action')} />
      <TextInput
        label="Who"
        placeholder="Part of an address, or a key's name"
        maxLength={254}
        list={people}
        {...field('actor')}
      />
      <datalist id={people}>
        {members.map(({ memberId, email }) => (
          <option key={memberId} value={email} />
        ))}
      </datalist>
      <TextInput label="From" type="date" {...field('since')} />
      <TextInput label="To" type="date" {...field('until')} />
    </Group>
  );
}
