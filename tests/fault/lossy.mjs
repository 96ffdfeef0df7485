// A bad line between people and the server: one answer in ten never arrives (the connection is cut
// when the answer has begun), one request in twenty is sent twice by the line itself, and old ones
// come again much later. People repeat with the same key: each report is there once, with the same
// receipt.
//   node tests/fault/lossy.mjs [--reports N] [--clients N]
import http from 'node:http';
import { connect, createServer } from 'node:net';
import { Trial, experiment, options } from './common.mjs';

const { reports, clients } = options({ reports: 5000, clients: 32 });
const loss = 0.1, doubled = 0.05, replayed = 0.02, keptMax = 500;

/** Stands in front of the server; each connection carries one request after the other. */
class Line {
  constructor(to) {
    Object.assign(this, { to, lost: 0, twice: 0, again: 0, kept: [] });
  }

  async listen() {
    this.server = createServer((client) => this.accept(client));
    await new Promise((ready) => this.server.listen(0, '127.0.0.1', ready));
    this.port = this.server.address().port;
  }

  accept(client) {
    const server = connect(this.to, '127.0.0.1');
    const end = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('close', end).on('error', end);
    client.on('data', (request) => {
      this.trouble(request);
      server.write(request);
    });
    server.on('data', (answer) => {
      if (Math.random() >= loss) return client.write(answer);
      this.lost++;
      if (Math.random() < 0.5) client.resetAndDestroy();
      else client.end(answer.subarray(0, Math.floor(answer.length * Math.random())));
      return server.destroy();
    });
  }

  /** The line sends this request once more now, or one of before. */
  trouble(request) {
    if (!request.subarray(0, 4).equals(Buffer.from('POST'))) return;
    if (Math.random() < doubled) {
      this.twice++;
      this.alone(request);
    }
    if (Math.random() < replayed && this.kept.length) {
      this.again++;
      this.alone(this.kept[Math.floor(Math.random() * this.kept.length)]);
    }
    if (this.kept.length < keptMax) this.kept.push(Buffer.from(request));
    else this.kept[Math.floor(Math.random() * keptMax)] = Buffer.from(request);
  }

  alone(request) {
    const socket = connect(this.to, '127.0.0.1', () => socket.end(request));
    socket.on('error', () => {}).on('data', () => {});
  }
}

await experiment(async () => {
  const trial = new Trial();
  await trial.makeCity();
  await trial.start();
  const { port } = trial.server, line = new Line(port);
  await line.listen();
  trial.server.port = line.port;
  trial.over = false;
  let begun = 0, retries = 0;
  const call = trial.call.bind(trial);
  trial.call = async (...what) => {
    const answer = await call(...what);
    retries += answer.status !== 200;
    return answer;
  };
  const one = async (name) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    while (begun++ < reports) await trial.report(agent, name);
    agent.destroy();
  };
  const staff = await trial.signIn('worker1');
  const many = Array.from({ length: clients }, (_, i) => one(`line${i}`));
  const steps = (async () => {
    while (begun < reports) {
      const { number } = await trial.report(undefined, 'staff');
      const key = trial.newKey('note');
      if (await trial.settle(undefined, 'POST', `/api/matters/${number}/step`,
        { ...staff, 'Idempotency-Key': key }, JSON.stringify({ action: 'note', note: `演练记录 ${key}` })))
        trial.notes.set(key, number);
    }
  })();
  await Promise.all([...many, steps]);
  trial.server.port = port;
  const good = await trial.end('a line that loses one answer in ten',
    `${retries} retries, ${line.lost} answers lost, ${line.twice} requests doubled, ${line.again} sent `
    + 'again later');
  line.server.close();
  return good && line.lost > 0 && retries > 0;
});
