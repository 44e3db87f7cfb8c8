/** The reference as Markdown. */
import {
  type ComponentDoc,
  type MemberDoc,
  type Reference,
  readReference,
  type TypeDoc,
} from "./declarations.ts";

/** Files of docs/reference/, by name. */
export function referenceFiles(reference = readReference()): ReadonlyMap<string, string> {
  const types = new Set(reference.types.map(({ name }) => name));
  return new Map([
    ["README.md", overview(reference)],
    ...reference.components.map((one): [string, string] => [`${one.name}.md`, page(one, types)]),
    ["types.md", typesPage("Types", reference.types, types)],
    ["outputs.md", typesPage("Outputs of a stack", reference.outputs, types)],
  ]);
}

const generated = "<!-- Written from the doc comments by `npm run docs`; change them instead. -->";

const overview = ({ components }: Reference): string =>
  document(
    "Components",
    "Import them from `chatstack` or `chatstack/components`.",
    ...components.map(({ name, about }) => `- [${name}](${name}.md): ${firstSentence(about)}`),
    "What `pulumi stack output tenants` says of each tenant: [outputs](outputs.md).",
  );

const page = ({ name, about, args, outputs, methods }: ComponentDoc, types: Set<string>): string =>
  document(
    name,
    about,
    `## ${args.name}`,
    ...(args.about ? [args.about] : []),
    ...args.members.map((member) => entry(member, types)),
    "## Outputs",
    ...outputs.map((member) => entry(member, types, false)),
    ...(methods.length > 0
      ? ["## Methods", ...methods.map((member) => entry(member, types, false))]
      : []),
  );

const typesPage = (title: string, all: readonly TypeDoc[], types: Set<string>): string =>
  document(
    title,
    ...all.flatMap(({ name, about, members }) => [
      `## ${name}`,
      ...(about ? [about] : []),
      ...members.map((member) => entry(member, types)),
    ]),
  );

function entry(member: MemberDoc, types: Set<string>, isArgument = true): string {
  const { name, type, required, about, mentions } = member;
  const links = [...new Set(mentions)].filter((mention) => types.has(mention));
  const see = links.map((link) => `[${link}](types.md#${link.toLowerCase()})`).join(", ");
  const lines = [
    `**\`${name}\`**${isArgument && required ? " (required)" : ""}: \`${type}\``,
    about,
    see && `See ${see}.`,
  ];
  return `- ${lines
    .filter(Boolean)
    .join("\n\n")
    .replaceAll(/\n(?=.)/g, "\n  ")}`;
}

const firstSentence = (text: string): string =>
  (/^[\s\S]*?[.](?=\s|$)/.exec(text)?.[0] ?? text).replaceAll("\n", " ");

const document = (title: string, ...blocks: string[]): string =>
  `${[`# ${title}`, generated, ...blocks].join("\n\n")}\n`;
