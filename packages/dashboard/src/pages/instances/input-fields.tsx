import { Fieldset, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import type { Draft, InputField } from './input-form.ts';
import type { Problems } from './read-draft.ts';

interface Shared {
  readonly draft: Draft;
  readonly problems: Problems;
  readonly onType: (path: string, text: string) => void;
}

const listHint = { text: 'One a line', number: 'One number a line' } as const;

function optionText(option: unknown): string {
  if (option === true) return 'Yes';
  if (option === false) return 'No';
  return typeof option === 'string' ? option : JSON.stringify(option);
}

function choicesOf(options: readonly unknown[]) {
  const named = options.map((option) => ({ value: JSON.stringify(option), label: optionText(option) }));
  return [{ value: '', label: 'Not given' }, ...named];
}

function Field({ field, draft, problems, onType }: Shared & { field: InputField }) {
  const { path, label, description, isRequired } = field;
  if (field.kind === 'group') {
    return (
      <Fieldset legend={label}>
        <InputFields fields={field.fields} draft={draft} problems={problems} onType={onType} />
      </Fieldset>
    );
  }
  const input = {
    label,
    description,
    required: isRequired,
    value: draft.get(path) ?? '',
    error: problems.get(path),
  };
  const onChange = (event: { currentTarget: { value: string } }) => onType(path, event.currentTarget.value);
  if (field.kind === 'choice')
    return <NativeSelect {...input} data={choicesOf(field.options)} onChange={onChange} />;
  if (field.kind === 'json')
    return <Textarea {...input} autosize minRows={4} spellCheck={false} onChange={onChange} />;
  if (field.kind === 'list') {
    const hint = [description, listHint[field.of]].filter((each) => each !== undefined).join('. ');
    return <Textarea {...input} description={hint} autosize minRows={2} onChange={onChange} />;
  }
  return (
    <TextInput {...input} inputMode={field.kind === 'number' ? 'decimal' : undefined} onChange={onChange} />
  );
}

/** Fields of a payload, each with what is wrong with it. */
export function InputFields({ fields, ...shared }: Shared & { fields: readonly InputField[] }) {
  return (
    <Stack>
      {fields.map((field) => (
        <Field key={field.path} field={field} {...shared} />
      ))}
    </Stack>
  );
}
