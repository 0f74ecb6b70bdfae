// Writes to SLS Local with the official SDK, and checks what has arrived. Start SLS Local first, then:
//   npm install @alicloud/log
//   node write.cjs http://127.0.0.1:10012 my-project my-logs
const assert = require('node:assert');
const dns = require('node:dns');
const Client = require('@alicloud/log');

const [, , address, project, logstore] = process.argv;

// The SDK puts the project in front of the endpoint's name: names under sls.test are this machine.
const lookup = dns.lookup;
dns.lookup = (name, options, done) => lookup(name.endsWith('.sls.test') ? '127.0.0.1' : name, options, done);

const client = new Client({ accessKeyId: 'ID', accessKeySecret: 'SECRET', endpoint: `sls.test:${new URL(address).port}` });

async function main() {
  await client.postLogStoreLogs(project, logstore, {
    topic: 'nginx',
    source: 'example',
    tags: [{ host: 'web-1' }],
    logs: [{ timestamp: Math.floor(Date.now() / 1000), content: { request: 'GET /' } }],
  });

  const groups = await (await fetch(`${address}/_local/groups?project=${project}&logstore=${logstore}`)).json();
  assert.strictEqual(groups.length, 1);
  assert.strictEqual(groups[0].topic, 'nginx');
  assert.deepStrictEqual(groups[0].tags, [['host', 'web-1']]);
  assert.deepStrictEqual(groups[0].first[0].contents, [['request', 'GET /']]);

  // Two puts in a row fail: does your code try again?
  await fetch(`${address}/_local/faults`, {
    method: 'POST',
    body: JSON.stringify({ effect: 'error', code: 'ServerBusy', operation: 'PutLogs', count: 2 }),
  });
  const failed = await client.postLogStoreLogs(project, logstore, { logs: [{ timestamp: 1, content: { a: 'b' } }] })
    .then(() => 'nothing', (failure) => failure.code);
  assert.strictEqual(failed, 'ServerBusy');
  console.log('passed');
}

main().catch((failure) => {
  console.error(failure);
  process.exit(1);
});
