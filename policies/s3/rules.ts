import type { AnyRule } from "../rule.ts";
import { publicBlock } from "./public-block.ts";

export const s3Rules: readonly AnyRule[] = [publicBlock];
