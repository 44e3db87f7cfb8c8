import { writeFileSync } from "node:fs";
import { clientTypes } from "./client-types/document.ts";

/** Writes the types of the client from the API's OpenAPI document. */
writeFileSync(new URL("../client/contract.ts", import.meta.url), await clientTypes());
