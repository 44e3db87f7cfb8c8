/** The reference as Markdown, and as JSON Schema what programs read. */
import { z } from "zod";
import { tenantEvent } from "../../operations/fleet/events.ts";
import { tenantChange } from "../../operations/tenant/text.ts";
import {
  type ComponentDoc,
  type MemberDoc,
  type Reference,
  readReference,
  type TypeDoc,
} from "./declarations.ts";

/** Files of docs/reference/, by name. */
export function referenceFiles(reference = readReference()): ReadonlyMap<string, string> {
  const shown = reference.types.filter((type) => !isTransforms(type));
  const types = new Set(shown.map(({ name }) => name));
  const transforms = new Map(reference.types.filter(isTransforms).map((one) => [one.name, one]));
  return new Map([
    ["README.md", overview(reference)],
    ...reference.components.map((one): [string, string] => [
      `${one.name}.md`,
      page(one, types, transforms),
    ]),
    ["types.md", typesPage("Types", shown, types)],
    ["outputs.md", typesPage("Outputs of a stack", reference.outputs, new Set())],
    ["tenant-change.schema.json", jsonSchema(tenantChange)],
    ["tenant-event.schema.json", jsonSchema(tenantEvent)],
  ]);
}

/** As input: a later release may add fields. */
const jsonSchema = (schema: z.ZodType): string => {
  const written = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return `${JSON.stringify(written, undefined, 2)}\n`;
};

const generated = "<!-- Written from the doc comments by `npm run docs`; change them instead. -->";

const overview = ({ components }: Reference): string =>
  document(
    "Components",
    "Import them from `chatstack` or `chatstack/components`.",
    components
      .map(({ name, about }) => `- [${name}](${name}.md): ${firstSentence(about)}`)
      .join("\n"),
    "What `pulumi stack output tenants` says of each tenant: [outputs](outputs.md).",
  );

type Transforms = ReadonlyMap<string, TypeDoc>;

/** `ChatFunctionTransform`: the fields of a component's `transform`, which its page has. */
const isTransforms = ({ name }: TypeDoc): boolean => /.Transform$/.test(name);

const page = (
  { name, about, args, outputs, methods }: ComponentDoc,
  types: Set<string>,
  transforms: Transforms,
): string =>
  document(
    name,
    about,
    `## ${args.name}`,
    args.about,
    ...membersOf(args, types, transforms),
    "## Outputs",
    list(outputs, types, false),
    methods.length > 0 ? "## Methods" : "",
    list(methods, types, false),
  );

const typesPage = (title: string, all: readonly TypeDoc[], types: Set<string>): string =>
  document(
    title,
    ...all.flatMap((type) => [`## ${type.name}`, type.about, ...membersOf(type, types)]),
  );

/** A type's own members, and by name the types that it has the others from. */
function membersOf(
  { name, members }: TypeDoc,
  types: Set<string>,
  transforms: Transforms = new Map(),
): string[] {
  const isOwn = ({ owner }: MemberDoc) => owner === name || !types.has(owner);
  const others = [...new Set(members.filter((one) => !isOwn(one)).map(({ owner }) => owner))];
  const inherited = others.map((other) => {
    const names = members.filter(({ owner }) => owner === other).map(inheritedName);
    return `From ${link(other)}: ${names.join(", ")}.`;
  });
  const own = members.filter((member) => isOwn(member) && member.name !== "transform");
  const transform = members.find((member) => member.name === "transform");
  return [
    [list(own, types), transform ? transformEntry(transform, transforms) : ""]
      .filter(Boolean)
      .join("\n"),
    ...inherited,
  ];
}

const inheritedName = ({ name, required }: MemberDoc) =>
  `\`${name}\`${required ? " (required)" : ""}`;

const list = (members: readonly MemberDoc[], types: Set<string>, isArgument = true): string =>
  members.map((member) => entry(member, types, isArgument)).join("\n");

function entry(member: MemberDoc, types: Set<string>, isArgument: boolean): string {
  const { name, required, about } = member;
  const head = `- **\`${name}\`**${isArgument && required ? " (required)" : ""}: `;
  const text = `${head}${typeText(member, types)}${about && "\\\n"}${about}`;
  return text.replaceAll(/\n(?=.)/g, "\n  ");
}

/** The type as code, in which each type of the reference is a link. */
function typeText({ type, mentions }: MemberDoc, types: Set<string>): string {
  const known = mentions.filter((one) => types.has(one));
  if (known.length === 0) return code(type);
  return type
    .split(new RegExp(`\\b(${known.join("|")})\\b`))
    .map((part, index) => (index % 2 === 1 ? link(part, true) : part && code(part)))
    .join("");
}

/** `{ table?: Transform<aws.dynamodb.TableArgs>; backup?: TableBackupTransform } & LoginTransform`. */
function transformEntry({ type, mentions }: MemberDoc, transforms: Transforms): string {
  const fields = [...type.matchAll(/(\w+)\?: ([^;}]+)/g)].map(([, name = "", of = ""]) => ({
    name,
    type: of.trim(),
  }));
  const nested = new Set(fields.map((field) => field.type));
  const joined = mentions.flatMap((one) =>
    nested.has(one) ? [] : (transforms.get(one)?.members ?? []),
  );
  const all = transformsOf([...fields, ...joined], transforms).join(", ");
  return `- **\`transform\`**: a ${link("Transform")} of each of these: ${all}`;
}

interface Field {
  readonly name: string;
  readonly type: string;
}

const transformsOf = (fields: readonly Field[], transforms: Transforms, path = ""): string[] =>
  fields.flatMap(({ name, type }) => {
    const nested = transforms.get(type);
    if (nested) return transformsOf(nested.members, transforms, `${path}${name}.`);
    // `DocumentBucketArgs["transform"]`: a component that this one is made of.
    const component = /^(\w+)Args\["transform"\]$/.exec(type)?.[1];
    const resource = /^Transform<(.+)>$/.exec(type)?.[1] ?? type;
    const what = component ? `[${component}](${component}.md)'s` : `\`${resource}\``;
    return [`\`${path}${name}\` (${what})`];
  });

const link = (name: string, isCode = false): string =>
  `[${isCode ? `\`${name}\`` : name}](types.md#${name.toLowerCase()})`;

const code = (text: string): string => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);

const firstSentence = (text: string): string =>
  (/^[\s\S]*?[.](?=\s|$)/.exec(text)?.[0] ?? text).replaceAll("\n", " ");

const document = (title: string, ...blocks: string[]): string =>
  `${[`# ${title}`, generated, ...blocks].filter(Boolean).join("\n\n")}\n`;
