using System.Buffers.Binary;
using Tessera.Wire;

namespace Tessera.Toolkit.Verifiers;

/// <summary>A question or an answer in a stream (docs/protocols/verifier.md §3).</summary>
/// <remarks><code>length 2, at most 1024 | octets</code></remarks>
public static class VerifierFrame
{
    public const int MaxLength = 1024;

    public static async Task WriteAsync(Stream stream, Bytes octets, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(octets.Length, MaxLength, nameof(octets));
        var frame = new byte[sizeof(ushort) + octets.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)octets.Length);
        octets.Span.CopyTo(frame.AsSpan(sizeof(ushort)));
        await stream.WriteAsync(frame, cancel);
        await stream.FlushAsync(cancel);
    }

    /// <returns>Null where the stream ends before a frame.</returns>
    /// <exception cref="WireFormatException">The frame is too long.</exception>
    /// <exception cref="EndOfStreamException">The stream ends in a frame.</exception>
    public static async Task<Bytes?> ReadAsync(Stream stream, CancellationToken cancel)
    {
        var head = new byte[sizeof(ushort)];
        var read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel);
        if (read == 0) return null;
        if (read < head.Length) throw new EndOfStreamException();
        var length = BinaryPrimitives.ReadUInt16BigEndian(head);
        if (length > MaxLength) throw new WireFormatException("length", 0, $"{length} octets are more than {MaxLength}");
        var octets = new byte[length];
        await stream.ReadExactlyAsync(octets, cancel);
        return new Bytes(octets);
    }
}
