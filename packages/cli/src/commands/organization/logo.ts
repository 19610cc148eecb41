import { readFileSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { UsageError } from '../../command.ts';
import { fileProblem } from '../../config/file.ts';

const maxBytes = 5 * 1024 * 1024;
const mimeTypes = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
} as const;

function isPicture(extension: string): extension is keyof typeof mimeTypes {
  return Object.hasOwn(mimeTypes, extension);
}

/**
 * A logo file as the operation takes it; nothing where none was given.
 *
 * @throws {UsageError} when it is not a JPEG, PNG or WebP file by name, is too large or cannot be read.
 */
export function logoFields(cwd: string, file: string | undefined) {
  if (file === undefined) return {};
  const extension = extname(file).toLowerCase();
  if (!isPicture(extension)) throw new UsageError('--logo must be a .jpg, .jpeg, .png or .webp file.');
  const path = resolve(cwd, file);
  try {
    if (statSync(path).size > maxBytes) throw new UsageError('--logo is larger than 5 MB.');
    return { logoBase64: readFileSync(path).toString('base64'), logoMimeType: mimeTypes[extension] };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--logo: cannot read ${file}: ${fileProblem(error)}.`);
  }
}
