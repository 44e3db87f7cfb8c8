/** Values as YAML that the engine reads as what they are: text that it would take for anything else is quoted. */
import { Document, isScalar, Scalar, visit } from "yaml";
import { resolveScalar } from "../../stacks/yaml/scalar.ts";

/** In as many lines as it takes. */
export const blockText = (value: unknown): string => written(new Document(value, style));

/** In one line. */
export function flowText(value: unknown): string {
  const document = new Document(value, style);
  document.contents = document.createNode(value, { flow: true });
  return written(document);
}

/** Other readers, and people, take a bare `off` of YAML 1.1 for false. */
const style = { version: "1.1" } as const;

function written(document: Document): string {
  visit(document, {
    Scalar(_, node) {
      if (!isScalar(node) || typeof node.value !== "string") return;
      // E.g. `0o17`, which is text in YAML 1.1.
      if (resolveScalar(node.value).tag !== "str") node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 }).trimEnd();
}
