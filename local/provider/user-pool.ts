import {
  AliasAttributeType,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DeletionProtectionType,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  ExplicitAuthFlowsType,
  FeatureType,
  GetGroupCommand,
  PreventUserExistenceErrorTypes,
  paginateListUserPoolClients,
  paginateListUserPools,
  RecoveryOptionNameType,
  TimeUnitsType,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
  UsernameAttributeType,
  UserPoolMfaType,
  UserPoolTierType,
  VerifiedAttributeType,
} from "@aws-sdk/client-cognito-identity-provider";
import { z } from "zod";
import { isMissing } from "./clients.ts";
import type { Provision } from "./resource.ts";

/** `aws:cognito/userPool:UserPool`, found again by its name. */
export const provisionUserPool: Provision = async ({ inputs, physicalName, clients }) => {
  const { cognito } = clients;
  const { lasting, changeable } = poolSettings(poolSchema.parse(inputs));
  let id: string | undefined;
  for await (const page of paginateListUserPools({ client: cognito }, { MaxResults: 60 })) {
    id ??= page.UserPools?.find((pool) => pool.Name === physicalName)?.Id;
  }
  const action = id === undefined ? "created" : "adopted";
  if (id === undefined) {
    const create = new CreateUserPoolCommand({ PoolName: physicalName, ...lasting, ...changeable });
    id = (await cognito.send(create)).UserPool?.Id;
  } else {
    await cognito.send(new UpdateUserPoolCommand({ UserPoolId: id, ...changeable }));
  }
  const { UserPool } = await cognito.send(new DescribeUserPoolCommand({ UserPoolId: id }));
  if (UserPool?.Id === undefined) throw new Error(`Cognito made no user pool "${physicalName}".`);
  return {
    id: UserPool.Id,
    action,
    outputs: {
      name: physicalName,
      arn: UserPool.Arn,
      endpoint: `cognito-idp.${UserPool.Id.split("_")[0]}.amazonaws.com/${UserPool.Id}`,
    },
  };
};

/** `aws:cognito/userPoolClient:UserPoolClient`, found again by its name within the pool. */
export const provisionUserPoolClient: Provision = async ({ inputs, physicalName, clients }) => {
  const { cognito } = clients;
  const args = clientSchema.parse(inputs);
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
};

/** `aws:cognito/userGroup:UserGroup` */
export const provisionUserGroup: Provision = async ({ inputs, physicalName, clients }) => {
  const { userPoolId: UserPoolId, description, precedence } = groupSchema.parse(inputs);
  const group = { UserPoolId, GroupName: physicalName };
  const result = { id: `${UserPoolId}/${physicalName}`, outputs: { name: physicalName } };
  try {
    await clients.cognito.send(new GetGroupCommand(group));
    return { ...result, action: "adopted" };
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await clients.cognito.send(
    new CreateGroupCommand({ ...group, Description: description, Precedence: precedence }),
  );
  return { ...result, action: "created" };
};

const poolSchema = z.object({
  userPoolTier: z.enum(UserPoolTierType).optional(),
  usernameAttributes: z.array(z.enum(UsernameAttributeType)).optional(),
  aliasAttributes: z.array(z.enum(AliasAttributeType)).optional(),
  usernameConfiguration: z.object({ caseSensitive: z.boolean() }).optional(),
  autoVerifiedAttributes: z.array(z.enum(VerifiedAttributeType)).optional(),
  accountRecoverySetting: z
    .object({
      recoveryMechanisms: z.array(
        z.object({ name: z.enum(RecoveryOptionNameType), priority: z.number() }),
      ),
    })
    .optional(),
  adminCreateUserConfig: z.object({ allowAdminCreateUserOnly: z.boolean().optional() }).optional(),
  passwordPolicy: z
    .object({
      minimumLength: z.number().optional(),
      requireLowercase: z.boolean().optional(),
      requireUppercase: z.boolean().optional(),
      requireNumbers: z.boolean().optional(),
      requireSymbols: z.boolean().optional(),
      temporaryPasswordValidityDays: z.number().optional(),
      passwordHistorySize: z.number().optional(),
    })
    .optional(),
  mfaConfiguration: z.enum(UserPoolMfaType).optional(),
  deletionProtection: z.enum(DeletionProtectionType).optional(),
  tags: z.record(z.string(), z.string()).default({}),
});

/** What can be chosen only once, and what an update may change. */
function poolSettings(args: z.output<typeof poolSchema>) {
  const { usernameConfiguration: username, accountRecoverySetting: recovery } = args;
  const { passwordPolicy: password, adminCreateUserConfig: adminCreate } = args;
  return {
    lasting: {
      UsernameAttributes: args.usernameAttributes,
      AliasAttributes: args.aliasAttributes,
      ...(username && { UsernameConfiguration: { CaseSensitive: username.caseSensitive } }),
    },
    changeable: {
      UserPoolTier: args.userPoolTier,
      AutoVerifiedAttributes: args.autoVerifiedAttributes,
      ...(recovery && {
        AccountRecoverySetting: {
          RecoveryMechanisms: recovery.recoveryMechanisms.map(({ name, priority }) => ({
            Name: name,
            Priority: priority,
          })),
        },
      }),
      ...(adminCreate && {
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: adminCreate.allowAdminCreateUserOnly },
      }),
      ...(password && {
        Policies: {
          PasswordPolicy: {
            MinimumLength: password.minimumLength,
            RequireLowercase: password.requireLowercase,
            RequireUppercase: password.requireUppercase,
            RequireNumbers: password.requireNumbers,
            RequireSymbols: password.requireSymbols,
            TemporaryPasswordValidityDays: password.temporaryPasswordValidityDays,
            PasswordHistorySize: password.passwordHistorySize,
          },
        },
      }),
      MfaConfiguration: args.mfaConfiguration,
      DeletionProtection: args.deletionProtection,
      UserPoolTags: args.tags,
    },
  };
}

const unit = z.enum(TimeUnitsType).optional();

const clientSchema = z.object({
  userPoolId: z.string(),
  generateSecret: z.boolean().default(false),
  explicitAuthFlows: z.array(z.enum(ExplicitAuthFlowsType)).optional(),
  preventUserExistenceErrors: z.enum(PreventUserExistenceErrorTypes).optional(),
  enableTokenRevocation: z.boolean().optional(),
  authSessionValidity: z.number().optional(),
  accessTokenValidity: z.number().optional(),
  idTokenValidity: z.number().optional(),
  refreshTokenValidity: z.number().optional(),
  tokenValidityUnits: z.object({ accessToken: unit, idToken: unit, refreshToken: unit }).optional(),
  refreshTokenRotation: z
    .object({ feature: z.enum(FeatureType), retryGracePeriodSeconds: z.number().optional() })
    .optional(),
});

function clientSettings(args: z.output<typeof clientSchema>) {
  const { tokenValidityUnits: units, refreshTokenRotation: rotation } = args;
  return {
    ExplicitAuthFlows: args.explicitAuthFlows,
    PreventUserExistenceErrors: args.preventUserExistenceErrors,
    EnableTokenRevocation: args.enableTokenRevocation,
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

const groupSchema = z.object({
  userPoolId: z.string(),
  description: z.string().optional(),
  precedence: z.number().optional(),
});
