/**
 * A tenant's users: a Cognito user pool of its own, so that one tenant's token is worthless at
 * another's API, with a public client that signs in without ever sending the password in clear.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../component.ts";
import { home } from "../region.ts";
import { isDeletionProtected } from "../retain.ts";
import { type ClientSettings, defaultFlows, userClientArgs, userScope } from "./auth-clients.ts";
import { type AuthSettings, authFaults } from "./auth-rules.ts";
import { identityProviderArgs } from "./identity-providers.ts";
import { createMachines, type Machines, type MachinesTransform } from "./machine-clients.ts";
import { createLogin, type Login, type LoginTransform } from "./managed-login.ts";
import { riskResponses, userPoolArgs } from "./user-pool.ts";

export interface AuthPoolArgs extends AuthSettings, TenantComponentArgs {
  transform?: LoginTransform &
    MachinesTransform & {
      userPool?: Transform<aws.cognito.UserPoolArgs>;
      riskConfiguration?: Transform<aws.cognito.RiskConfigurationArgs>;
      client?: Transform<aws.cognito.UserPoolClientArgs>;
      group?: Transform<aws.cognito.UserGroupArgs>;
      webAclAssociation?: Transform<aws.wafv2.WebAclAssociationArgs>;
      identityProvider?: Transform<aws.cognito.IdentityProviderArgs>;
    };
}

export class AuthPool extends TenantComponent {
  readonly userPoolId: pulumi.Output<string>;
  readonly userPoolArn: pulumi.Output<string>;
  /** Id of the pool's own client. */
  readonly clientId: pulumi.Output<string>;
  /** Ids of all clients whose tokens the API accepts, machines included. */
  readonly clientIds: readonly pulumi.Output<string>[];
  /** Scopes. The API accepts an access token that has one of them. */
  readonly accessScopes: readonly pulumi.Input<string>[];
  readonly nodes: {
    readonly userPool: aws.cognito.UserPool;
    /** Absent unless threat protection is enforced. */
    readonly riskConfiguration?: aws.cognito.RiskConfiguration;
    readonly client: aws.cognito.UserPoolClient;
    readonly groups: Readonly<Record<string, aws.cognito.UserGroup>>;
    readonly identityProviders: Readonly<Record<string, aws.cognito.IdentityProvider>>;
    readonly clients: Readonly<Record<string, aws.cognito.UserPoolClient>>;
    readonly machines: Machines;
    /** Absent while managed login is off. */
    readonly login?: Login;
    /** Absent without `webAclArn`. */
    readonly webAclAssociation?: aws.wafv2.WebAclAssociation;
  };

  constructor(name: string, args: AuthPoolArgs, options?: pulumi.ComponentResourceOptions) {
    super("AuthPool", name, args, options);
    const { managedLogin = "off", transform } = args;
    const [fault] = authFaults(args, home());
    if (fault) this.refuse(...fault);

    const userPool = this.#createUserPool(name, args);
    const riskConfiguration =
      args.threatProtection === "enforced"
        ? new aws.cognito.RiskConfiguration(
            name,
            ...this.resource(
              { userPoolId: userPool.id, ...riskResponses },
              transform?.riskConfiguration,
            ),
          )
        : undefined;
    const webAclAssociation =
      args.webAclArn === undefined
        ? undefined
        : new aws.wafv2.WebAclAssociation(
            name,
            ...this.resource(
              { webAclArn: args.webAclArn, resourceArn: userPool.arn },
              transform?.webAclAssociation,
              // A pool has one web ACL: taking the old one off afterwards would take the new one off.
              { deleteBeforeReplace: true },
            ),
          );
    const identityProviders = mapValues(
      args.identityProviders ?? {},
      (providerName, provider) =>
        new aws.cognito.IdentityProvider(
          `${name}-${providerName}`,
          ...this.resource(
            { userPoolId: userPool.id, providerName, ...identityProviderArgs(provider) },
            transform?.identityProvider,
            // A pool has one provider of a name: another kind can only take its place.
            { deleteBeforeReplace: true },
          ),
        ),
    );
    const createClient = (childName: string, settings: ClientSettings) =>
      this.#createClient(childName, args, settings, userPool, Object.values(identityProviders));
    const client = createClient(name, {
      redirects: managedLogin === "off" ? "off" : managedLogin.redirects,
    });
    const clients = mapValues(args.clients ?? {}, (clientName, settings) =>
      createClient(`${name}-${clientName}`, settings),
    );
    const machines = createMachines(name, userPool.id, args, this.resource, transform);
    const groups: Record<string, aws.cognito.UserGroup> = {};
    for (const group of args.groups ?? ["admins"]) {
      groups[group] = new aws.cognito.UserGroup(
        `${name}-${group}`,
        ...this.resource({ name: group, userPoolId: userPool.id }, transform?.group),
      );
    }
    const login =
      managedLogin === "off"
        ? undefined
        : createLogin(
            name,
            userPool.id,
            managedLogin.domain,
            styledClients(name, args, { client, clients }),
            this.resource,
            transform,
          );

    this.userPoolId = userPool.id;
    this.userPoolArn = userPool.arn;
    this.clientId = client.id;
    this.clientIds = [client, ...Object.values(clients), ...Object.values(machines.clients)].map(
      ({ id }) => id,
    );
    this.accessScopes = [userScope, ...machines.scopes];
    this.nodes = {
      userPool,
      riskConfiguration,
      client,
      groups,
      identityProviders,
      clients,
      machines,
      login,
      webAclAssociation,
    };
    this.register({ userPoolId: userPool.id, clientId: client.id });
  }

  #createUserPool(name: string, args: AuthPoolArgs): aws.cognito.UserPool {
    return new aws.cognito.UserPool(
      name,
      ...this.dataResource(
        {
          ...userPoolArgs(args),
          deletionProtection: isDeletionProtected(this.retain) ? "ACTIVE" : "INACTIVE",
          tags: this.tags,
        },
        args.transform?.userPool,
      ),
    );
  }

  #createClient(
    childName: string,
    args: AuthPoolArgs,
    { redirects = "off", ...settings }: ClientSettings,
    userPool: aws.cognito.UserPool,
    providers: readonly aws.cognito.IdentityProvider[],
  ): aws.cognito.UserPoolClient {
    return new aws.cognito.UserPoolClient(
      childName,
      ...this.resource(
        {
          userPoolId: userPool.id,
          ...userClientArgs({
            signInFlows: settings.signInFlows ?? args.signInFlows ?? defaultFlows(args),
            tokens: settings.tokens ?? args.tokens ?? {},
            redirects,
            rotation: args.refreshRotation ?? "off",
            providers: Object.keys(args.identityProviders ?? {}),
          }),
        },
        args.transform?.client,
        // Cognito refuses clients that name a provider before it is there.
        redirects === "off" || providers.length === 0 ? {} : { dependsOn: [...providers] },
      ),
    );
  }
}

/** Clients whose users see managed login's pages, by logical name. */
function styledClients(
  name: string,
  { managedLogin = "off", clients: settings = {} }: AuthPoolArgs,
  { client, clients }: Pick<AuthPool["nodes"], "client" | "clients">,
): Record<string, aws.cognito.UserPoolClient> {
  const styled: Record<string, aws.cognito.UserPoolClient> = {};
  const isRedirected = ({ redirects = "off" }: ClientSettings) => redirects !== "off";
  if (managedLogin !== "off" && isRedirected(managedLogin)) styled[name] = client;
  for (const [clientName, one] of Object.entries(clients)) {
    if (isRedirected(settings[clientName] ?? {})) styled[`${name}-${clientName}`] = one;
  }
  return styled;
}

const mapValues = <In, Out>(
  values: Readonly<Record<string, In>>,
  create: (key: string, value: In) => Out,
): Record<string, Out> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, create(key, value)]));
