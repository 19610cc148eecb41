import {
  PasswordInput,
  type PasswordInputProps,
  Textarea,
  type TextareaProps,
  TextInput,
  type TextInputProps,
} from '@mantine/core';
import { type TextRules, textProblem } from './field-rules.ts';
import { useFieldProblem } from './form-problems.ts';

/** `about`: the codes of the errors that are about this field. Its `name` is its path in the request. */
interface Checked extends TextRules {
  readonly value: string;
  readonly about?: readonly string[] | undefined;
}

/** Takes what concerns the check out of the props of a field; nothing that was typed is cut by the browser. */
function useChecked<Props extends Checked & { readonly name?: string | undefined }>(props: Props) {
  const { about, required = false, minLength, maxLength, shape, ...input } = props;
  const own = textProblem(input.value, { required, minLength, maxLength, shape });
  return { ...input, required, ...useFieldProblem({ name: input.name, about }, own) };
}

/** A line of text in a form, which says itself what is wrong with it. */
export function TextField(props: Omit<TextInputProps, keyof Checked> & Checked) {
  return <TextInput {...useChecked(props)} />;
}

/** Text of several lines in a form, which says itself what is wrong with it. */
export function LongTextField(props: Omit<TextareaProps, keyof Checked> & Checked) {
  return <Textarea {...useChecked(props)} />;
}

/** A secret in a form, hidden while it is typed, which says itself what is wrong with it. */
export function SecretField(props: Omit<PasswordInputProps, keyof Checked> & Checked) {
  const checked = useChecked(props);
  // The library marks what stands around the input.
  return <PasswordInput {...checked} aria-invalid={checked.error !== undefined} />;
}
