import { Checkbox, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { keep, useAct } from '../../api.ts';
import { ActForm } from '../../components/form/act-form.tsx';
import { NumberField } from '../../components/form/number-field.tsx';
import { TextField } from '../../components/form/text-field.tsx';
import { useDraft } from '../../components/form/use-draft.ts';
import type { Instance } from './trigger-panel.tsx';

type Sharing = Instance['sharedWith'];

/** The same people see an instance of `admins` and of `owner_only`; the older word stays where it stands. */
const whoSees: Readonly<Record<Sharing, string>> = {
  everyone: 'Everyone in the organization',
  admins: 'Owners, admins and whoever made it',
  owner_only: 'Owners, admins and whoever made it',
};

function sharingsFor(current: Sharing) {
  const offered: readonly Sharing[] = ['everyone', current === 'owner_only' ? 'owner_only' : 'admins'];
  return offered.map((value) => ({ value, label: whoSees[value] }));
}

/** A limit counts only where both numbers are there. */
function rateLimitOf(requests: string, windowSeconds: string): Instance['rateLimit'] {
  return requests.trim() === '' || windowSeconds.trim() === ''
    ? null
    : { requests: Number(requests), windowSeconds: Number(windowSeconds) };
}

/** What can be set here, as fields hold it; empty where a number is missing. */
interface Fields extends Pick<Instance, 'title' | 'sharedWith' | 'queryKeys'> {
  readonly maxConcurrency: string;
  readonly requests: string;
  readonly windowSeconds: string;
}

function fieldsNow({ title, sharedWith, queryKeys, maxConcurrency, rateLimit }: Instance): Fields {
  const { requests = '', windowSeconds = '' } = rateLimit ?? {};
  return {
    ...{ title, sharedWith, queryKeys },
    maxConcurrency: String(maxConcurrency),
    requests: String(requests),
    windowSeconds: String(windowSeconds),
  };
}

/** What was changed, as the API takes it; the two numbers of a limit go together. */
function wantedOf(whole: Fields, changed: Partial<Fields>) {
  const { requests, windowSeconds, maxConcurrency, ...settings } = changed;
  const isLimited = requests !== undefined || windowSeconds !== undefined;
  return {
    ...settings,
    ...(maxConcurrency !== undefined && { maxConcurrency: Number(maxConcurrency) }),
    ...(isLimited && { rateLimit: rateLimitOf(whole.requests, whole.windowSeconds) }),
  };
}

/** How an instance is set, to be read or changed. */
export function InstanceSettings({ instance, canManage }: { instance: Instance; canManage: boolean }) {
  const { processInstanceId } = instance;
  const update = useAct('instances.update');
  const { whole, changed, isChanged, change, forget } = useDraft<Fields>(fieldsNow(instance));
  const wholeNumber = { min: 1, readOnly: !canManage };
  function save(): void {
    update.mutate(
      { processInstanceId, ...wantedOf(whole, changed) },
      {
        onSuccess: (saved) => {
          keep('instances.get', { processInstanceId }, saved);
          forget();
        },
      },
    );
  }
  return (
    <Stack maw={620}>
      {!canManage && <Text>Developers, admins and owners can change what stands here.</Text>}
      <ActForm
        act={update}
        action={canManage ? 'Save' : undefined}
        isChanged={isChanged}
        isReady={isChanged}
        beside={
          <Text role="status" size="sm">
            {update.isSuccess ? 'Saved, and in force.' : ''}
          </Text>
        }
        onSubmit={save}
      >
        <TextField
          label="Title"
          name="title"
          value={whole.title}
          onChange={(event) => change({ title: event.currentTarget.value })}
          maxLength={100}
          readOnly={!canManage}
          required
        />
        <NativeSelect
          label="Who sees it"
          data={sharingsFor(instance.sharedWith)}
          value={whole.sharedWith}
          onChange={(event) => change({ sharedWith: event.currentTarget.value as Sharing })}
          disabled={!canManage}
        />
        <Checkbox
          label="The key may stand in the URL"
          description="For senders that cannot set headers; it then shows in their logs"
          checked={whole.queryKeys}
          onChange={(event) => change({ queryKeys: event.currentTarget.checked })}
          disabled={!canManage}
        />
        <NumberField
          label="Calls at once"
          name="maxConcurrency"
          description="How many runs may be under way at the same time; each server process counts its own"
          value={whole.maxConcurrency}
          onChange={(maxConcurrency) => change({ maxConcurrency })}
          max={1000}
          required
          {...wholeNumber}
        />
        <Group align="end" grow>
          <NumberField
            label="At most so many triggers"
            name="rateLimit.requests"
            description="Empty: no limit"
            value={whole.requests}
            onChange={(requests) => change({ requests })}
            max={1_000_000}
            required={whole.windowSeconds.trim() !== ''}
            {...wholeNumber}
          />
          <NumberField
            label="In so many seconds"
            name="rateLimit.windowSeconds"
            value={whole.windowSeconds}
            onChange={(windowSeconds) => change({ windowSeconds })}
            max={86_400}
            required={whole.requests.trim() !== ''}
            {...wholeNumber}
          />
        </Group>
      </ActForm>
    </Stack>
  );
}
