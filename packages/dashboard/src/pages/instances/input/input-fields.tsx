import { Fieldset, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useFieldProblem } from '../../../components/form/form-problems.ts';
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

function Leaf({
  field,
  draft,
  problems,
  onType,
}: Shared & { field: Exclude<InputField, { kind: 'group' }> }) {
  const { path, label, description, isRequired } = field;
  const text = problems.get(path);
  const wrong = useFieldProblem({ name: path }, text === undefined ? undefined : { text, isTold: false });
  const input = {
    name: path,
    label,
    description,
    required: isRequired,
    value: draft.get(path) ?? '',
    ...wrong,
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

function Field({ field, ...shared }: Shared & { field: InputField }) {
  if (field.kind !== 'group') return <Leaf field={field} {...shared} />;
  return (
    <Fieldset legend={field.label}>
      <InputFields fields={field.fields} {...shared} />
    </Fieldset>
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
