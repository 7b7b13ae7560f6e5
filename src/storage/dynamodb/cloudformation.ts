import { stringify } from 'yaml';
import { FOLLOWING, PREPARING, RUNNING } from './iam-actions.js';
import {
  EXPIRING,
  isStreamed,
  keyAttributes,
  STREAM_VIEW,
  STREAMED,
  TABLES,
  type TableName,
} from './table-definitions.js';

const HEAD = `# The tables of Pulsewatch, and what may be done with them. Made by: npm run tables -- --template
#
#   aws cloudformation deploy --template-file dynamodb.yaml --stack-name pulsewatch \\
#     --capabilities CAPABILITY_IAM --parameter-overrides TablePrefix=hr_
#
# There is no secondary index: no read needs one.
`;

const PREFIX = '${TablePrefix}';

/**
 * A CloudFormation template of the tables, as YAML: on-demand billing, point-in-time recovery, encryption by a key of
 * the account, protection from deletion, expiry where items have one, streams where others edit; and the two policies
 * that using and preparing them need.
 */
export function cloudFormationTemplate(): string {
  const names = Object.keys(TABLES) as TableName[];
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'The tables of Pulsewatch, and the policies for those who use and who prepare them.',
    Parameters: {
      TablePrefix: {
        Type: 'String',
        Default: '',
        AllowedPattern: '[A-Za-z0-9_.-]*',
        Description: 'As in the variable TABLE_PREFIX.',
      },
    },
    Resources: {
      ...Object.fromEntries(names.map((name) => [idOf(name), table(name)])),
      RunningPolicy: policy('What an instance needs', [
        ...names.map(runningStatement),
        // Any stream that the table has had: one that is switched off and on has another name.
        ...STREAMED.map((name) =>
          statement(FOLLOWING.stream, { 'Fn::Sub': `\${${idOf(name)}.Arn}/stream/*` }),
        ),
      ]),
      PreparingPolicy: policy('What npm run tables needs', [
        {
          Effect: 'Allow',
          Action: PREPARING.map((action) => `dynamodb:${action}`),
          Resource: names.map((name) => ({
            'Fn::Sub': `arn:\${AWS::Partition}:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/${PREFIX}${name}`,
          })),
        },
      ]),
    },
    Outputs: {
      RunningPolicyArn: {
        Description: 'To attach to the role of the instances.',
        Value: { Ref: 'RunningPolicy' },
      },
      PreparingPolicyArn: {
        Description: 'To attach to the role that runs npm run tables.',
        Value: { Ref: 'PreparingPolicy' },
      },
    },
  };
  return HEAD + stringify(template, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}

/** Logical ids hold letters and digits only. */
function idOf(name: TableName): string {
  return name.replace(/_/g, '');
}

function table(name: TableName): object {
  return {
    Type: 'AWS::DynamoDB::Table',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      TableName: { 'Fn::Sub': PREFIX + name },
      BillingMode: 'PAY_PER_REQUEST',
      ...keyAttributes(TABLES[name]),
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      DeletionProtectionEnabled: true,
      ...(name in EXPIRING
        ? { TimeToLiveSpecification: { AttributeName: EXPIRING[name], Enabled: true } }
        : {}),
      ...(isStreamed(name) ? { StreamSpecification: { StreamViewType: STREAM_VIEW } } : {}),
    },
  };
}

function runningStatement(name: TableName): object {
  const actions = [...RUNNING[name], ...(isStreamed(name) ? FOLLOWING.table : [])];
  return statement(actions, { 'Fn::GetAtt': [idOf(name), 'Arn'] });
}

function statement(actions: readonly string[], Resource: object): object {
  return { Effect: 'Allow', Action: actions.map((action) => `dynamodb:${action}`), Resource };
}

function policy(Description: string, Statement: readonly object[]): object {
  return {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { Description, PolicyDocument: { Version: '2012-10-17', Statement } },
  };
}
