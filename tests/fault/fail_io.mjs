// fail_io.mjs: builds fail_io.c and speaks to it.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './common.mjs';

export const WRITES = 1, SYNCS = 2, SENDS = 4, OPENS = 8, RENAMES = 16, TRUNCATES = 32, CLOSES = 64;
export const KILL = -1, SHORT = -2;
export const errors = { EIO: 5, ENOSPC: 28 };
export const moreErrors = { EINTR: 4, EMFILE: 24, EDQUOT: 122 };

export class FailIo {
  /** folder: where its files go; match: part of the path of those that fail. */
  constructor(folder, match, shadow) {
    const library = join(folder, 'fail_io.so'), control = join(folder, 'fail_io.control');
    must('cc', '-O1', '-shared', '-fPIC', '-o', library, 'tests/fault/fail_io.c');
    this.fd = openSync(control, 'w+');
    this.write([0, 0, 0, 0, 0, 0, 0]);
    this.env = {
      LD_PRELOAD: library,
      FAIL_IO_CONTROL: control,
      FAIL_IO_MATCH: match,
      ...(shadow ? { FAIL_IO_SHADOW: shadow } : {}),
    };
  }

  write(numbers) {
    writeSync(this.fd, Buffer.from(Int32Array.from(numbers).buffer), 0, numbers.length * 4, 0);
  }

  /** The n-th call of these kinds from now on fails with this error; stays: and all after it. */
  arm(n, kinds, error, stays = false) {
    this.write([0, kinds, error, Number(stays), 0]);
    this.write([n]);
  }

  disarm() {
    this.write([0]);
  }

  /** The server's time of day, against that of the machine. */
  setClock(aheadS) {
    writeSync(this.fd, Buffer.from(Int32Array.of(aheadS).buffer), 0, 4, 20);
  }

  /** Each sync takes so much longer. */
  slowSyncs(ms) {
    writeSync(this.fd, Buffer.from(Int32Array.of(ms).buffer), 0, 4, 24);
  }

  /** Calls of these kinds since it was armed with an n that is never reached. */
  get left() {
    const page = Buffer.alloc(4);
    readSync(this.fd, page, 0, 4, 0);
    return page.readInt32LE(0);
  }

  get fired() {
    const page = Buffer.alloc(20);
    readSync(this.fd, page, 0, 20, 0);
    return page.readInt32LE(16);
  }

  close() {
    closeSync(this.fd);
  }
}
