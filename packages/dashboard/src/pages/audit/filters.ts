/** What is chosen above the list of events; empty is everything. `since` and `until` are days of the person. */
export interface Filters {
  readonly outcome: string;
  readonly environment: string;
  readonly action: string;
  readonly actor: string;
  readonly since: string;
  readonly until: string;
}

/** What the list begins with: everything. */
export const everyEvent: Filters = {
  outcome: '',
  environment: '',
  action: '',
  actor: '',
  since: '',
  until: '',
};
