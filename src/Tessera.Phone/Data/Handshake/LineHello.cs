using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>The first message of the handshake: a server that asks for data.</summary>
/// <param name="Ephemeral">Its key for this call.</param>
/// <param name="Rung">The rung it speaks on now.</param>
/// <param name="Rungs">The rungs it hears, a bit each.</param>
/// <param name="Seal">What only those make who know the server's public key.</param>
/// <remarks>
/// <code>
/// ephemeral   33
/// version      1    01
/// rung         1
/// rungs        1    bit n-1: rung n
/// seal         8    first octets of HMAC-SHA-256(SHA-256(SubjectPublicKeyInfo of the server), prologue | all above)
/// </code>
/// </remarks>
internal sealed record LineHello(LinePublicKey Ephemeral, byte Rung, byte Rungs, Bytes Seal) : IWireFormat<LineHello>
{
    public const byte Version = 0x01;
    public const int SealLength = 8;
    public const int Length = LinePublicKey.Length + 3 + SealLength;

    /// <summary>What the transcript takes of it behind the key.</summary>
    public Bytes Payload => new((byte[])[Version, Rung, Rungs]);

    public static LineHello Read(ref ByteReader reader)
    {
        var ephemeral = LinePublicKey.Read(ref reader);
        var at = reader.Offset;
        var version = reader.ReadByte("version");
        if (version != Version) throw new WireFormatException("version", at, $"{version:X2} is not spoken here");
        return new LineHello(
            ephemeral, reader.ReadByte("rung"), reader.ReadByte("rungs"), reader.ReadBytes(SealLength, "seal"));
    }

    public void Write(ByteWriter writer)
    {
        Ephemeral.Write(writer);
        writer.WriteBytes(Payload);
        writer.WriteBytes(Seal);
    }
}
