// A waterfall: time runs to the left, frequency up, 20 ms a column. Nothing but what the samples hold.
const hop = 160;
const size = 256;
const floor = -80;
const top = -28;
const window = Float32Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos(2 * Math.PI * i / size));

// From night over the green of the house to a light yellow.
const stops = [[13, 22, 33], [16, 58, 66], [20, 122, 98], [126, 188, 90], [250, 236, 150]];
const palette = Uint8ClampedArray.from({ length: 256 * 3 }, (_, i) => {
  const at = Math.floor(i / 3) / 255 * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2);
  return stops[low][i % 3] + (at - low) * (stops[low + 1][i % 3] - stops[low][i % 3]);
});

// In place; the lengths are powers of two.
export const transform = (real, imaginary) => {
  const n = real.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [real[i], real[j]] = [real[j], real[i]];
      [imaginary[i], imaginary[j]] = [imaginary[j], imaginary[i]];
    }
  }
  for (let length = 2; length <= n; length <<= 1) {
    for (let start = 0; start < n; start += length) {
      for (let k = 0; k < length / 2; k++) {
        const angle = -2 * Math.PI * k / length;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const [a, b] = [start + k, start + k + length / 2];
        const [x, y] = [real[b] * c - imaginary[b] * s, real[b] * s + imaginary[b] * c];
        [real[b], imaginary[b]] = [real[a] - x, imaginary[a] - y];
        [real[a], imaginary[a]] = [real[a] + x, imaginary[a] + y];
      }
    }
  }
};

// The level of each of 128 bands of 31.25 Hz, in dB of a full sine.
export const levels = samples => {
  const real = Float32Array.from(samples, (sample, i) => sample * window[i]);
  const imaginary = new Float32Array(size);
  transform(real, imaginary);
  return Float32Array.from({ length: size / 2 }, (_, i) => {
    const power = (real[i] ** 2 + imaginary[i] ** 2) / (size / 4) ** 2;
    return power > 0 ? 10 * Math.log10(power) : -200;
  });
};

export class Waterfall {
  #last = new Float32Array(size);
  #waiting = [];

  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { willReadFrequently: true });
    this.context.fillStyle = `rgb(${stops[0].join(" ")})`;
    this.context.fillRect(0, 0, canvas.width, canvas.height);
  }

  // Columns for as many samples as came; the rest waits for more.
  write(samples) {
    this.#waiting.push(...samples);
    const columns = [];
    while (this.#waiting.length >= hop) {
      const next = this.#waiting.splice(0, hop);
      this.#last.copyWithin(0, hop);
      this.#last.set(next, size - hop);
      columns.push(levels(this.#last));
    }
    if (columns.length > 0) this.#draw(columns.slice(-this.canvas.width));
  }

  #draw(columns) {
    const { canvas, context } = this;
    const { width, height } = canvas;
    context.drawImage(canvas, -columns.length, 0);
    const image = context.createImageData(columns.length, height);
    columns.forEach((bands, x) => bands.forEach((band, i) => {
      const colour = 3 * Math.max(0, Math.min(255, Math.round((band - floor) / (top - floor) * 255)));
      const at = 4 * ((height - 1 - i) * columns.length + x);
      image.data.set([palette[colour], palette[colour + 1], palette[colour + 2], 255], at);
    }));
    context.putImageData(image, width - columns.length, 0);
    canvas.dataset.columns = Number(canvas.dataset.columns ?? 0) + columns.length;
    canvas.dataset.peak = loudest(columns.at(-1));
  }
}

// In Hz: where the last column is brightest; empty in silence.
const loudest = bands => {
  const best = bands.reduce((most, band, i) => band > bands[most] ? i : most, 0);
  return bands[best] > floor ? String(Math.round(best * 8000 / size)) : "";
};
