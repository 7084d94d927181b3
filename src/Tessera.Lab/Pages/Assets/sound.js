// The sound of a call as it comes from a telephone or a line: 8000 samples a second of 16 bits, behind a WAV header.
const rate = 8000;
const headerLength = 44;

// Reads a WAV without an end, and hands over what arrived: one array of samples for each channel.
export const hear = async (path, headers, channels, cancel, heard) => {
  const answer = await fetch(path, { headers, signal: cancel.signal });
  if (!answer.ok) return;
  const reader = answer.body.getReader();
  const frame = 2 * channels;
  let rest = new Uint8Array(0);
  let skip = headerLength;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    let octets = new Uint8Array(rest.length + value.length);
    octets.set(rest);
    octets.set(value, rest.length);
    const skipped = Math.min(skip, octets.length);
    skip -= skipped;
    octets = octets.subarray(skipped);
    const view = new DataView(octets.buffer, octets.byteOffset);
    const count = Math.floor(octets.length / frame);
    rest = octets.slice(count * frame);
    if (count === 0) continue;
    heard(Array.from({ length: channels }, (_, channel) =>
      Float32Array.from({ length: count }, (_, i) => view.getInt16(frame * i + 2 * channel, true) / 32768)));
  }
};

// 0 for silence, 1 for all there is.
export const level = samples => {
  const square = samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length);
  return square > 0 ? Math.max(0, 1 + Math.log10(square) / 5) : 0;
};

// Plays what arrives, once somebody clicked, as browsers want it.
export class Player {
  #context = null;
  #at = 0;

  get isOn() { return this.#context !== null; }

  switch() {
    if (this.#context) this.#context.close();
    this.#context = this.#context ? null : new AudioContext();
    return this.isOn;
  }

  play(channels) {
    const context = this.#context;
    if (!context) return;
    const buffer = context.createBuffer(channels.length, channels[0].length, rate);
    channels.forEach((samples, channel) => buffer.copyToChannel(samples, channel));
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    // A little behind what arrives, so that late octets leave no gap; far behind, or ahead, it begins anew.
    const now = context.currentTime;
    if (this.#at < now || this.#at > now + 1) this.#at = now + 0.1;
    source.start(this.#at);
    this.#at += buffer.duration;
  }
}

// Listens for as long as it is wanted, and after a break again.
export class Listening {
  #cancel = null;

  constructor(path, headers, channels, heard) { Object.assign(this, { path, headers, channels, heard }); }

  follow(isWanted) {
    if (isWanted && !this.#cancel) {
      const cancel = this.#cancel = new AbortController();
      hear(this.path, this.headers, this.channels, cancel, this.heard).catch(() => {}).finally(() => {
        if (this.#cancel === cancel) this.#cancel = null;
        this.heard(Array.from({ length: this.channels }, () => new Float32Array(0)));
      });
    } else if (!isWanted) {
      this.#cancel?.abort();
    }
  }
}
