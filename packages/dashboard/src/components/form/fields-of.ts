/** What a field that holds a text is given. */
export interface TextFieldProps {
  readonly name: string;
  readonly value: string;
  onChange(event: { readonly currentTarget: { readonly value: string } }): void;
}

/**
 * The fields of a form that holds several texts, each by its name; `onChange` learns the one that was changed. `path` is
 * what stands before the names in the request, as `settings.`.
 */
export function fieldsOf<Name extends string>(
  texts: Readonly<Record<Name, string>>,
  onChange: (changed: Partial<Record<Name, string>>) => void,
  path = '',
): (name: Name) => TextFieldProps {
  return (name) => ({
    name: `${path}${name}`,
    value: texts[name],
    onChange: ({ currentTarget: { value } }) => onChange({ [name]: value } as Partial<Record<Name, string>>),
  });
}
