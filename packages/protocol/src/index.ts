export * from './envelope.ts';
export * from './errors.ts';
export { environments } from './fields.ts';
export { buildOpenApi } from './openapi.ts';
export * from './operation.ts';
export * from './operations/index.ts';
export { logoMimeTypes, organizationSizes } from './operations/organizations.ts';
export * from './permissions.ts';
export * from './routes.ts';
