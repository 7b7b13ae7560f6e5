import { givenLosesAnswers, startDynamo } from '../support/storage/dynamodb.js';
import { dynamodbContract } from './dynamodb.contract.js';

dynamodbContract('dynalite, or what is given', startDynamo, { losesAnswers: givenLosesAnswers() });
