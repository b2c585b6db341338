// The server's half of RFC 6455, as much as the page needs: text frames up to 64 KiB, ping, close.
import { createHash } from "node:crypto";

/** Takes over @param socket of an HTTP upgrade. @returns {{send(text: string): void, close(): void}} */
export function accept(request, socket, { on_text, on_close }) {
  const key = request.headers["sec-websocket-key"];
  const answer = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${answer}\r\n\r\n`);
  let pending = Buffer.alloc(0);
  const frame = (opcode, payload) => {
    const head = payload.length < 126 ? Buffer.from([0x80 | opcode, payload.length]) : Buffer.from([0x80 | opcode, 126, payload.length >> 8, payload.length & 255]);
    socket.write(Buffer.concat([head, payload]));
  };
  const take = () => {
    if (pending.length < 2) return false;
    let size = pending[1] & 127;
    let at = 2;
    if (size === 126) {
      if (pending.length < 4) return false;
      size = pending.readUInt16BE(2);
      at = 4;
    }
    if (pending.length < at + 4 + size) return false;
    const mask = pending.subarray(at, at + 4);
    const payload = Buffer.from(pending.subarray(at + 4, at + 4 + size)).map((byte, i) => byte ^ mask[i % 4]);
    const opcode = pending[0] & 15;
    pending = pending.subarray(at + 4 + size);
    if (opcode === 1) on_text(payload.toString("utf8"));
    else if (opcode === 8) socket.end();
    else if (opcode === 9) frame(10, payload);
    return true;
  };
  socket.on("data", (bytes) => {
    pending = Buffer.concat([pending, bytes]);
    while (take());
  });
  socket.on("error", () => {});
  socket.on("close", on_close);
  return {
    send: (text) => frame(1, Buffer.from(text)),
    close: () => socket.destroy(),
  };
}
