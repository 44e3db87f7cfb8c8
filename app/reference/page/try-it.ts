import { element } from "./dom.ts";
import type { Parameter, Route } from "./openapi.ts";

/** A form that sends the request to the API which the page came from, and shows the answer as it comes. */
export function tryIt({ method, path, operation }: Route, token: () => string): HTMLElement {
  const parameters = (operation.parameters ?? []).map((parameter) => ({
    parameter,
    field: element("input", {
      id: `${operation.operationId}-${parameter.name}`,
      autocomplete: "off",
      spellcheck: "false",
      required: parameter.required === true,
      placeholder: placeholderOf(parameter),
    }),
  }));
  const json = operation.requestBody?.content["application/json"];
  const body = element("textarea", {
    id: `${operation.operationId}-body`,
    rows: "8",
    spellcheck: "false",
    "aria-label": "Body",
  });
  body.value = json === undefined ? "" : JSON.stringify(json.example ?? {}, null, 2);
  const accept = acceptField(operation.operationId, mediaTypes(operation.responses));
  const send = element("button", {}, "Send");
  const stop = element("button", { type: "button", hidden: true }, "Stop");
  const status = element("p", { class: "status", role: "status" });
  const answer = element("pre", { class: "answer", hidden: true, tabindex: "0" });
  const form = element(
    "form",
    {},
    ...parameters.map(({ parameter, field }) =>
      element("label", { for: field.id }, element("code", {}, parameter.name), field),
    ),
    json !== undefined && element("label", { for: body.id }, "Body", body),
    accept !== undefined && element("label", { for: accept.id }, "Accept", accept),
    element("p", {}, send, " ", stop),
    status,
    answer,
  );

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const controller = new AbortController();
    stop.onclick = () => controller.abort();
    stop.hidden = false;
    send.disabled = true;
    answer.hidden = false;
    answer.textContent = "";
    status.textContent = "…";
    const values = parameters.filter(({ field }) => field.value !== "");
    const valuesIn = (place: Parameter["in"]) =>
      values
        .filter(({ parameter }) => parameter.in === place)
        .map(({ parameter, field }): [string, string] => [parameter.name, field.value]);
    const start = performance.now();
    try {
      const response = await fetch(urlOf(path, valuesIn("path"), valuesIn("query")), {
        method,
        headers: {
          ...Object.fromEntries(valuesIn("header")),
          ...(json !== undefined && { "content-type": "application/json" }),
          ...(accept !== undefined && { accept: accept.value }),
          ...(token() !== "" && { authorization: `Bearer ${token()}` }),
        },
        ...(json !== undefined && { body: body.value }),
        signal: controller.signal,
      });
      const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`);
      status.textContent = `${response.status} ${response.statusText}`;
      answer.textContent = `${headers.join("\n")}\n\n`;
      await showBody(response, answer);
      status.textContent += ` in ${Math.round(performance.now() - start)} ms`;
    } catch (error) {
      status.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      send.disabled = false;
      stop.hidden = true;
    }
  });
  return form;
}

async function showBody(response: globalThis.Response, into: HTMLElement): Promise<void> {
  if (/json/.test(response.headers.get("content-type") ?? "")) {
    into.append(JSON.stringify(await response.json(), null, 2));
    return;
  }
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    into.append(part.value);
  }
}

/** Relative to the page, which stands beside the API's other paths. */
function urlOf(path: string, parameters: [string, string][], query: [string, string][]): string {
  const filled = parameters.reduce(
    (url, [name, value]) => url.replace(`{${name}}`, encodeURIComponent(value)),
    path.slice(1),
  );
  return query.length === 0 ? filled : `${filled}?${new URLSearchParams(query)}`;
}

function mediaTypes(responses: Route["operation"]["responses"]): string[] {
  return Object.entries(responses)
    .filter(([status]) => status.startsWith("2"))
    .flatMap(([, response]) =>
      "content" in response && response.content ? Object.keys(response.content) : [],
    );
}

/** Only where there is a choice. */
function acceptField(id: string, types: readonly string[]): HTMLSelectElement | undefined {
  if (types.length < 2) return undefined;
  const options = types.map((type) => element("option", {}, type));
  return element("select", { id: `${id}-accept` }, ...options);
}

function placeholderOf({ schema, required }: Parameter): string {
  if (schema.default !== undefined) return String(schema.default);
  if (schema.enum !== undefined) return schema.enum.join(" | ");
  return required === true ? "required" : "";
}
