/**
 * A tenant's API: a regional REST API in front of the Lambda function that runs the app. A REST API
 * rather than an HTTP API, because only the former streams responses, takes a WAF and has a native
 * Cognito authorizer. Everything but `/health` asks for an access token of the tenant's own pool.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { TenantState } from "../../app/resources/tenant-state.ts";
import { createAlarms } from "../alarms.ts";
import { userScope } from "../auth-pool/auth-clients.ts";
import type { TableAccess } from "../chat-table/table-access.ts";
import type { EventSink } from "../companions/tenant-events.ts";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../component.ts";
import type { BucketAccess } from "../document-bucket/bucket-access.ts";
import { logGroupArgs } from "../log-retention.ts";
import { home } from "../region.ts";
import { endpointOf } from "./addresses.ts";
import { apiAlarms } from "./api-alarms.ts";
import { ApiDomain, type ApiDomainTransform } from "./api-domain.ts";
import { grantsOf } from "./api-grants.ts";
import { type ApiOptions, optionFaults, securityPolicies } from "./api-options.ts";
import { createQuota, type Quota, type QuotaTransform } from "./api-quota.ts";
import { createRoutes, type Routes, type RoutesTransform } from "./api-routes.ts";
import { createStage, type Stage, type StageTransform, stageName } from "./api-stage.ts";
import {
  connectEvents,
  createEventQueues,
  type EventNodes,
  type EventQueues,
  type EventsContext,
  type EventsTransform,
  queueEnvironment,
} from "./events/events.ts";
import { ApiFirewall, type ApiFirewallTransform } from "./firewall.ts";
import {
  ChatFunction,
  type ChatFunctionArgs,
  type ChatFunctionTransform,
} from "./function/chat-function.ts";
import { lambdaBundle } from "./function/lambda-bundle.ts";
import type { MaintenanceRate } from "./function/maintenance.ts";
import { isOurs, type OwnApp, ownAppFaults, ownBundle } from "./function/own-app.ts";
import { withoutCanary } from "./function/release.ts";
import { modelFaults } from "./model-rules.ts";
import {
  createModelProfiles,
  type ModelProfiles,
  type ModelProfilesTransform,
  type ModelSettings,
  modelEnvironment,
} from "./models.ts";

export type History = "dynamodb" | "s3";

export interface ChatApiArgs
  extends TenantComponentArgs,
    ModelSettings,
    ApiOptions,
    Pick<
      ChatFunctionArgs,
      | "memorySize"
      | "timeoutSeconds"
      | "logRetentionDays"
      | "encryption"
      | "reservedConcurrency"
      | "failedEvents"
      | "network"
      | "release"
      | "provisionedConcurrency"
    > {
  /** A `ChatTable`, or `existingTable(…)`. Our app takes `grantReadWrite()`, off-boarding `grantReadAndErase()`. */
  table: TableAccess;
  /**
   * A `DocumentBucket`, or `existingBucket(…)`. Our app takes `grantReadWrite()` of the folders that it uses and
   * `grantErase()` of the others, off-boarding `grantReadAndErase()`.
   */
  documents: BucketAccess;
  /** An `AuthPool`, or a user pool that is there already. It needs no grant: the gateway reads its keys. */
  auth: UserPool;
  /**
   * The app of this package with your extensions, or an app of your own. The gateway, sign-in and limits
   * stay the same: everything but `GET /health` needs a token. Default: the app of this package, unchanged.
   */
  app?: OwnApp;
  /** A `TenantEvents`. The app sends events to its bus. Default: no events. */
  events?: EventSink;
  /**
   * Where conversations are kept. Default `"dynamodb"`. `"s3"` keeps each conversation as one JSON object
   * in the document bucket, for one or a few users who want to read their history with any tool.
   */
  history?: History;
  /**
   * Default `"active"`. In any other state the function refuses what the state forbids, and its role lacks
   * the permissions: it has no access to data while `"suspended"`, and may only read and erase while
   * `"off-boarding"`. A canary is off in these states, because its stable version does not know them.
   */
  state?: TenantState;
  /**
   * How often the tenant's function runs its maintenance: it purges the trash that is due, finishes
   * interrupted deletions and erasures, and removes objects of requests whose process died. Default
   * `"quarter-hourly"`: 2,920 runs and 7,300 read units a month, together 2 cents with 512 MB of memory and
   * 4 with 1,024. Trash is then deleted within 20 minutes of its time, and leftovers of a dead process
   * within 35. `"hourly"` costs a quarter of that, `"daily"` almost nothing. With `"off"`, `POST
   * /admin/sweep` is what purges. No run happens while the tenant is suspended; while it is off-boarding, a
   * run only finishes erasures and removes leftovers.
   */
  maintenance?: MaintenanceRate | "off";
  /**
   * The account's API Gateway settings. API Gateway refuses a stage that logs until they name a CloudWatch
   * role. Default: the account has them already.
   */
  accountSettings?: aws.apigateway.Account;
  transform?: ChatFunctionTransform &
    RoutesTransform &
    StageTransform &
    QuotaTransform &
    ModelProfilesTransform &
    EventsTransform &
    ApiDomainTransform &
    ApiFirewallTransform & {
      restApi?: Transform<aws.apigateway.RestApiArgs>;
      alarm?: Transform<aws.cloudwatch.MetricAlarmArgs>;
    };
}

/** A Cognito user pool and the clients whose access tokens the API takes. */
export interface UserPool {
  readonly userPoolId: pulumi.Input<string>;
  readonly userPoolArn: pulumi.Input<string>;
  readonly clientId: pulumi.Input<string>;
  /** Default: `clientId` alone. */
  readonly clientIds?: readonly pulumi.Input<string>[];
  /**
   * An access token must have one of these scopes. Default: the scope that Cognito puts into its users'
   * tokens.
   */
  readonly accessScopes?: readonly pulumi.Input<string>[];
}

export class ChatApi extends TenantComponent {
  /** `https://<api>.execute-api.<region>.amazonaws.com/v1`, or the domain's. */
  readonly url: pulumi.Output<string>;
  readonly restApiId: pulumi.Output<string>;
  readonly nodes: Routes &
    Stage & {
      readonly function: ChatFunction;
      readonly restApi: aws.apigateway.RestApi;
      readonly invokePermission: aws.lambda.Permission;
      /** By model; empty while they are off, and without models of Bedrock's. */
      readonly modelProfiles: ModelProfiles;
      /** What invokes the app beside requests. */
      readonly events: EventNodes;
      /** Absent while the firewall is off. */
      readonly firewall?: ApiFirewall;
      /** Absent without a quota. */
      readonly quota?: Quota;
      /** Absent without a domain. */
      readonly domain?: ApiDomain;
      /** Empty while alarms are off. */
      readonly alarms: readonly aws.cloudwatch.MetricAlarm[];
    };

  constructor(name: string, args: ChatApiArgs, options?: pulumi.ComponentResourceOptions) {
    super("ChatApi", name, args, options);
    const { throttle = { requestsPerSecond: 50, burst: 100 }, transform } = args;
    const { quota = "unlimited", corsOrigins = [], alarms = "off" } = args;
    const securityPolicy = securityPolicies[args.minimumTls ?? "1.2"];
    const [fault] = optionFaults(args, home());
    if (fault) this.refuse(...fault);
    if (args.app) {
      const [appFault] = ownAppFaults(args.app, args);
      if (appFault) this.refuse(...appFault);
      const { maintenance = "off", history } = args;
      if (maintenance !== "off" && !isOurs(args.app))
        this.refuse(
          "maintenance",
          maintenance,
          '"off": an app that extends nothing does not know the event',
        );
      if (history !== undefined && !isOurs(args.app))
        this.refuse(
          "history",
          history,
          "nothing: an app that extends nothing keeps its history as it likes",
        );
    }
    const [modelFault] = modelFaults(args, home());
    if (modelFault) this.refuse(...modelFault);

    const modelProfiles = createModelProfiles(
      name,
      args,
      args.table.tableArn,
      this.tags,
      this.resource,
      transform,
    );
    const eventsContext: EventsContext = {
      name,
      sources: args.app?.events,
      inherited: this.inherited,
      parent: this,
      transform,
    };
    const { timeoutSeconds = 120, encryption, state = "active" } = args;
    const queues = createEventQueues(eventsContext, { timeoutSeconds, encryption });
    const chatFunction = this.#createFunction(name, args, modelProfiles, queues);
    const events = connectEvents(
      eventsContext,
      queues,
      chatFunction,
      state === "suspended" ? "disabled" : "enabled",
      this.resource,
    );
    const [restApiArgs, restApiOptions] = this.resource<aws.apigateway.RestApiArgs>(
      {
        endpointConfiguration: endpointOf(args),
        securityPolicy,
        endpointAccessMode: "STRICT",
        tags: this.tags,
      },
      transform?.restApi,
    );
    const restApi = new aws.apigateway.RestApi(name, restApiArgs, restApiOptions);
    const routes = createRoutes(
      name,
      {
        restApi,
        restApiArgs,
        userPoolArn: args.auth.userPoolArn,
        invokeArn: chatFunction.streamingInvokeArn,
        timeoutSeconds: chatFunction.timeoutSeconds,
        reference: args.reference ?? "signed-in",
        accessScopes: args.auth.accessScopes ?? [userScope],
        corsOrigins,
        apiKeyRequired: quota !== "unlimited",
        transform,
      },
      this.resource,
    );
    const staged = createStage(
      name,
      {
        restApi,
        deployment: routes.deployment,
        throttle,
        tags: this.tags,
        logGroupArgs: logGroupArgs(args, this.tags),
        accountSettings: args.accountSettings,
        transform,
      },
      this.resource,
    );
    const invokePermission = new aws.lambda.Permission(
      name,
      ...this.resource({
        action: "lambda:InvokeFunction",
        function: chatFunction.functionName,
        ...(chatFunction.qualifier && { qualifier: chatFunction.qualifier }),
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${restApi.executionArn}/${stageName}/*`,
      }),
    );
    const firewall =
      args.firewall === "on" ? this.#createFirewall(name, args, staged.stage.arn) : undefined;
    const { tags } = this;
    const counted =
      quota === "unlimited"
        ? undefined
        : createQuota(name, quota, staged.stage, tags, this.resource, transform);
    const domain = this.#createDomain(name, args, restApi, staged.stage);

    this.restApiId = restApi.id;
    this.url = domain ? pulumi.output(domain.url) : staged.stage.invokeUrl;
    this.nodes = {
      function: chatFunction,
      restApi,
      ...routes,
      ...staged,
      invokePermission,
      modelProfiles,
      events,
      firewall,
      quota: counted,
      domain,
      alarms:
        alarms === "off"
          ? []
          : createAlarms(
              { name, settings: alarms, tags, transform: transform?.alarm },
              apiAlarms(
                restApi.name,
                chatFunction.functionName,
                alarms,
                chatFunction.nodes.maintenance,
              ),
              this.resource,
            ),
    };
    this.register({ url: this.url, restApiId: restApi.id });
  }

  /** To send as `x-api-key`; secret, and absent without a quota. */
  get apiKey(): pulumi.Output<string> | undefined {
    return this.nodes.quota?.apiKey.value;
  }

  #createDomain(
    name: string,
    { domain = "off", minimumTls = "1.2", addresses, transform }: ChatApiArgs,
    restApi: aws.apigateway.RestApi,
    stage: aws.apigateway.Stage,
  ): ApiDomain | undefined {
    if (domain === "off") return undefined;
    const securityPolicy = securityPolicies[minimumTls];
    return new ApiDomain(
      name,
      { ...this.inherited, ...domain, restApi, stage, securityPolicy, addresses, transform },
      { parent: this },
    );
  }

  #createFunction(
    name: string,
    args: ChatApiArgs,
    profiles: ModelProfiles,
    queues: EventQueues,
  ): ChatFunction {
    const { table, documents, auth, app, history = "dynamodb", corsOrigins = [] } = args;
    const { state = "active", maintenance = isOurs(app) ? "quarter-hourly" : "off" } = args;
    return new ChatFunction(
      name,
      {
        ...this.inherited,
        code: new pulumi.asset.FileArchive(app ? ownBundle(app) : lambdaBundle()),
        layers: app?.layers,
        environment: {
          ...app?.environment,
          TENANT: this.tenant,
          TABLE_NAME: table.tableName,
          BUCKET_NAME: documents.bucketName,
          ...(isOurs(app) && { HISTORY: history }),
          ...(isOurs(app) && args.events && { EVENT_BUS: args.events.busName }),
          ...(documents.locksObjects && { OBJECT_LOCK: "on" }),
          ...(state !== "active" && { TENANT_STATE: state }),
          ...modelEnvironment(args, profiles),
          ...queueEnvironment(queues),
          USER_POOL_ID: auth.userPoolId,
          USER_POOL_CLIENT_IDS: pulumi
            .all([...(auth.clientIds ?? [auth.clientId])])
            .apply((ids) => ids.join(",")),
          ...(corsOrigins.length > 0 && { CORS_ORIGINS: corsOrigins.join(",") }),
        },
        permissions: grantsOf(state, { ...args, history, profiles, queues }),
        memorySize: args.memorySize,
        timeoutSeconds: args.timeoutSeconds,
        logRetentionDays: args.logRetentionDays,
        encryption: args.encryption,
        reservedConcurrency: args.reservedConcurrency,
        failedEvents: args.failedEvents,
        maintenance,
        // A suspended tenant's function reaches no data.
        maintenanceState: state === "suspended" ? "disabled" : "enabled",
        network: args.network,
        release: state === "active" ? args.release : withoutCanary(args.release),
        provisionedConcurrency: args.provisionedConcurrency,
        transform: args.transform,
      },
      { parent: this },
    );
  }

  #createFirewall(name: string, args: ChatApiArgs, stageArn: pulumi.Output<string>): ApiFirewall {
    return new ApiFirewall(
      name,
      {
        ...this.inherited,
        stageArn,
        requestsPerAddress: args.requestsPerAddress,
        corsOrigins: args.corsOrigins,
        logRetentionDays: args.logRetentionDays,
        encryption: args.encryption,
        transform: args.transform,
      },
      { parent: this },
    );
  }
}
