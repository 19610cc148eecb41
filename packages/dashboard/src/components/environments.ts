/** The environments of every organization, as people read them. */
export const environments = [
  { value: 'dev', label: 'Development' },
  { value: 'sandbox', label: 'Sandbox' },
  { value: 'prod', label: 'Production' },
] as const;

/** For filters. */
export const everyEnvironment = [{ value: '', label: 'Every environment' }, ...environments];

/** What people call an environment; of one that there is not, what it says itself. */
export function environmentName(environment: string): string {
  return environments.find(({ value }) => value === environment)?.label ?? environment;
}
