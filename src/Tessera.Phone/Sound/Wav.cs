using System.Buffers.Binary;
using Tessera.Wire;

namespace Tessera.Phone.Sound;

/// <summary>How a WAV file codes its samples: the format tag of its <c>fmt</c> chunk.</summary>
public enum WavCoding : ushort
{
    /// <summary>Linear: 16 bits with a sign, or 8 without.</summary>
    Pcm = 0x0001,

    /// <summary>A-law of ITU-T G.711.</summary>
    ALaw = 0x0006,

    /// <summary>µ-law of ITU-T G.711.</summary>
    MuLaw = 0x0007,
}

/// <summary>A sound as a WAV file holds it: RIFF with linear samples or a law of G.711, one channel or two.</summary>
/// <remarks>
/// Numbers have their low octet first.
/// <code>
/// "RIFF" length(4) "WAVE"
/// "fmt " length(4) tag(2) channels(2) rate(4) octets a second(4) octets a frame(2) bits(2) ...
/// "data" length(4) samples
/// </code>
/// Other chunks are passed over; each takes an even number of octets. A program that could not go back to write the
/// length leaves <c>7FFFF000</c> or more, and the samples go on to the end of the file.
/// </remarks>
/// <param name="Rate">Samples a second of each channel.</param>
/// <param name="Channels">One, or two whose samples take turns.</param>
/// <param name="Samples">16 bits linear.</param>
public sealed record Wav(int Rate, int Channels, ReadOnlyMemory<short> Samples)
{
    /// <summary>Octets of the largest file that is read.</summary>
    public const int MaxFile = 1 << 28;

    /// <summary>The longest sound that is read.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromHours(2);

    private const int MinRate = 4000;
    private const int MaxRate = 192_000;
    private const int HeaderLength = 44;
    private const ushort Extensible = 0xFFFE;

    /// <summary>Lengths from here on mean that nobody knew it.</summary>
    private const uint Unknown = 0x7FFF_F000;

    private static ReadOnlySpan<byte> Riff => "RIFF"u8;

    private static ReadOnlySpan<byte> Wave => "WAVE"u8;

    private static ReadOnlySpan<byte> FormatName => "fmt "u8;

    private static ReadOnlySpan<byte> DataName => "data"u8;

    /// <summary>Reads a file of the telephone: one channel of 8000 samples a second, made so where it is not.</summary>
    /// <exception cref="WireFormatException">It is no WAV file that this reader takes.</exception>
    public static async Task<short[]> LoadAsync(string path, CancellationToken cancel)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MaxFile })
            throw new WireFormatException("file", MaxFile, $"longer than {MaxFile} octets");
        return Read(await File.ReadAllBytesAsync(path, cancel)).ToTelephone();
    }

    /// <summary>Writes a file of the telephone: one channel of 8000 samples a second.</summary>
    public static Task SaveAsync(
        string path, ReadOnlyMemory<short> samples, CancellationToken cancel, WavCoding coding = WavCoding.Pcm) =>
        File.WriteAllBytesAsync(path, new Wav(AudioBlock.Rate, 1, samples).Write(coding), cancel);

    /// <exception cref="WireFormatException">It is no WAV file that this reader takes.</exception>
    public static Wav Read(ReadOnlySpan<byte> file)
    {
        if (file.Length > MaxFile) throw new WireFormatException("file", MaxFile, $"longer than {MaxFile} octets");

        var reader = new ByteReader(file);
        Expect(ref reader, Riff, "RIFF");
        reader.ReadOctets(4, "RIFF length");
        Expect(ref reader, Wave, "WAVE");

        Format? format = null;
        while (true)
        {
            var name = reader.ReadOctets(4, "chunk name");
            var length = BinaryPrimitives.ReadUInt32LittleEndian(reader.ReadOctets(4, "chunk length"));
            var offset = reader.Offset;
            if (name.SequenceEqual(DataName))
            {
                if (format is not { } known) throw new WireFormatException("data", offset, "stands before fmt");
                return known.Decode(reader.ReadOctets(Length(length, reader.Remaining), "data"), offset);
            }

            var chunk = reader.ReadOctets((int)Math.Min(length, int.MaxValue), "chunk");
            if (name.SequenceEqual(FormatName)) format = Format.Read(chunk, offset);
            if (length % 2 != 0) reader.ReadOctets(1, "padding");
        }
    }

    /// <summary>As it sounds on the telephone: one channel, 8000 samples a second.</summary>
    public short[] ToTelephone()
    {
        var samples = Samples.Span;
        if (Channels == 1) return Resampler.Resample(samples, Rate, AudioBlock.Rate);

        var mixed = new short[samples.Length / 2];
        for (var i = 0; i < mixed.Length; i++) mixed[i] = (short)((samples[2 * i] + samples[(2 * i) + 1]) / 2);
        return Resampler.Resample(mixed, Rate, AudioBlock.Rate);
    }

    /// <summary>The file: linear with 16 bits, the laws with 8.</summary>
    public byte[] Write(WavCoding coding = WavCoding.Pcm)
    {
        var width = coding == WavCoding.Pcm ? 2 : 1;
        var length = checked(Samples.Length * width);
        var file = new byte[checked(HeaderLength + length + (length % 2))];
        WriteHeader(file, coding, width, length);
        var output = file.AsSpan(HeaderLength);
        var samples = Samples.Span;
        for (var i = 0; i < samples.Length; i++)
        {
            if (coding == WavCoding.MuLaw) output[i] = G711.EncodeMu(samples[i]);
            else if (coding == WavCoding.ALaw) output[i] = G711.EncodeA(samples[i]);
            else BinaryPrimitives.WriteInt16LittleEndian(output[(2 * i)..], samples[i]);
        }

        return file;
    }

    private static void Expect(ref ByteReader reader, ReadOnlySpan<byte> name, string field)
    {
        var offset = reader.Offset;
        if (!reader.ReadOctets(name.Length, field).SequenceEqual(name))
            throw new WireFormatException(field, offset, "is not there");
    }

    private static int Length(uint told, int left) => told >= Unknown ? left : (int)told;

    private void WriteHeader(Span<byte> file, WavCoding coding, int width, int length)
    {
        Riff.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file[4..], file.Length - 8);
        Wave.CopyTo(file[8..]);
        FormatName.CopyTo(file[12..]);
        BinaryPrimitives.WriteInt32LittleEndian(file[16..], 16);
        BinaryPrimitives.WriteUInt16LittleEndian(file[20..], (ushort)coding);
        BinaryPrimitives.WriteUInt16LittleEndian(file[22..], (ushort)Channels);
        BinaryPrimitives.WriteInt32LittleEndian(file[24..], Rate);
        BinaryPrimitives.WriteInt32LittleEndian(file[28..], Rate * Channels * width);
        BinaryPrimitives.WriteUInt16LittleEndian(file[32..], (ushort)(Channels * width));
        BinaryPrimitives.WriteUInt16LittleEndian(file[34..], (ushort)(8 * width));
        DataName.CopyTo(file[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(file[40..], length);
    }

    /// <summary>What the <c>fmt</c> chunk says.</summary>
    private sealed record Format(WavCoding Coding, int Channels, int Rate, int Bits)
    {
        private const int MinLength = 16;
        private const int SubFormat = 24;

        public static Format Read(ReadOnlySpan<byte> chunk, int offset)
        {
            if (chunk.Length < MinLength) throw new WireFormatException("fmt", offset, $"needs {MinLength} octets");

            var tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
            if (tag == Extensible && chunk.Length >= SubFormat + 2)
                tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[SubFormat..]);
            var format = new Format(
                (WavCoding)tag, BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]),
                BinaryPrimitives.ReadInt32LittleEndian(chunk[4..]),
                BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]));
            return format switch
            {
                { Channels: not (1 or 2) } =>
                    throw new WireFormatException("channels", offset + 2, $"{format.Channels}, not one or two"),
                { Rate: < MinRate or > MaxRate } => throw new WireFormatException(
                    "rate", offset + 4, $"{format.Rate}, not {MinRate} to {MaxRate} samples a second"),
                { Coding: WavCoding.Pcm, Bits: 8 or 16 } => format,
                { Coding: WavCoding.ALaw or WavCoding.MuLaw, Bits: 8 } => format,
                _ => throw new WireFormatException(
                    "tag", offset, $"{tag:X4} with {format.Bits} bits, neither linear with 8 or 16 nor a law of G.711"),
            };
        }

        public Wav Decode(ReadOnlySpan<byte> data, int offset)
        {
            var width = Bits / 8;
            var frame = width * Channels;
            // The rest of a frame, where the file was cut, is no sound.
            var count = data.Length / frame * Channels;
            if (count / Channels > MaxDuration.TotalSeconds * Rate)
                throw new WireFormatException("data", offset, $"longer than {MaxDuration.TotalHours} hours");

            var samples = new short[count];
            for (var i = 0; i < count; i++)
            {
                samples[i] = Coding switch
                {
                    WavCoding.MuLaw => G711.DecodeMu(data[i]),
                    WavCoding.ALaw => G711.DecodeA(data[i]),
                    _ when Bits == 8 => (short)((data[i] - 0x80) << 8),
                    _ => BinaryPrimitives.ReadInt16LittleEndian(data[(2 * i)..]),
                };
            }

            return new Wav(Rate, Channels, samples);
        }
    }
}
