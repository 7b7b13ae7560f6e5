import { startSecondDynamo } from '../support/storage/second-dynamo.js';
import { dynamodbContract } from './dynamodb.contract.js';

dynamodbContract('the second one', startSecondDynamo, { losesAnswers: false });
