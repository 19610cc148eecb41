/** What is chosen above the list of instances; empty is everything. `page` is the number of the page, from 1 on. */
export interface Filters {
  readonly text: string;
  readonly state: string;
  readonly environment: string;
  readonly page: string;
}

/** What the list begins with: all that are not archived. */
export const everyInstance: Filters = { text: '', state: '', environment: '', page: '1' };
