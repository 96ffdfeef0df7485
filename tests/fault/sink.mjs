// sink.mjs: a gateway for tests and fault experiments: checks each message's signature as any
// receiver may, counts by message id, and misbehaves as it is told.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

export class Sink {
  /** tls: options of an https server; without it http. */
  constructor({ tls } = {}) {
    this.key = randomBytes(32);
    this.times = new Map(); // message id: how often it came
    this.messages = new Map(); // message id: {kind, to, lang, text, number, ...}, as first received
    this.faults = [];
    this.behave = () => 'ok'; // ok, late, error, refuse, cut or redirect
    const handler = (request, response) => this.#receive(request, response);
    this.server = tls ? https.createServer(tls, handler) : http.createServer(handler);
    this.scheme = tls ? 'https' : 'http';
  }

  async start() {
    await new Promise((ready) => this.server.listen(0, '127.0.0.1', ready));
    this.url = `${this.scheme}://127.0.0.1:${this.server.address().port}/in`;
    return this;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((closed) => this.server.close(closed));
  }

  /** The file for --webhook-key-file. */
  keyFile(path) {
    writeFileSync(path, `whsec_${this.key.toString('base64')}\n`, { mode: 0o600 });
    return path;
  }

  #receive(request, response) {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('error', () => {});
    request.on('end', () => this.#take(request, Buffer.concat(parts).toString(), response));
  }

  #isSigned(headers, text) {
    const given = Buffer.from(headers['webhook-signature']?.replace(/^v1,/, '') ?? '', 'base64');
    const right = createHmac('sha256', this.key)
      .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`).digest();
    const age = Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp']));
    return given.length === right.length && timingSafeEqual(given, right) && age < 300;
  }

  #take(request, text, response) {
    const id = request.headers['webhook-id'];
    const message = JSON.parse(text);
    if (!this.#isSigned(request.headers, text) || message.id !== id)
      this.faults.push(`wrongly signed: ${text}`);
    const how = this.behave(message);
    if (how === 'error') return void response.writeHead(503).end();
    if (how === 'refuse') return void response.writeHead(422).end();
    if (how === 'redirect') return void response.writeHead(307, { Location: this.url }).end();
    this.times.set(id, (this.times.get(id) ?? 0) + 1);
    const before = this.messages.get(id);
    const { try: _, ...same } = message;
    if (before && JSON.stringify(before) !== JSON.stringify(same))
      this.faults.push(`the same id, another message: ${text}`);
    this.messages.set(id, same);
    this.taken?.(message);
    if (how === 'cut') return void request.socket.destroy();
    setTimeout(() => response.writeHead(204).end(), how === 'late' ? 300 : 0);
    return undefined;
  }
}
