import {
  CreateUserPoolClientCommand,
  DescribeUserPoolClientCommand,
  ExplicitAuthFlowsType,
  FeatureType,
  OAuthFlowType,
  PreventUserExistenceErrorTypes,
  paginateListUserPoolClients,
  TimeUnitsType,
  UpdateUserPoolClientCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { z } from "zod";
import { provision } from "./resource.ts";

const unit = z.enum(TimeUnitsType).optional();

const clientSchema = z.object({
  userPoolId: z.string(),
  generateSecret: z.boolean().default(false),
  explicitAuthFlows: z.array(z.enum(ExplicitAuthFlowsType)).optional(),
  preventUserExistenceErrors: z.enum(PreventUserExistenceErrorTypes).optional(),
  enableTokenRevocation: z.boolean().optional(),
  allowedOauthFlowsUserPoolClient: z.boolean().optional(),
  allowedOauthFlows: z.array(z.enum(OAuthFlowType)).optional(),
  allowedOauthScopes: z.array(z.string()).optional(),
  callbackUrls: z.array(z.string()).optional(),
  logoutUrls: z.array(z.string()).optional(),
  authSessionValidity: z.number().optional(),
  accessTokenValidity: z.number().optional(),
  idTokenValidity: z.number().optional(),
  refreshTokenValidity: z.number().optional(),
  tokenValidityUnits: z.object({ accessToken: unit, idToken: unit, refreshToken: unit }).optional(),
  refreshTokenRotation: z
    .object({ feature: z.enum(FeatureType), retryGracePeriodSeconds: z.number().optional() })
    .optional(),
});

/** `aws:cognito/userPoolClient:UserPoolClient`, found again by its name within the pool. */
export const provisionUserPoolClient = provision(clientSchema, async (args, request) => {
  const { physicalName, clients } = request;
  const { cognito } = clients;
  const { userPoolId: UserPoolId } = args;
  let ClientId: string | undefined;
  const pages = paginateListUserPoolClients({ client: cognito }, { UserPoolId, MaxResults: 60 });
  for await (const page of pages) {
    ClientId ??= page.UserPoolClients?.find((c) => c.ClientName === physicalName)?.ClientId;
  }
  const action = ClientId === undefined ? "created" : "adopted";
  const settings = { UserPoolId, ClientName: physicalName, ...clientSettings(args) };
  if (ClientId === undefined) {
    const create = new CreateUserPoolClientCommand({
      ...settings,
      GenerateSecret: args.generateSecret,
    });
    ClientId = (await cognito.send(create)).UserPoolClient?.ClientId;
  } else {
    await cognito.send(new UpdateUserPoolClientCommand({ ...settings, ClientId }));
  }
  const describe = new DescribeUserPoolClientCommand({ UserPoolId, ClientId });
  const { UserPoolClient } = await cognito.send(describe);
  if (UserPoolClient?.ClientId === undefined) {
    throw new Error(`Cognito made no user pool client "${physicalName}".`);
  }
  return {
    id: UserPoolClient.ClientId,
    action,
    outputs: { name: physicalName, clientSecret: UserPoolClient.ClientSecret ?? "" },
  };
});

function clientSettings(args: z.output<typeof clientSchema>) {
  const { tokenValidityUnits: units, refreshTokenRotation: rotation } = args;
  return {
    ExplicitAuthFlows: args.explicitAuthFlows,
    PreventUserExistenceErrors: args.preventUserExistenceErrors,
    EnableTokenRevocation: args.enableTokenRevocation,
    AllowedOAuthFlowsUserPoolClient: args.allowedOauthFlowsUserPoolClient,
    AllowedOAuthFlows: args.allowedOauthFlows,
    AllowedOAuthScopes: args.allowedOauthScopes,
    CallbackURLs: args.callbackUrls,
    LogoutURLs: args.logoutUrls,
    AuthSessionValidity: args.authSessionValidity,
    AccessTokenValidity: args.accessTokenValidity,
    IdTokenValidity: args.idTokenValidity,
    RefreshTokenValidity: args.refreshTokenValidity,
    ...(units && {
      TokenValidityUnits: {
        AccessToken: units.accessToken,
        IdToken: units.idToken,
        RefreshToken: units.refreshToken,
      },
    }),
    ...(rotation && {
      RefreshTokenRotation: {
        Feature: rotation.feature,
        RetryGracePeriodSeconds: rotation.retryGracePeriodSeconds,
      },
    }),
  };
}
