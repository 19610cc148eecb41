import type { TargetPolicy } from '../../engines/http/index.ts';
import type { KeyDeps } from '../keys/index.ts';

/** What the operations on instances work with. */
export interface InstanceDeps extends KeyDeps {
  /** Where callers reach the server; stands in the URLs that trigger workflows. */
  readonly publicUrl: () => string;
  /** Which hosts may be called. */
  readonly targetPolicy: TargetPolicy;
}
