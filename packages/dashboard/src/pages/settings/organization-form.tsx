import type { Request as Asked, Output } from '@latchkey/protocol';
import { NativeSelect, Text, Title } from '@mantine/core';
import { keep, useAct } from '../../api.ts';
import { ActForm } from '../../components/form/act-form.tsx';
import { fieldsOf } from '../../components/form/fields-of.ts';
import { LongTextField, TextField } from '../../components/form/text-field.tsx';
import { useDraft } from '../../components/form/use-draft.ts';

type Size = NonNullable<Asked<'organizations.update'>['size']>;

const nameLength = { min: 2, max: 100 };
const sizes = [
  { value: '', label: 'Not said' },
  { value: 'solo', label: 'Just me' },
  ...['2-10', '11-50', '51-200', '201-1000', '1000+'].map((value) => ({ value, label: `${value} people` })),
];

/** Name, description and size of an organization. */
export function OrganizationForm({
  organization,
  isReadOnly,
}: {
  organization: Output<'organizations.get'>;
  isReadOnly: boolean;
}) {
  const { organizationId, name, description, size } = organization;
  const update = useAct('organizations.update');
  const draft = useDraft({ name, description, size: size ?? '' });
  const field = fieldsOf(draft.whole, draft.change);
  function save(): void {
    const { size: chosen, ...texts } = draft.changed;
    // The choices are those that the server knows.
    const sized = chosen === undefined ? {} : { size: chosen === '' ? null : (chosen as Size) };
    update.mutate(
      { organizationId, ...texts, ...sized },
      {
        onSuccess: (saved) => {
          keep('organizations.get', { organizationId }, saved);
          draft.forget();
        },
      },
    );
  }
  return (
    <ActForm
      act={update}
      action={isReadOnly ? undefined : 'Save'}
      isChanged={draft.isChanged}
      isReady={draft.isChanged}
      beside={
        <Text role="status" size="sm">
          {update.isSuccess ? 'Saved.' : ''}
        </Text>
      }
      onSubmit={save}
    >
      <Title order={2} size="h4">
        Organization
      </Title>
      <TextField
        label="Name"
        minLength={nameLength.min}
        maxLength={nameLength.max}
        readOnly={isReadOnly}
        required
        {...field('name')}
      />
      <LongTextField
        label="Description"
        description="What it does; your team sees it"
        maxLength={500}
        readOnly={isReadOnly}
        rows={3}
        {...field('description')}
      />
      <NativeSelect label="Size" data={sizes} disabled={isReadOnly} {...field('size')} />
    </ActForm>
  );
}
