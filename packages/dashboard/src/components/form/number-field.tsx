import { TextInput, type TextInputProps } from '@mantine/core';
import { wholeNumberProblem } from './field-rules.ts';
import { useFieldProblem } from './form-problems.ts';

/**
 * A whole number in a form, from `min` to `max`, as the text that was typed: what is no such number stays, and is told
 * beside it. Empty where none was typed.
 */
export function NumberField({
  min,
  max,
  onChange,
  ...props
}: Omit<TextInputProps, 'value' | 'min' | 'max' | 'onChange'> & {
  value: string;
  min: number;
  max: number;
  onChange: (typed: string) => void;
}) {
  const { name, value, required = false } = props;
  const wrong = useFieldProblem({ name }, wholeNumberProblem(value, { required, min, max }));
  return (
    <TextInput
      {...props}
      {...wrong}
      inputMode="numeric"
      autoComplete="off"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
