/** The account: a file for each resource, the calls that were made, and the faults to come. */
import { createHash } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Properties } from "./wire.ts";

export interface CloudResource {
  readonly type: string;
  readonly id: string;
  /** URN of the resource that made it. */
  readonly urn: string;
  readonly props: Properties;
  /** Objects of a bucket, recovery points of a vault. */
  readonly holds?: number;
  /** A compliance lock whose grace time is over. */
  readonly isImmutable?: boolean;
}

/** What a test asks to go wrong; see `faults.json`. */
export interface Fault {
  readonly on: "create" | "update" | "delete" | "read";
  /** Regular expression that the resource's URN matches. */
  readonly urn: string;
  /** How often; absent: always. Counted over all operations. */
  readonly times?: number;
  /** Milliseconds to wait first. */
  readonly delay?: number;
  /** AWS's message; absent: nothing fails. */
  readonly says?: string;
}

export class Cloud {
  readonly #folder: string;

  /** @param folder made if it is not there. */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(join(folder, "resources"), { recursive: true });
    mkdirSync(join(folder, "faults"), { recursive: true });
  }

  get(type: string, id: string): CloudResource | undefined {
    try {
      return JSON.parse(readFileSync(this.#path(type, id), "utf8"));
    } catch {
      return undefined;
    }
  }

  put(resource: CloudResource): void {
    const { type, id } = resource;
    writeFileSync(
      this.#path(type, id),
      JSON.stringify({ ...this.get(type, id), ...resource }, null, 1),
    );
  }

  remove(type: string, id: string): void {
    rmSync(this.#path(type, id), { force: true });
  }

  /** All resources of a type, or of all types. */
  list(type?: string): CloudResource[] {
    const folder = join(this.#folder, "resources");
    const prefix = type === undefined ? "" : `${fileName(type)}-`;
    return readdirSync(folder)
      .filter((file) => file.startsWith(prefix))
      .sort()
      .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")));
  }

  /** Notes a call, for tests that ask what was asked. */
  note(call: { readonly on: string; readonly urn: string; readonly id?: string }): void {
    appendFileSync(join(this.#folder, "calls.jsonl"), `${JSON.stringify(call)}\n`);
  }

  calls(): { on: string; urn: string; id?: string }[] {
    try {
      const lines = readFileSync(join(this.#folder, "calls.jsonl"), "utf8").trimEnd().split("\n");
      return lines.map((line) => JSON.parse(line));
    } catch {
      return [];
    }
  }

  /** Replaces the faults to come. */
  plan(faults: readonly Fault[]): void {
    rmSync(join(this.#folder, "faults"), { recursive: true, force: true });
    mkdirSync(join(this.#folder, "faults"));
    writeFileSync(join(this.#folder, "faults.json"), JSON.stringify(faults));
  }

  /** @throws Error with AWS's message, where a fault is due. */
  async suffer(on: Fault["on"], urn: string): Promise<void> {
    for (const [index, fault] of this.#faults().entries()) {
      if (fault.on !== on || !new RegExp(fault.urn).test(urn)) continue;
      const count = this.#count(index);
      if (fault.times !== undefined && count > fault.times) continue;
      if (fault.delay) await new Promise((done) => setTimeout(done, fault.delay));
      if (fault.says) throw new Error(fault.says);
    }
  }

  /** How often a call has met the fault of this place in the plan. */
  met(index: number): number {
    try {
      return readFileSync(join(this.#folder, "faults", String(index))).length;
    } catch {
      return 0;
    }
  }

  #faults(): Fault[] {
    try {
      return JSON.parse(readFileSync(join(this.#folder, "faults.json"), "utf8"));
    } catch {
      return [];
    }
  }

  /** In a file, since every operation has a plugin process of its own. */
  #count(index: number): number {
    appendFileSync(join(this.#folder, "faults", String(index)), "x");
    return this.met(index);
  }

  #path(type: string, id: string): string {
    const hash = createHash("sha256").update(id).digest("hex").slice(0, 16);
    return join(this.#folder, "resources", `${fileName(type)}-${hash}.json`);
  }
}

/** `aws:dynamodb/table:Table` → `dynamodb.Table` */
const fileName = (type: string): string => type.replace(/^aws:(\w+)\/.*:(\w+)$/, "$1.$2");
