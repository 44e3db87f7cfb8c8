import {
  AliasAttributeType,
  CreateGroupCommand,
  CreateUserPoolCommand,
  DeletionProtectionType,
  DescribeUserPoolCommand,
  GetGroupCommand,
  paginateListUserPools,
  RecoveryOptionNameType,
  UpdateUserPoolCommand,
  UsernameAttributeType,
  UserPoolMfaType,
  UserPoolTierType,
  VerifiedAttributeType,
} from "@aws-sdk/client-cognito-identity-provider";
import { z } from "zod";
import { isMissing } from "./clients.ts";
import { provision } from "./resource.ts";

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

const groupSchema = z.object({
  userPoolId: z.string(),
  description: z.string().optional(),
  precedence: z.number().optional(),
});

/** `aws:cognito/userPool:UserPool`, found again by its name. */
export const provisionUserPool = provision(poolSchema, async (args, request) => {
  const { physicalName, clients } = request;
  const { cognito } = clients;
  const { lasting, changeable } = poolSettings(args);
  let id: string | undefined;
  for await (const page of paginateListUserPools({ client: cognito }, { MaxResults: 60 })) {
    id ??= page.UserPools?.find((pool) => pool.Name === physicalName)?.Id;
  }
  const action = id === undefined ? "created" : "adopted";
  if (id === undefined) {
    const create = new CreateUserPoolCommand({ PoolName: physicalName, ...lasting, ...changeable });
    id = (await cognito.send(create)).UserPool?.Id;
  }
  const describe = new DescribeUserPoolCommand({ UserPoolId: id });
  const { UserPool } = await cognito.send(describe);
  // An emulator may forget in an update what only a new pool can be given, such as sign-in by e-mail.
  if (action === "adopted" && !includes(UserPool, changeable)) {
    await cognito.send(new UpdateUserPoolCommand({ UserPoolId: id, ...changeable }));
  }
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
});

/** `aws:cognito/userGroup:UserGroup` */
export const provisionUserGroup = provision(groupSchema, async (args, request) => {
  const { physicalName, clients } = request;
  const { userPoolId: UserPoolId, description, precedence } = args;
  const group = { UserPoolId, GroupName: physicalName };
  const result = { id: `${UserPoolId}/${physicalName}`, outputs: { name: physicalName } };
  try {
    await clients.cognito.send(new GetGroupCommand(group));
    return { ...result, action: "adopted" as const };
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await clients.cognito.send(
    new CreateGroupCommand({ ...group, Description: description, Precedence: precedence }),
  );
  return { ...result, action: "created" as const };
});

/** Whether a description says all that is wanted; what is not wanted may be there too. */
function includes(described: unknown, wanted: unknown): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted !== "object" || wanted === null) return described === wanted;
  if (typeof described !== "object" || described === null) return false;
  return Object.entries(wanted).every(([key, value]) =>
    includes(Reflect.get(described, key), value),
  );
}

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
