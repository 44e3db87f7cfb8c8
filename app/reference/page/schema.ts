import { element, prose } from "./dom.ts";
import { type OpenApi, type Schema, schemaOf } from "./openapi.ts";

const deepest = 6;

/** The fields of a schema as nested lists. */
export function schemaView(schema: Schema, api: OpenApi, depth = 0): HTMLElement | undefined {
  const { properties, required = [], items, anyOf, oneOf, allOf } = schemaOf(schema, api);
  if (depth > deepest) return undefined;
  if (items !== undefined) return schemaView(items, api, depth + 1);
  const variants = anyOf ?? oneOf ?? allOf;
  if (variants !== undefined) {
    const views = variants.map((variant) => schemaView(variant, api, depth + 1));
    return element("div", {}, ...views);
  }
  if (properties === undefined) return undefined;
  return element(
    "ul",
    { class: "fields" },
    ...Object.entries(properties).map(([name, property]) => {
      const inner = schemaView(property, api, depth + 1);
      const line = [
        element("code", { class: "name" }, name),
        " ",
        typeView(property, api),
        required.includes(name) && element("span", { class: "required" }, " required"),
        " ",
        prose(property.description ?? schemaOf(property, api).description),
      ];
      return inner === undefined
        ? element("li", {}, ...line)
        : element(
            "li",
            {},
            element("details", { open: depth < 1 }, element("summary", {}, ...line), inner),
          );
    }),
  );
}

/** Type and limits in a few words. */
export function typeView(schema: Schema, api: OpenApi): HTMLElement {
  return element("span", { class: "type" }, [typeName(schema, api), ...limits(schema)].join(", "));
}

function typeName(schema: Schema, api: OpenApi): string {
  if (schema.$ref !== undefined) return schema.$ref.split("/").at(-1) ?? "";
  const { type, items, enum: values, anyOf, oneOf, format } = schema;
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(" | ");
  const variants = anyOf ?? oneOf;
  if (variants !== undefined) return variants.map((variant) => typeName(variant, api)).join(" or ");
  if (items !== undefined) return `list of ${typeName(items, api)}`;
  const name = typeof type === "string" ? type : (type ?? ["anything"]).join(" or ");
  return format === undefined ? name : `${name} (${format})`;
}

function limits(schema: Schema): string[] {
  const { minimum, maximum, minLength, maxLength, maxItems, pattern } = schema;
  return [
    minimum === undefined ? "" : `≥ ${minimum}`,
    maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? "" : `≤ ${maximum}`,
    minLength === undefined ? "" : `length ≥ ${minLength}`,
    maxLength === undefined ? "" : `length ≤ ${maxLength}`,
    maxItems === undefined ? "" : `${maxItems} items at most`,
    pattern === undefined ? "" : `/${pattern}/`,
    schema.default === undefined ? "" : `default ${JSON.stringify(schema.default)}`,
  ].filter(Boolean);
}
