// A live stream made by ffmpeg, cut into low-latency HLS here: each fragment of the fMP4 that ffmpeg writes
// (0.4 s, beginning with a key frame) is a part, five parts are a segment.
import { spawn } from "node:child_process";

const kPart = 0.4;
const kPartsPerSegment = 5;
const kSegmentsListed = 6;
/** Bytes of 2 s of the MP3: what a new listener gets at once. */
const kBurstBytes = (64_000 / 8) * 2;

const input = [
  "-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25",
  "-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000",
];
const fmp4 = [
  "-map", "0:v", "-map", "1:a",
  "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline", "-pix_fmt", "yuv420p",
  "-g", "10", "-keyint_min", "10", "-sc_threshold", "0", "-b:v", "300k",
  "-c:a", "aac", "-b:a", "64k",
  "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-flush_packets", "1", "-f", "mp4", "pipe:1",
];
const mp3 = ["-map", "1:a", "-c:a", "libmp3lame", "-b:a", "64k", "-write_xing", "0", "-id3v2_version", "0", "-flush_packets", "1", "-f", "mp3", "pipe:3"];

export class Stream {
  #ffmpeg = null;
  #pending = Buffer.alloc(0);
  #init = null;
  #moof = null;
  #parts = []; // {msn, index, bytes, at}
  #waiters = new Set();
  #listeners = new Set();
  #mp3 = [];
  #mp3_bytes = 0;
  #start = 0;
  #first = 0;

  /** Each start numbers its segments above those before, as the hub does. */
  start() {
    this.#first = Math.max(this.#first + 1000, 2 * Math.floor(Date.now() / 1000));
    this.#start += 1;
    this.#pending = Buffer.alloc(0);
    this.#init = this.#moof = null;
    this.#parts = [];
    this.#mp3 = [];
    this.#mp3_bytes = 0;
    this.#ffmpeg = spawn("ffmpeg", ["-hide_banner", "-loglevel", "error", "-threads", "1", ...input, ...fmp4, ...mp3], {
      stdio: ["ignore", "pipe", "inherit", "pipe"],
    });
    this.#ffmpeg.stdout.on("data", (bytes) => this.#boxes(bytes));
    this.#ffmpeg.stdio[3].on("data", (bytes) => this.#sound(bytes));
  }

  stop() {
    this.#ffmpeg?.kill("SIGKILL");
    this.#ffmpeg = null;
    this.#wake();
    for (const response of this.#listeners) response.destroy();
    this.#listeners.clear();
  }

  /** Resolves once players can begin. */
  async ready() {
    while (this.#parts.length < 2 * kPartsPerSegment || this.#mp3_bytes < kBurstBytes) await this.#next();
  }

  /** Answers a request below /hls/<channel>/ or /audio/. @returns whether it was one */
  async serve(url, response) {
    const file = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
    if (url.pathname.startsWith("/audio/")) return this.#listen(response);
    if (file === "master.m3u8") return this.#send(response, "application/vnd.apple.mpegurl", this.#master());
    if (file === "main.m3u8" || file === "audio.m3u8") return this.#playlist(url, response);
    if (file.startsWith("init-")) return this.#send(response, "video/mp4", this.#init);
    const name = /^part-(\d+)-(\d+)\.(\d+)\.m4s$/.exec(file);
    if (name && Number(name[1]) === this.#start) {
      const [msn, index] = [Number(name[2]), Number(name[3])];
      const find = () => this.#parts.find((part) => part.msn === msn && part.index === index);
      // The hinted part is asked for before it is there.
      for (let tries = 0; !find() && tries < 8 && !response.destroyed; tries += 1) await this.#next();
      return this.#send(response, "video/mp4", find()?.bytes);
    }
    const segment = /^segment-(\d+)-(\d+)\.m4s$/.exec(file);
    if (segment && Number(segment[1]) === this.#start) {
      const parts = this.#parts.filter((part) => part.msn === Number(segment[2]));
      return this.#send(response, "video/mp4", parts.length === kPartsPerSegment ? Buffer.concat(parts.map((part) => part.bytes)) : null);
    }
    return this.#send(response, "", null);
  }

  #send(response, type, body) {
    if (response.destroyed) return;
    if (!body) response.writeHead(404).end();
    else response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store" }).end(body);
  }

  #master() {
    return `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-STREAM-INF:BANDWIDTH=500000,CODECS="avc1.42c00d,mp4a.40.2",RESOLUTION=320x180
main.m3u8
`;
  }

  async #playlist(url, response) {
    const msn = url.searchParams.get("_HLS_msn");
    if (msn !== null) {
      const part = url.searchParams.get("_HLS_part");
      const wanted = Number(msn) * kPartsPerSegment + (part === null ? kPartsPerSegment - 1 : Number(part));
      const newest = () => (this.#parts.length ? this.#parts.at(-1).msn * kPartsPerSegment + this.#parts.at(-1).index : 0);
      for (let tries = 0; newest() < wanted && tries < 30 && !response.destroyed; tries += 1) await this.#next();
    }
    if (this.#parts.length < 2 * kPartsPerSegment) {
      response.writeHead(503, { "Retry-After": "1" }).end();
      return;
    }
    this.#send(response, "application/vnd.apple.mpegurl", this.#list());
  }

  #list() {
    const newest = this.#parts.at(-1);
    const first = this.#parts[0].msn;
    const lines = [
      "#EXTM3U", "#EXT-X-VERSION:9", "#EXT-X-TARGETDURATION:2",
      `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${(3 * kPart).toFixed(1)},HOLD-BACK=6`,
      `#EXT-X-PART-INF:PART-TARGET=${kPart}`,
      `#EXT-X-MEDIA-SEQUENCE:${first}`,
      `#EXT-X-MAP:URI="init-${this.#start}.mp4"`,
    ];
    for (let msn = first; msn <= newest.msn; msn += 1) {
      const parts = this.#parts.filter((part) => part.msn === msn);
      lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(parts[0].at).toISOString()}`);
      // Parts near the edge only.
      if (newest.msn - msn < 3) for (const part of parts) lines.push(`#EXT-X-PART:DURATION=${kPart},INDEPENDENT=YES,URI="${this.#name(part)}"`);
      if (parts.length === kPartsPerSegment) lines.push(`#EXTINF:${(kPart * kPartsPerSegment).toFixed(3)},`, `segment-${this.#start}-${msn}.m4s`);
    }
    const last = newest.index === kPartsPerSegment - 1;
    const hint = last ? { msn: newest.msn + 1, index: 0 } : { msn: newest.msn, index: newest.index + 1 };
    lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${this.#name(hint)}"`, "");
    return lines.join("\n");
  }

  #name({ msn, index }) {
    return `part-${this.#start}-${msn}.${index}.m4s`;
  }

  #listen(response) {
    response.writeHead(200, { "Content-Type": "audio/mpeg", "Cache-Control": "no-store" });
    for (const chunk of this.#mp3) response.write(chunk);
    this.#listeners.add(response);
    response.on("close", () => this.#listeners.delete(response));
  }

  #sound(bytes) {
    this.#mp3.push(bytes);
    this.#mp3_bytes += bytes.length;
    while (this.#mp3_bytes - this.#mp3[0].length >= kBurstBytes) this.#mp3_bytes -= this.#mp3.shift().length;
    for (const response of this.#listeners) response.write(bytes);
  }

  #boxes(bytes) {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    while (this.#pending.length >= 8) {
      const size = this.#pending.readUInt32BE(0);
      if (this.#pending.length < size) return;
      const type = this.#pending.toString("latin1", 4, 8);
      const box = this.#pending.subarray(0, size);
      this.#pending = this.#pending.subarray(size);
      if (type === "ftyp") this.#init = box;
      else if (type === "moov") this.#init = Buffer.concat([this.#init, box]);
      else if (type === "moof") this.#moof = box;
      else if (type === "mdat" && this.#moof) this.#part(Buffer.concat([this.#moof, box]));
    }
  }

  #part(bytes) {
    const last = this.#parts.at(-1);
    const msn = !last ? this.#first : last.index === kPartsPerSegment - 1 ? last.msn + 1 : last.msn;
    const index = !last || last.index === kPartsPerSegment - 1 ? 0 : last.index + 1;
    this.#first = msn;
    this.#parts.push({ msn, index, bytes, at: Date.now() - kPart * 1000 });
    while (msn - this.#parts[0].msn > kSegmentsListed) this.#parts.shift();
    this.#wake();
  }

  #next() {
    return new Promise((resolve) => {
      this.#waiters.add(resolve);
      // A stream that stopped wakes nobody: give up on the part a while later.
      setTimeout(resolve, 1000).unref();
    });
  }

  #wake() {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const resolve of waiters) resolve();
  }
}
