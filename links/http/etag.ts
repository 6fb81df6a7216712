/** The part of `Deno.FileInfo` that an entity tag is made from. */
export interface FileInfo {
  /** When the file was last changed, where that is known. */
  mtime: Date | null;
  /** Bytes in the file. */
  size: number;
}

/** Options of {@linkcode eTag}. */
export interface ETagOptions {
  /** The digest, SHA-256 if not given. */
  algorithm?: AlgorithmIdentifier;
  /** Whether the tag is weak. If not given, that of a file is, and that of contents is not. */
  weak?: boolean;
}

/** Makes the entity tag of some contents. */
export function eTag(
  entity: string | Uint8Array<ArrayBuffer>,
  options?: ETagOptions,
): Promise<string>;
/** Makes the entity tag of a file, of its size and the time of its last change; none if that is not known. */
export function eTag(entity: FileInfo, options?: ETagOptions): Promise<string | undefined>;
export async function eTag(
  entity: string | Uint8Array<ArrayBuffer> | FileInfo,
  { algorithm = "SHA-256", weak = isFileInfo(entity) }: ETagOptions = {},
): Promise<string | undefined> {
  const subject = isFileInfo(entity) ? entity.mtime?.toJSON() : entity;
  if (subject === undefined) return undefined;

  const bytes = typeof subject === "string" ? new TextEncoder().encode(subject) : subject;
  const size = isFileInfo(entity) ? entity.size : bytes.length;
  const digest = size === 0 && !isFileInfo(entity)
    ? EMPTY_DIGEST
    : new Uint8Array(await crypto.subtle.digest(algorithm, bytes)).toBase64();
  return `${weak ? "W/" : ""}"${size.toString(16)}-${digest.slice(0, DIGEST_CHARS)}"`;
}

/** How much of the digest a tag holds: 162 bits. */
const DIGEST_CHARS = 27;

/** The digest of nothing, whatever the algorithm. */
const EMPTY_DIGEST = "47DEQpj8HBSa+/TImW+5JCeuQeR";

/** Whether a request wants an answer: false if its `If-None-Match` names the tag, which a weak comparison decides. */
export function ifNoneMatch(value: string | null, etag: string | undefined): boolean {
  if (!value || !etag) return true;
  if (value.trim() === "*") return false;
  return !value.split(/\s*,\s*/).map(strip).includes(strip(etag));
}

/** Whether a request may go ahead: true if its `If-Match` names the tag, which a strong comparison decides. */
export function ifMatch(value: string | null, etag: string | undefined): boolean {
  if (!value || !etag || etag.startsWith("W/")) return false;
  return value.trim() === "*" || value.split(/\s*,\s*/).includes(etag);
}

function strip(etag: string): string {
  return etag.replace(/^W\//, "");
}

function isFileInfo(entity: string | Uint8Array | FileInfo): entity is FileInfo {
  return typeof entity === "object" && "mtime" in entity && "size" in entity;
}
