import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the server counts; labels are operation ids and outcome names, never anything that a caller sent. */
export interface Metrics {
  readonly registry: Registry;
  readonly durations: Histogram<'operation' | 'status'>;
  /** `outcome` is `OK` or an error code. */
  readonly outcomes: Counter<'operation' | 'outcome'>;
  /** Calls to targets; `outcome` is `OK` or the code of a failure. */
  readonly engineCalls: Counter<'outcome'>;
  /** Targets that are left alone because they failed several times in a row. */
  readonly openCircuits: Gauge;
  /** Counts a visitor whom forward-auth lets in; costs as little. */
  countAdmission(): void;
  /** Counts a verification. Costs an addition: it is made far more often than the metrics are read. */
  countVerdict(verdict: string): void;
}

function createVerdictCount(registers: Registry[]): Metrics['countVerdict'] {
  const counts = new Map<string, number>();
  new Counter({
    name: 'latchkey_verdicts_total',
    help: 'Keys that were verified for others, by verdict',
    labelNames: ['verdict'],
    registers,
    collect() {
      this.reset();
      for (const [verdict, count] of counts) this.inc({ verdict }, count);
    },
  });
  return (verdict) => void counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
}

function createOutcomes(registers: Registry[]): Pick<Metrics, 'outcomes' | 'countAdmission'> {
  let admissions = 0;
  const outcomes = new Counter({
    name: 'latchkey_outcomes_total',
    help: 'Answered requests by outcome: OK or an error code',
    labelNames: ['operation', 'outcome'],
    registers,
    collect() {
      if (admissions > 0) this.inc({ operation: 'forwardAuth', outcome: 'OK' }, admissions);
      admissions = 0;
    },
  });
  function countAdmission(): void {
    admissions += 1;
  }
  return { outcomes, countAdmission };
}

/** Creates a registry of its own, so that several servers can live in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const countVerdict = createVerdictCount(registers);
  collectDefaultMetrics({ register: registry, prefix: 'latchkey_' });
  return {
    registry,
    countVerdict,
    ...createOutcomes(registers),
    durations: new Histogram({
      name: 'latchkey_http_request_duration_seconds',
      help: 'Duration of answered requests',
      labelNames: ['operation', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    }),
    engineCalls: new Counter({
      name: 'latchkey_engine_calls_total',
      help: 'Calls to targets by outcome: OK or the code of a failure',
      labelNames: ['outcome'],
      registers,
    }),
    openCircuits: new Gauge({
      name: 'latchkey_engine_open_circuits',
      help: 'Targets that are left alone because they failed several times in a row',
      registers,
    }),
  };
}
