/** What is chosen above the list of executions; empty is everything. `from` and `until` are days of the person. */
export interface Filters {
  readonly instance: string;
  readonly workflow: string;
  readonly status: string;
  readonly environment: string;
  readonly method: string;
  readonly from: string;
  readonly until: string;
}

/** What the list begins with: everything. */
export const everything: Filters = {
  instance: '',
  workflow: '',
  status: '',
  environment: '',
  method: '',
  from: '',
  until: '',
};
