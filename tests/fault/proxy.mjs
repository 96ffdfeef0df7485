// proxy.mjs: stands between the server and PostgreSQL and understands just enough of its protocol:
// where a message begins. It can slow every round trip down, fall silent, cut a connection when the
// answer to a COMMIT has arrived but has not been handed on, and have what is asked behind a COMMIT
// last for ever.
import { connect, createServer } from 'node:net';

/** Calls back with each whole message; the first of a client has no letter in front. */
function messages(hasStartup, take) {
  let held = Buffer.alloc(0), startup = hasStartup;
  return (chunk) => {
    held = held.length ? Buffer.concat([held, chunk]) : chunk;
    for (;;) {
      const head = startup ? 0 : 1;
      if (held.length < head + 4) return;
      const length = head + held.readUInt32BE(head);
      if (held.length < length) return;
      const message = held.subarray(0, length);
      held = held.subarray(length);
      startup = false;
      take(message);
    }
  };
}

const position = "SELECT (pg_current_wal_flush_lsn() - '0/0')::bigint";
export const endless = 'SELECT pg_sleep(3600)::text';

export class Proxy {
  /** to: the port of PostgreSQL on this machine. */
  constructor(to) {
    this.to = to;
    this.delayMs = 0;
    this.silent = false;
    this.cutNext = 0; // so many of the next commits lose their answer
    this.cuts = 0;
    this.sleepNext = 0; // behind so many of the next commits the server falls asleep
    this.commits = 0;
    this.open = new Set();
  }

  async listen() {
    this.server = createServer((client) => this.accept(client));
    await new Promise((ready) => this.server.listen(0, '127.0.0.1', ready));
    this.port = this.server.address().port;
    return this;
  }

  accept(client) {
    const server = connect(this.to, '127.0.0.1');
    const pair = { client, server, commits: 0 };
    const end = () => {
      this.open.delete(pair);
      client.destroy();
      server.destroy();
    };
    this.open.add(pair);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('close', end).on('error', end);
    }
    const asked = messages(true, (message) => {
      pair.commits += message[0] === 0x51 && message.toString('latin1', 5, 11) === 'COMMIT';
      this.putToSleep(pair, message);
      if (!this.silent) this.later(() => server.write(message));
    });
    const answered = messages(false, (message) => {
      const done = message[0] === 0x43 && message.toString('latin1', 5, 11) === 'COMMIT';
      if (done && pair.commits) this.committed(pair);
    });
    client.on('data', asked);
    server.on('data', (chunk) => {
      answered(chunk);
      if (!this.silent && !pair.isCut) client.write(chunk);
      if (pair.isCut) end();
    });
  }

  committed(pair) {
    this.commits++;
    if (this.cutNext === 0) return;
    this.cutNext--;
    this.cuts++;
    pair.isCut = true;
  }

  /** The question for the server's position, right behind a COMMIT: another of the same length. */
  putToSleep(pair, message) {
    const said = message.toString('latin1'), at = said.indexOf(position);
    const isBehind = at > 0 && (pair.before?.includes('COMMIT') || said.includes('COMMIT;'));
    if (said[0] === 'P' || said[0] === 'Q') pair.before = said;
    if (!isBehind || this.sleepNext === 0) return;
    this.sleepNext--;
    message.write(endless.padEnd(position.length), at, 'latin1');
  }

  /** In the order of the calls, as each takes the same time. */
  later(send) {
    if (this.delayMs) setTimeout(send, this.delayMs);
    else send();
  }

  url(database) {
    const plain = 'sslmode=disable&gssencmode=disable'; // else a question comes before the first message
    return `postgres://postgres@127.0.0.1:${this.port}/${database}?${plain}`;
  }

  close() {
    this.server.close();
    for (const { client, server } of this.open) {
      client.destroy();
      server.destroy();
    }
  }
}
