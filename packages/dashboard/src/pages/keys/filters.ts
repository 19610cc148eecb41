/** What is chosen above the list of keys; empty is everything. `ends` and `unused` are numbers of days. */
export interface Filters {
  readonly text: string;
  readonly state: string;
  readonly family: string;
  readonly environment: string;
  readonly ends: string;
  readonly unused: string;
  readonly order: string;
}

/** What the list begins with. */
export const usualFilters: Filters = {
  text: '',
  state: 'live',
  family: '',
  environment: '',
  ends: '',
  unused: '',
  order: 'created descending',
};
