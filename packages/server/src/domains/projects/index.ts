export { addProject, createProject, usualTemplate } from './create.ts';
export { getProject, requireProject } from './get.ts';
export { listProjects } from './list.ts';
export { organizationOfProject } from './projects.sql.ts';
