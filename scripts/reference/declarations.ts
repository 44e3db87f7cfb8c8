/** What the components' declarations say, read by the TypeScript compiler from their doc comments. */
import { join, resolve } from "node:path";
import ts from "typescript";

export interface ComponentDoc {
  readonly name: string;
  readonly about: string;
  readonly args: TypeDoc;
  readonly outputs: readonly MemberDoc[];
  readonly methods: readonly MemberDoc[];
}

export interface TypeDoc {
  readonly name: string;
  readonly about: string;
  readonly members: readonly MemberDoc[];
  /** Own types that an alias stands for. */
  readonly mentions: readonly string[];
}

export interface MemberDoc {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly about: string;
  /** Own types that its type names. */
  readonly mentions: readonly string[];
  /** Name of the interface or class that declares it: another one's where it is inherited. */
  readonly owner: string;
}

export interface Reference {
  readonly components: readonly ComponentDoc[];
  /** Types that arguments are made of, in the order in which they are mentioned. */
  readonly types: readonly TypeDoc[];
  /** What a stack says of its tenants. */
  readonly outputs: readonly TypeDoc[];
}

const root = resolve(import.meta.dirname, "../..");

/** The arguments that every component takes. */
export const commonArgs = "TenantComponentArgs";

export function readReference(): Reference {
  const entry = join(root, "components/index.ts");
  const outputs = join(root, "stacks/tenant-outputs.ts");
  const program = ts.createProgram([entry, outputs], {
    module: ts.ModuleKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    types: ["node"],
  });
  const checker = program.getTypeChecker();
  const exportsOf = (path: string) => {
    const file = program.getSourceFile(path);
    const module = file && checker.getSymbolAtLocation(file);
    if (!module) throw new Error(`${path} exports nothing`);
    return checker.getExportsOfModule(module).map((symbol) => resolveAlias(checker, symbol));
  };
  const exported = exportsOf(entry);
  const reader = new Reader(checker);
  const components = exported
    .filter((symbol) => symbol.flags & ts.SymbolFlags.Class)
    .filter((symbol) => isMadeByUsers(classDeclaration(symbol)))
    .map((symbol) => reader.component(symbol))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    components,
    types: reader.mentionedTypes(components),
    outputs: exportsOf(outputs)
      .filter((symbol) => symbol.flags & ts.SymbolFlags.Interface)
      .map((symbol) => reader.type(symbol)),
  };
}

/** A class with a private constructor is the type of an argument. */
const isMadeByUsers = ({ members }: ts.ClassDeclaration): boolean =>
  !members
    .filter(ts.isConstructorDeclaration)
    .some((one) => ts.getCombinedModifierFlags(one) & ts.ModifierFlags.Private);

const resolveAlias = (checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

class Reader {
  readonly #checker: ts.TypeChecker;
  readonly #own = new Map<string, ts.Symbol>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  component(symbol: ts.Symbol): ComponentDoc {
    const declaration = classDeclaration(symbol);
    const args = this.#own.get(`${symbol.name}Args`) ?? this.#argsOf(declaration);
    const members = publicMembers(declaration);
    const documented = members.map((member) => this.#member(member));
    const isMethod = (index: number) => {
      const member = members[index];
      return member !== undefined && ts.isMethodDeclaration(member);
    };
    return {
      name: symbol.name,
      about: fileComment(declaration.getSourceFile()),
      args: this.type(args),
      outputs: documented.filter(({ name }, index) => !isMethod(index) && name !== "nodes"),
      methods: documented.filter((_, index) => isMethod(index)),
    };
  }

  mentionedTypes(components: readonly ComponentDoc[]): TypeDoc[] {
    const found = new Map<string, TypeDoc>();
    const documented = new Set(components.flatMap(({ name, args }) => [name, args.name]));
    const visit = (names: readonly string[]) => {
      for (const name of names) {
        const symbol = this.#own.get(name);
        if (!symbol || found.has(name) || documented.has(name)) continue;
        const type = this.type(symbol);
        found.set(name, type);
        visit([...type.mentions, ...type.members.flatMap(({ mentions }) => mentions)]);
      }
    };
    visit([commonArgs]);
    for (const { args } of components) visit(args.members.flatMap(({ mentions }) => mentions));
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #argsOf(declaration: ts.ClassDeclaration): ts.Symbol {
    const [, parameter] = declaration.members.find(ts.isConstructorDeclaration)?.parameters ?? [];
    const symbol = parameter && this.#checker.getTypeAtLocation(parameter).getSymbol();
    if (!symbol) throw new Error(`${declaration.name?.text} has no arguments`);
    return symbol;
  }

  type(symbol: ts.Symbol): TypeDoc {
    const [declaration] = symbol.declarations ?? [];
    const about = [this.#docOf(symbol), ...this.#examplesOf(symbol)].filter(Boolean).join("\n\n");
    if (declaration && ts.isClassDeclaration(declaration) && isMadeByUsers(declaration))
      return {
        name: symbol.name,
        about: about || fileComment(declaration.getSourceFile()),
        members: publicMembers(declaration)
          .filter((member) => member.name.getText() !== "nodes")
          .map((member) => this.#member(member)),
        mentions: [],
      };
    const type = this.#checker.getDeclaredTypeOfSymbol(symbol);
    if (declaration && ts.isTypeAliasDeclaration(declaration))
      return {
        name: symbol.name,
        // A list in the comment says of each alternative what it is.
        about: about.includes("- `")
          ? about
          : [this.#aliasText(declaration, type), about].filter(Boolean).join("\n\n"),
        members: [],
        mentions: this.#mentions(declaration.type),
      };
    return {
      name: symbol.name,
      about,
      members: transformLast(type.getProperties()).flatMap((property) => {
        const [member] = property.declarations ?? [];
        return member && isNamed(member) ? [this.#member(member)] : [];
      }),
      mentions: [],
    };
  }

  /** As it is written, or what it stands for where it is derived from a value. */
  #aliasText(declaration: ts.TypeAliasDeclaration, type: ts.Type): string {
    const written = declaration.type.getText().replaceAll(/\s+/g, " ");
    return `\`${written.includes("typeof") ? this.#literals(type) : written}\``;
  }

  /** The checker keeps literals in the order in which it met them. */
  #literals(type: ts.Type): string {
    const all = type.isUnion() ? type.types : [type];
    return all
      .map((one) => this.#checker.typeToString(one))
      .toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }))
      .join(" | ");
  }

  #member(member: ts.Declaration & { readonly name: ts.PropertyName }): MemberDoc {
    const symbol = this.#checker.getSymbolAtLocation(member.name);
    const type = signatureOf(member);
    const owner = this.#ownerOf(member);
    return {
      name: member.name.getText(),
      type,
      required: !(symbol && symbol.flags & ts.SymbolFlags.Optional),
      about: symbol ? this.#docOf(symbol) : "",
      mentions: this.#mentions(member),
      owner,
    };
  }

  #ownerOf({ parent }: ts.Declaration): string {
    const symbol =
      (ts.isInterfaceDeclaration(parent) || ts.isClassDeclaration(parent)) && parent.name
        ? this.#checker.getSymbolAtLocation(parent.name)
        : undefined;
    if (symbol) this.#own.set(symbol.name, symbol);
    return symbol?.name ?? "";
  }

  /** Own types that a declaration names, remembered for `mentionedTypes`. */
  #mentions(node: ts.Node): string[] {
    const names: string[] = [];
    const visit = (child: ts.Node) => {
      if (ts.isTypeReferenceNode(child)) {
        const found = this.#checker.getSymbolAtLocation(child.typeName);
        const symbol = found && resolveAlias(this.#checker, found);
        const file = symbol?.declarations?.[0]?.getSourceFile().fileName ?? "";
        const isParameter = symbol && symbol.flags & ts.SymbolFlags.TypeParameter;
        if (symbol && !isParameter && file.startsWith(join(root, "components"))) {
          this.#own.set(symbol.name, symbol);
          names.push(symbol.name);
        }
      }
      ts.forEachChild(child, visit);
    };
    visit(node);
    return names;
  }

  #examplesOf(symbol: ts.Symbol): string[] {
    return symbol
      .getJsDocTags(this.#checker)
      .filter(({ name }) => name === "example")
      .map(({ text }) => `\`\`\`ts\n${ts.displayPartsToString(text)}\n\`\`\``);
  }

  #docOf(symbol: ts.Symbol): string {
    return ts.displayPartsToString(symbol.getDocumentationComment(this.#checker)).trim();
  }
}

const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static;

const isNamed = <Member extends ts.Declaration>(
  member: Member,
): member is Member & { readonly name: ts.PropertyName } => {
  const name = ts.getNameOfDeclaration(member);
  return name !== undefined && ts.isIdentifier(name);
};

function classDeclaration(symbol: ts.Symbol): ts.ClassDeclaration {
  const declaration = symbol.declarations?.find(ts.isClassDeclaration);
  if (!declaration) throw new Error(`${symbol.name} is no class`);
  return declaration;
}

/** The paragraph on top of a component's file. */
function fileComment(file: ts.SourceFile): string {
  const text = file.getFullText();
  const [, comment = ""] = /^\/\*\*([\s\S]*?)\*\//.exec(text) ?? [];
  return comment.replaceAll(/^\s*\* ?/gm, "").trim();
}

const publicMembers = ({ members }: ts.ClassDeclaration) =>
  members.filter((member) => !(ts.getCombinedModifierFlags(member) & hidden)).filter(isNamed);

/** As it is written: a resolved type would name the compiler's own findings. */
function signatureOf(member: ts.Declaration): string {
  if (ts.isMethodDeclaration(member) || ts.isMethodSignature(member)) {
    const parameters = member.parameters.map((parameter) => parameter.getText()).join(", ");
    return `(${parameters}) => ${member.type?.getText() ?? "void"}`;
  }
  const typed = ts.isPropertySignature(member) || ts.isPropertyDeclaration(member);
  if (typed || ts.isGetAccessor(member))
    return member.type?.getText().replaceAll(/\s+/g, " ").replace(/^\| /, "") ?? "";
  return "";
}

/** The settings come first: few readers want to edit the resources underneath. */
const transformLast = (members: readonly ts.Symbol[]): ts.Symbol[] => [
  ...members.filter(({ name }) => name !== "transform"),
  ...members.filter(({ name }) => name === "transform"),
];
