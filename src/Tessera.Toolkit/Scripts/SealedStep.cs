using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>
/// A PIN or finger of the holder, encrypted by the terminal for its verifier and no other (tag D9,
/// docs/protocols/script.md §1, §6.12).
/// </summary>
/// <remarks><code>source 1 | verifier 8 | nonce 16</code></remarks>
/// <param name="Source">PIN or finger.</param>
/// <param name="Verifier">The id of the verifier that the terminal must be set up for.</param>
/// <param name="Nonce">Of the verifier.</param>
public sealed record SealedStep(InputSource Source, Bytes Verifier, Bytes Nonce) : ScriptStep
{
    internal const int Length = 1 + VerifierLength + NonceLength;

    private const int VerifierLength = 8;
    private const int NonceLength = 16;

    internal static bool MaySeal(InputSource source) => source is InputSource.Pin or InputSource.Finger;

    internal static SealedStep Read(ref ByteReader reader)
    {
        var source = (InputSource)reader.ReadByte("source");
        if (!MaySeal(source)) throw new WireFormatException("source", 0, $"{(byte)source:X2} is not used here");
        return new SealedStep(
            source, reader.ReadBytes(VerifierLength, "verifier"), reader.ReadBytes(NonceLength, "nonce"));
    }

    internal void WriteValue(ByteWriter writer)
    {
        writer.WriteByte((byte)Source);
        writer.WriteBytes(Verifier);
        writer.WriteBytes(Nonce);
    }
}
