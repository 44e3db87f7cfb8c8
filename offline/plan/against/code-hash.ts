/**
 * Code by its content: the hash that Pulumi itself keeps of an asset or archive in its state, so that
 * paths of two machines compare. An archive's is that of an uncompressed tar of its files, in order of
 * their names, each with mode 0600 (pulumi/pulumi, `sdk/go/common/resource/archive`).
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../fields.ts";
import type { ResourceRecord } from "../../record.ts";

/**
 * The records with every asset and archive as `{ asset: { hash } }` or `{ archive: { hash } }`. Reads
 * the files, each once; what comes from a URL stays as it is.
 */
export function withCodeHashes(records: readonly ResourceRecord[]): ResourceRecord[] {
  const known = new Map<string, string>();
  const once = (path: string, hash: (path: string) => string): string => {
    const found = known.get(path) ?? hash(path);
    known.set(path, found);
    return found;
  };
  const hashed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(hashed);
    if (!isObject(value)) return value;
    const { asset, archive, ...others } = value;
    if (Object.keys(others).length === 0) {
      if (isObject(asset)) {
        if (typeof asset.text === "string") return { asset: { hash: sha256([asset.text]) } };
        if (typeof asset.path === "string")
          return { asset: { hash: once(asset.path, hashOfFile) } };
      }
      if (isObject(archive)) {
        if (typeof archive.path === "string") {
          return { archive: { hash: once(archive.path, hashOfArchive) } };
        }
        if (isObject(archive.assets)) {
          return { archive: { hash: hashOfTar(filesOf(archive.assets)) } };
        }
      }
    }
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, hashed(field)]));
  };
  return records.map((record) => ({
    ...record,
    inputs: Object.fromEntries(
      Object.entries(record.inputs).map(([key, value]) => [key, hashed(value)]),
    ),
  }));
}

type Content = string | Uint8Array;

function sha256(parts: Iterable<Content>): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

const hashOfFile = (path: string): string => sha256([readFileSync(path)]);

/** A file is a packed archive already, and hashed as it is. */
const hashOfArchive = (path: string): string =>
  statSync(path).isDirectory() ? hashOfTar(filesIn(path)) : hashOfFile(path);

type Files = Iterable<readonly [name: string, content: Uint8Array]>;

function* filesIn(folder: string, prefix = ""): Files {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => byBytes(a.name, b.name))) {
    const path = join(folder, entry.name);
    // The engine skips its own folder, and follows links to files only.
    if (entry.name === ".pulumi") continue;
    if (entry.isDirectory()) yield* filesIn(path, `${prefix}${entry.name}/`);
    else if (statSync(path).isFile()) yield [`${prefix}${entry.name}`, readFileSync(path)];
  }
}

/** Of an archive that is put together from assets and other archives. */
function* filesOf(assets: Readonly<Record<string, unknown>>, prefix = ""): Files {
  for (const name of Object.keys(assets).sort(byBytes)) {
    const { asset, archive } = isObject(assets[name]) ? assets[name] : {};
    const place = `${prefix}${name}`;
    if (isObject(asset) && typeof asset.text === "string") yield [place, Buffer.from(asset.text)];
    if (isObject(asset) && typeof asset.path === "string") yield [place, readFileSync(asset.path)];
    if (!isObject(archive)) continue;
    if (isObject(archive.assets)) yield* filesOf(archive.assets, `${place}/`);
    if (typeof archive.path === "string" && statSync(archive.path).isDirectory()) {
      yield* filesIn(archive.path, `${place}/`);
    }
  }
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const block = 512;

function hashOfTar(files: Files): string {
  const hash = createHash("sha256");
  for (const [name, content] of files) {
    hash.update(tarHeader(name, content.length)).update(content);
    hash.update(Buffer.alloc((block - (content.length % block)) % block));
  }
  // A tar ends with two empty blocks.
  return hash.update(Buffer.alloc(2 * block)).digest("hex");
}

/**
 * A ustar header (POSIX.1-1988) as Go's `archive/tar` writes it: no owner, no time. Names beyond 100
 * bytes have another form, which is not copied: such an archive counts as changed against a state.
 */
function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(block);
  const octal = (value: number, at: number, digits: number) =>
    header.write(value.toString(8).padStart(digits, "0"), at, "ascii");
  header.write(name, 0, 100, "utf8");
  octal(0o600, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  header.write("        0", 148, "ascii");
  header.write("ustar\u000000", 257, "ascii");
  octal(0, 329, 7);
  octal(0, 337, 7);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\u0000 `, 148, "ascii");
  return header;
}
