using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>A device whose holder wants data now: the server answers it with its hello.</summary>
/// <param name="Nonce">16 octets, new each time.</param>
/// <param name="Seal">As that of a hello, over the nonce.</param>
/// <remarks>
/// <code>
/// nonce   16
/// seal     8
/// </code>
/// </remarks>
internal sealed record LineRequest(Bytes Nonce, Bytes Seal) : IWireFormat<LineRequest>
{
    private const int NonceLength = 16;

    public static LineRequest For(LinePublicKey server, Bytes prologue)
    {
        var nonce = new Bytes(RandomNumberGenerator.GetBytes(NonceLength));
        return new LineRequest(nonce, LinePrologue.Seal(server, prologue, nonce));
    }

    public static LineRequest Read(ref ByteReader reader) =>
        new(reader.ReadBytes(NonceLength, "nonce"), reader.ReadBytes(LineHello.SealLength, "seal"));

    public void Write(ByteWriter writer)
    {
        writer.WriteBytes(Nonce);
        writer.WriteBytes(Seal);
    }
}
