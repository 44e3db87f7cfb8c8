/** The API reference in a browser: everything on it comes from the OpenAPI document within the page. */
import { element, prose } from "./dom.ts";
import { type OpenApi, type Parameter, type Route, responseOf, routesOf } from "./openapi.ts";
import { schemaView, typeView } from "./schema.ts";
import { tryIt } from "./try-it.ts";

const api: OpenApi = JSON.parse(document.getElementById("openapi")?.textContent ?? "{}");

const token = element("input", {
  id: "token",
  type: "password",
  autocomplete: "off",
  spellcheck: "false",
});
const filter = element("input", { id: "filter", type: "search", placeholder: "e.g. message" });
const sections = routesOf(api).map((route) => ({ route, link: linkTo(route), view: view(route) }));

/** Beside the operations where there is room, and folded above them where there is none. */
const contents = element(
  "details",
  { class: "contents" },
  element("summary", {}, "Operations"),
  element("label", { for: "filter" }, "Find", filter),
  ...api.tags.flatMap(({ name }) => [
    element("h2", {}, name),
    element("ul", {}, ...ofTag(name).map(({ link }) => link)),
  ]),
);
const wide = matchMedia("(min-width: 50.01rem)");
const unfold = () => {
  contents.open = wide.matches;
};
wide.addEventListener("change", unfold);
unfold();

document.body.append(
  element("nav", { "aria-label": "Operations" }, contents),
  element(
    "main",
    {},
    element("h1", {}, api.info.title, " ", element("small", {}, api.info.version)),
    element("p", {}, prose(api.info.description)),
    tokenForm(),
    element(
      "p",
      { class: "hint" },
      prose(
        "It stays in this page until you leave it. On your machine: `npx --no -- chatstack token`.",
      ),
    ),
    ...api.tags.flatMap(({ name, description }) => [
      element("h2", {}, name),
      element("p", {}, prose(description)),
      ...ofTag(name).map(({ view }) => view),
    ]),
  ),
);

filter.addEventListener("input", () => {
  const wanted = filter.value.toLowerCase();
  for (const { route, link } of sections) {
    const { operationId, summary } = route.operation;
    const text = `${route.method} ${route.path} ${operationId} ${summary}`.toLowerCase();
    link.hidden = !text.includes(wanted);
  }
});

addEventListener("hashchange", openTarget);
openTarget();

function openTarget(): void {
  const target = sections.find(({ view }) => view.id === location.hash.slice(1))?.view;
  if (target === undefined) return;
  target.open = true;
  unfold();
  target.scrollIntoView();
}

/** Browsers want a field for passwords within a form of its own; this one goes nowhere. */
function tokenForm(): HTMLElement {
  const label = element("label", { for: token.id }, "Access token, for requests from here", token);
  const form = element("form", {}, label);
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}

function ofTag(tag: string) {
  return sections.filter(({ route }) => route.operation.tags.includes(tag));
}

function linkTo({ method, path, operation }: Route): HTMLElement {
  const line = [methodView(method), " ", path];
  return element("li", {}, element("a", { href: `#${operation.operationId}` }, ...line));
}

function view(route: Route): HTMLDetailsElement {
  const { method, path, operation } = route;
  const body = operation.requestBody?.content["application/json"]?.schema;
  return element(
    "details",
    { id: operation.operationId, class: "operation" },
    element(
      "summary",
      {},
      methodView(method),
      " ",
      element("code", {}, path),
      " ",
      element("span", {}, operation.summary),
    ),
    operation.description !== undefined && element("p", {}, prose(operation.description)),
    element("p", { class: "hint" }, access(route)),
    operation.parameters !== undefined && element("h3", {}, "Parameters"),
    operation.parameters !== undefined && parametersView(operation.parameters),
    body !== undefined && element("h3", {}, "Body"),
    body !== undefined && schemaView(body, api),
    element("h3", {}, "Answers"),
    ...Object.entries(operation.responses).map(([status, response]) =>
      answerView(status, response),
    ),
    element("h3", {}, "Try it"),
    tryIt(route, () => token.value.trim()),
  );
}

function access({ operation }: Route): string {
  if (operation.security.length === 0) return "Needs no access token.";
  const isOptional = operation.security.some((way) => Object.keys(way).length === 0);
  return isOptional
    ? "Needs an access token, unless this deployment publishes it."
    : "Needs an access token.";
}

function methodView(method: string): HTMLElement {
  return element("b", { class: `method ${method.toLowerCase()}` }, method);
}

function parametersView(parameters: readonly Parameter[]): HTMLElement {
  return element(
    "ul",
    { class: "fields" },
    ...parameters.map((parameter) =>
      element(
        "li",
        {},
        element("code", { class: "name" }, parameter.name),
        element("span", { class: "type" }, ` ${parameter.in} `),
        typeView(parameter.schema, api),
        parameter.required === true && element("span", { class: "required" }, " required"),
        " ",
        prose(parameter.description),
      ),
    ),
  );
}

function answerView(status: string, given: Route["operation"]["responses"][string]): HTMLElement {
  const { description, headers = {}, content = {} } = responseOf(given, api);
  const media = Object.entries(content);
  return element(
    "details",
    { class: "answer" },
    element("summary", {}, element("code", {}, status), " ", prose(description)),
    ...Object.entries(headers).map(([name, header]) =>
      element("p", {}, element("code", {}, name), " ", prose(header.description)),
    ),
    ...media.flatMap(([type, { schema, examples = {} }]) => [
      element("p", {}, element("code", {}, type), " ", typeView(schema, api)),
      schemaView(schema, api),
      ...Object.values(examples).map(({ value }) =>
        element("pre", {}, JSON.stringify(value, null, 2)),
      ),
    ]),
  );
}
