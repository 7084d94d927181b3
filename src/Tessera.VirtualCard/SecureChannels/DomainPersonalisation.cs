using Tessera.Cards;
using Tessera.Cards.SecureChannels;
using Tessera.Wire;

namespace Tessera.VirtualCard.SecureChannels;

/// <summary>What a security domain of the issuer is born with (docs/protocols/scp03.md §1). Zeroed when disposed.</summary>
public sealed class DomainPersonalisation : IDisposable
{
    /// <summary>5 to 16 octets.</summary>
    public Bytes Aid { get; init; } = GlobalPlatformCommands.IssuerDomain;

    /// <summary>Parameter i: what its secure channel can do. By default all.</summary>
    public Scp03Options Options { get; init; } = (Scp03Options)0x70;

    /// <summary>01 to 7F.</summary>
    public required byte KeyVersion { get; init; }

    /// <summary>Owned from here on.</summary>
    public required Scp03Keys Keys { get; init; }

    /// <summary>10 octets, told to whom wants to derive the keys.</summary>
    public required Bytes Diversification { get; init; }

    /// <summary>Of a card whose keys come from a master key by KDF3.</summary>
    /// <param name="master">Stays the caller's.</param>
    public static DomainPersonalisation Of(SecretKey master, byte keyVersion, CardId card)
    {
        var diversification = DiversificationOf(card);
        return new DomainPersonalisation
        {
            KeyVersion = keyVersion,
            Keys = Scp03Keys.OfKdf3(master, diversification.Span),
            Diversification = diversification,
        };
    }

    public void Dispose() => Keys.Dispose();

    /// <summary>The number of the card behind two octets of nothing.</summary>
    private static Bytes DiversificationOf(CardId card) => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        writer.WriteUInt16(0);
        card.Write(writer);
    });
}
