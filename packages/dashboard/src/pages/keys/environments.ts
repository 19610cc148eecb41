/** The environments of every organization, as people read them. */
export const environments = [
  { value: 'dev', label: 'Development' },
  { value: 'sandbox', label: 'Sandbox' },
  { value: 'prod', label: 'Production' },
] as const;

/** For filters. */
export const everyEnvironment = [{ value: '', label: 'Every environment' }, ...environments];
