using Tessera.Wire;

namespace Tessera.Cards.SecureChannels;

/// <summary>What a card says to INITIALIZE UPDATE (GlobalPlatform Amendment D §7.1.1.6).</summary>
/// <remarks>
/// <code>
/// key diversification data 10 | key version 1 | 03 | i 1 | card challenge 8 | card cryptogram 8
/// sequence counter 3                                            with a pseudo-random challenge only
/// </code>
/// </remarks>
/// <param name="Diversification">10 octets that a master key is diversified by.</param>
/// <param name="Sequence">0 to FFFFFF; null where the challenge is random.</param>
public sealed record InitializeUpdateAnswer(
    Bytes Diversification, byte KeyVersion, Scp03Options Options, Bytes CardChallenge, Bytes CardCryptogram,
    uint? Sequence) : IWireFormat<InitializeUpdateAnswer>
{
    public const int DiversificationLength = 10;

    private const byte Protocol = 0x03;

    /// <exception cref="WireFormatException">Another protocol, or options that are not known here.</exception>
    public static InitializeUpdateAnswer Read(ref ByteReader reader)
    {
        var diversification = reader.ReadBytes(DiversificationLength, "key diversification data");
        var version = reader.ReadByte("key version");
        var at = reader.Offset;
        if (reader.ReadByte("secure channel protocol") is not Protocol and var protocol)
            throw new WireFormatException("secure channel protocol", at, $"is {protocol:X2}, not 03");
        var options = (Scp03Options)reader.ReadByte("i");
        if (!SecurityLevels.AllOptions.Contains(options))
            throw new WireFormatException("i", at + 1, $"{(byte)options:X2} is not known here");
        var challenge = reader.ReadBytes(Scp03Session.ChallengeLength, "card challenge");
        var cryptogram = reader.ReadBytes(Scp03Session.CryptogramLength, "card cryptogram");
        uint? sequence = options.HasFlag(Scp03Options.PseudoRandomChallenge)
            ? ((uint)reader.ReadByte("sequence counter") << 16) | reader.ReadUInt16("sequence counter")
            : null;
        return new InitializeUpdateAnswer(diversification, version, options, challenge, cryptogram, sequence);
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteBytes(Diversification);
        writer.WriteByte(KeyVersion);
        writer.WriteByte(Protocol);
        writer.WriteByte((byte)Options);
        writer.WriteBytes(CardChallenge);
        writer.WriteBytes(CardCryptogram);
        if (Sequence is not { } sequence) return;
        writer.WriteByte((byte)(sequence >> 16));
        writer.WriteUInt16((ushort)sequence);
    }
}
