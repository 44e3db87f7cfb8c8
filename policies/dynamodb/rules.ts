import type { AnyRule } from "../rule.ts";
import { pitr } from "./pitr.ts";

export const dynamodbRules: readonly AnyRule[] = [pitr];
