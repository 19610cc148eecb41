export { findChromium } from './chromium.ts';
export { cleanEnvironment } from './clean-environment.ts';
export { endWithTests } from './end-with-tests.ts';
export { describeEachEngine, type EmptyStore, type Engine, engines, type OpenStore } from './engines.ts';
export type { ReceivedMessage } from './mailbox.ts';
export { type IssuedCode, OauthFlows, signIn, type TokenAnswer } from './oauth-flows.ts';
export { createPostgresDatabase, type PostgresDatabase } from './postgres.ts';
export { type PostgresServer, startPostgres } from './postgres-server.ts';
export { findCaddy, findNginx } from './programs.ts';
export { projectPath } from './project-root.ts';
export { type CommandResult, type RunOptions, runLatchkey, runPublished } from './run-command.ts';
export {
  ServerNotStarted,
  type ServerProcess,
  type StartServerOptions,
  startServer,
} from './server-process.ts';
export { type SmtpSink, type SmtpSinkOptions, startSmtpSink } from './smtp-sink.ts';
export { temporaryFolder } from './temporary-folder.ts';
export {
  type Answer,
  type CallOptions,
  createTestClock,
  startTestApp,
  type TestApp,
  type TestAppOptions,
  type TestClock,
} from './test-app.ts';
export { type TestCertificate, testCertificate } from './test-certificate.ts';
export { type PageAnswer, type SendRequest, Visitor } from './visitor.ts';
