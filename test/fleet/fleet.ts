import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificate } from '../support/app/certificates.js';
import { DeployedNginx } from '../support/servers/deployed-nginx.js';
import { startDynaliteProcess } from '../support/storage/dynalite-process.js';
import { claimsOf, SECRET_VARIABLES, tokenOf } from '../support/servers/issuer.js';
import { RedisProcess } from '../support/servers/redis-process.js';
import { ClientGroup, type ClientPlace } from './client-group.js';
import { directly, throughNginx, type Entrance } from './entrance.js';
import { FleetInstance } from './fleet-instance.js';
import type { FleetSize } from './fleet-plan.js';

/** Longer than any run. */
const TOKEN_SECONDS = 7_200;
/** Everybody comes from one address. Each limit counts, and stops nobody. */
const LIMITS = {
  REQUESTS_PER_MINUTE: '1000000',
  UPLOADS_PER_MINUTE: '1000000',
  UPLOAD_MAX_PER_CALLER: '100',
  WS_MAX_CONNECTIONS_PER_ADDRESS: '10000',
};

/** Instances on one DynamoDB, with a Redis, behind the nginx that is deployed, and clients that follow through it. */
export class Fleet {
  private readonly ends: (() => Promise<unknown>)[] = [];
  private headers: Record<string, string> = {};
  private certFile = '';
  private nginxUrl = '';
  private ownRedis: RedisProcess | undefined;
  readonly instances: FleetInstance[] = [];
  readonly entrances: Entrance[] = [];
  readonly groups: ClientGroup[] = [];

  private constructor(private readonly folder: string) {}

  /** Starts everything; where that fails, ends what was started. Data, configurations and logs are in `folder`. */
  static async start(folder: string, size: FleetSize): Promise<Fleet> {
    const fleet = new Fleet(folder);
    try {
      await fleet.startServers(size);
      await fleet.startClients(size);
    } catch (error) {
      await fleet.abandon();
      throw error;
    }
    return fleet;
  }

  get redis(): RedisProcess {
    if (!this.ownRedis) throw new Error('Redis was not started');
    return this.ownRedis;
  }

  /** Go with every request. */
  get credentials(): Readonly<Record<string, string>> {
    return this.headers;
  }

  /** The instance with this number, from 0. */
  instance(number: number): FleetInstance {
    const instance = this.instances[number];
    if (!instance) throw new Error(`There is no instance ${number}`);
    return instance;
  }

  async killInstances(): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.kill()));
  }

  /** Ends whatever runs; what cannot be ended keeps nothing else running. */
  async abandon(): Promise<void> {
    await Promise.allSettled(this.ends.splice(0).map((end) => end()));
  }

  private async startServers({ instances }: FleetSize): Promise<void> {
    const dynamo = await startDynaliteProcess();
    this.ends.push(dynamo.stop);
    const redis = await RedisProcess.start();
    this.ownRedis = redis;
    this.ends.push(() => redis.kill());
    const token = await tokenOf({ sub: 'hera', exp: Number(claimsOf().exp) + TOKEN_SECONDS });
    this.headers = { authorization: `Bearer ${token}` };
    for (let number = 1; number <= instances; number += 1) {
      const dataDir = join(this.folder, `data-${number}`);
      await mkdir(dataDir);
      const variables = {
        ...dynamo.variables,
        ...SECRET_VARIABLES,
        ...LIMITS,
        DATA_DIR: dataDir,
        REDIS_URL: redis.url,
        TRUSTED_PROXIES: '127.0.0.1',
        RISK_EVALUATE_EVERY: '5s',
      };
      const logFile = join(this.folder, `instance-${number}.log`);
      const instance = await FleetInstance.create(`instance ${number}`, variables, logFile);
      this.ends.push(() => instance.abandon());
      this.instances.push(instance);
    }
    await Promise.all(this.instances.map((instance) => instance.start()));
    const certificate = await makeCertificate(this.folder, 'nginx');
    this.certFile = certificate.cert;
    const addresses = this.instances.map(({ address }) => address);
    const nginx = await DeployedNginx.start(join(this.folder, 'nginx'), addresses, certificate);
    this.ends.push(() => nginx.stop());
    this.nginxUrl = nginx.url;
    const ca = await readFile(certificate.cert);
    this.entrances.push(
      throughNginx(nginx.url, ca, this.headers),
      ...this.instances.map((instance) => directly(instance, this.headers)),
    );
  }

  /** One process for those behind nginx, another one for those that measure. */
  private async startClients({ clients, probes }: FleetSize): Promise<void> {
    const { headers } = this;
    const crowd: ClientPlace[] = [
      { name: 'client', url: this.nginxUrl.replace('https', 'wss'), count: clients, headers },
    ];
    const measuring = this.instances.map(({ name, url }): ClientPlace => {
      return {
        name: `probe of ${name}`,
        url: url.replace('http', 'ws'),
        count: probes,
        headers,
        instance: name,
      };
    });
    for (const places of [crowd, measuring]) {
      const group = await ClientGroup.start(places, this.certFile);
      this.ends.push(() => group.stop());
      this.groups.push(group);
    }
  }
}
