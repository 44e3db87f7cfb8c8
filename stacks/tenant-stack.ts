/** Everything that one tenant owns: its table, documents, users and API, and nothing shared. */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { TenantState } from "../app/resources/tenant-state.ts";
import { AuthPool } from "../components/auth-pool/auth-pool.ts";
import { ChatApi } from "../components/chat-api/chat-api.ts";
import type { OwnApp } from "../components/chat-api/function/own-app.ts";
import { ChatTable } from "../components/chat-table/chat-table.ts";
import { AuditTrail } from "../components/companions/audit-trail.ts";
import { ChatArchive } from "../components/companions/chat-archive.ts";
import { EgressNetwork } from "../components/companions/egress/egress-network.ts";
import { PrivateNetwork } from "../components/companions/private-network.ts";
import { TenantEvents } from "../components/companions/tenant-events.ts";
import { TenantKey } from "../components/companions/tenant-key.ts";
import { TenantMonitoring } from "../components/companions/tenant-monitoring.ts";
import { TenantComponent, type TenantComponentArgs } from "../components/component.ts";
import { DocumentBucket } from "../components/document-bucket/document-bucket.ts";
import type { Encryption } from "../components/encryption.ts";
import { authArgs } from "./auth-settings.ts";
import { betweenComponents } from "./rules/tenant-rules.ts";
import type { Settings } from "./settings.ts";
import { operatorOutputs, type TenantOutputs } from "./tenant-outputs.ts";

export interface TenantStackArgs extends Omit<TenantComponentArgs, "retain"> {
  /** Where it is silent, the components' defaults apply. */
  settings?: Settings;
  /** Where the tenant is in its life. Default `"active"`. */
  state?: TenantState;
  /** Last day until which the data must be kept, e.g. `"2027-03-31"`: of an off-boarding tenant. */
  retainUntil?: string;
  /**
   * The app of this package with your extensions, or an app of your own. The gateway, sign-in and limits
   * stay the same: everything but `GET /health` needs a token. Default: the app of this package, unchanged.
   */
  app?: OwnApp;
  /** The account's API Gateway settings, when this stack manages them. */
  accountSettings?: aws.apigateway.Account;
}

export class TenantStack extends TenantComponent {
  /** Absent unless the tenant's `encryption` is `"tenant-key"`. */
  readonly key?: TenantKey;
  readonly table: ChatTable;
  readonly documents: DocumentBucket;
  readonly auth: AuthPool;
  readonly api: ChatApi;
  /** Each absent while it is off, which is the default. */
  readonly companions: {
    readonly network?: PrivateNetwork | EgressNetwork;
    readonly archive?: ChatArchive;
    readonly audit?: AuditTrail;
    readonly events?: TenantEvents;
    readonly monitoring?: TenantMonitoring;
  };
  readonly #lifeCycle: Pick<TenantOutputs, "state" | "retainUntil">;

  /** @param name the tenant's id; the children are named after it. */
  constructor(name: string, args: TenantStackArgs, options?: pulumi.ComponentResourceOptions) {
    const { settings = {}, accountSettings, ...shared } = args;
    super("TenantStack", name, { ...shared, retain: settings.retain }, options);
    const [fault] = betweenComponents(settings);
    if (fault) this.refuse(...fault);
    const { state = "active", retainUntil } = args;
    this.#lifeCycle = { state, ...(retainUntil !== undefined && { retainUntil }) };
    const child = { parent: this };
    const kept = this.#whatHoldsData();
    let encryption: Encryption | undefined;
    if (settings.encryption === "tenant-key") {
      this.key = new TenantKey(`${name}-key`, kept, child);
      encryption = this.key.encryption;
    } else {
      encryption = settings.encryption;
    }
    const common = { ...kept, encryption };

    const network = isOn(settings.network)
      ? this.#createNetwork(`${name}-network`, settings.network, encryption)
      : undefined;
    this.table = new ChatTable(`${name}-chat`, { ...common, ...settings.table }, child);
    this.documents = new DocumentBucket(
      `${name}-documents`,
      { ...common, ...settings.documents, corsOrigins: originsOfPages(settings) },
      child,
    );
    this.auth = new AuthPool(
      `${name}-users`,
      { ...common, ...authArgs(settings.auth ?? {}) },
      child,
    );
    const events =
      settings.events === "on"
        ? new TenantEvents(`${name}-events`, { ...this.inherited, encryption }, child)
        : undefined;
    this.api = new ChatApi(
      `${name}-api`,
      {
        ...this.inherited,
        encryption,
        state,
        ...settings.api,
        table: this.table,
        documents: this.documents,
        auth: this.auth,
        history: settings.history,
        network: network?.network,
        events,
        app: args.app,
        accountSettings,
      },
      child,
    );
    this.companions = { network, events, ...this.#createCompanions(name, settings, encryption) };
    this.register({ ...this.outputs });
  }

  /**
   * Arguments of what may be left in the account once the tenant is removed: from then on its tags
   * alone say so, and how long it must stay. Other states change no tag, so that suspending and
   * resuming touch the function and its role and nothing that holds data.
   */
  #whatHoldsData(): TenantComponentArgs {
    const { state, retainUntil } = this.#lifeCycle;
    if (state !== "off-boarding") return this.inherited;
    return {
      ...this.inherited,
      tags: {
        ...this.tags,
        "chatstack:state": state,
        ...(retainUntil !== undefined && { "chatstack:retain-until": retainUntil }),
      },
    };
  }

  #createNetwork(
    name: string,
    { egress = "none", ...args }: Exclude<Settings["network"], "off" | undefined>,
    encryption: Encryption | undefined,
  ) {
    const child = { parent: this };
    return egress === "nat"
      ? new EgressNetwork(name, { ...this.inherited, ...args, encryption }, child)
      : new PrivateNetwork(name, { ...this.inherited, ...args }, child);
  }

  #createCompanions(name: string, settings: Settings, encryption: Encryption | undefined) {
    const child = { parent: this };
    const { archive, audit, monitoring } = settings;
    return {
      archive: isOn(archive)
        ? new ChatArchive(
            `${name}-archive`,
            {
              ...this.#whatHoldsData(),
              ...archive,
              encryption,
              accessLogs: settings.documents?.accessLogs,
              logRetentionDays: settings.api?.logRetentionDays,
              table: this.table,
            },
            child,
          )
        : undefined,
      audit: isOn(audit)
        ? new AuditTrail(
            `${name}-audit`,
            {
              ...this.#whatHoldsData(),
              ...audit,
              encryption,
              accessLogs: settings.documents?.accessLogs,
              tableArns: [this.table.tableArn],
              bucketArns: [this.documents.bucketArn],
            },
            child,
          )
        : undefined,
      monitoring: isOn(monitoring)
        ? new TenantMonitoring(
            `${name}-monitoring`,
            { ...this.inherited, ...monitoring, table: this.table, api: this.api },
            child,
          )
        : undefined,
    };
  }

  get outputs(): TenantOutputs {
    return {
      ...this.#lifeCycle,
      apiUrl: this.api.url,
      userPoolId: this.auth.userPoolId,
      clientId: this.auth.clientId,
      ...(this.api.apiKey && { apiKey: this.api.apiKey }),
      tableName: this.table.tableName,
      bucketName: this.documents.bucketName,
      ...operatorOutputs(this),
    };
  }
}

const isOn = <Section extends object>(section: Section | "off" | undefined): section is Section =>
  typeof section === "object";

/** A page that may call the API may upload documents as well. */
const originsOfPages = ({ api, documents }: Settings): string[] => [
  ...new Set([...(api?.corsOrigins ?? []), ...(documents?.corsOrigins ?? [])]),
];
