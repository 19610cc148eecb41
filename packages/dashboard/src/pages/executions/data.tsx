import { Text } from '@mantine/core';
import { CodeSample } from '../../components/code-sample.tsx';
import { jsonText } from '../../components/json-text.ts';

/** More than a person reads; a browser takes long to lay it out. */
const maxShown = 100_000;

/** A value as JSON, to be read and copied. */
export function Data({ label, value }: { label: string; value: unknown }) {
  const text = jsonText(value, 2);
  return (
    <>
      <CodeSample label={label} code={text.slice(0, maxShown)} />
      {text.length > maxShown && (
        <Text size="sm">
          These are its first {maxShown.toLocaleString('en')} characters of {text.length.toLocaleString('en')}
          . The API answers all of it.
        </Text>
      )}
    </>
  );
}
