/** What a usage may say, its unit and its default, for `docs/tenants/cost.md`. */
import { z } from "zod";
import { defaultUsage, usageSettings } from "../usage.ts";
import { markdown } from "./markdown.ts";

export const usageTable = (): string =>
  markdown(
    ["field", "default", "what it is, for a tenant and month"],
    Object.entries(usageSettings.shape).map(([field, schema]) => [
      `\`${field}\``,
      String(new Map<string, number>(Object.entries(defaultUsage)).get(field) ?? "—"),
      (schema instanceof z.ZodOptional ? descriptionOf(schema.unwrap()) : undefined) ?? "",
    ]),
  );

const descriptionOf = (schema: unknown): string | undefined =>
  schema instanceof z.ZodType ? schema.description : undefined;
