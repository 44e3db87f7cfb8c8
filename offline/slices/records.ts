/** The records of some tenants of a stack. */
import type { Evaluation } from "../evaluate.ts";
import { evaluateTenants, type StackFile, type StackOptions } from "../project.ts";
import type { Run } from "./crew.ts";

export interface RecordsTask {
  readonly kind: "records";
  readonly file: StackFile;
  readonly options: Omit<StackOptions, "file" | "text">;
}

export const recordsRunner =
  ({ file, options }: RecordsTask): Run<Evaluation> =>
  (tenants) =>
    evaluateTenants(file, tenants, options);
