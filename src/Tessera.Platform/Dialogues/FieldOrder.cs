using Tessera.Cards.Store;
using Tessera.Platform.Changes;
using Tessera.Platform.Fields;
using Tessera.Wire;

namespace Tessera.Platform.Dialogues;

/// <summary>A field of the card to be read, and to be written before where there is something to write.</summary>
/// <param name="Value">The new content; null to read only.</param>
/// <param name="Delivery">The change that is brought to the card; null where it is made there.</param>
internal sealed record FieldOrder(CardField Field, Bytes? Value, ChangeId? Delivery);

/// <summary>What a script needs to carry out an order.</summary>
/// <param name="Version">Of the WRITE; 0 where there is none.</param>
/// <param name="Mac">The issuer's code for the WRITE.</param>
/// <param name="Content">As it travels.</param>
/// <param name="Nonce">What the card proves its content over.</param>
internal sealed record IssuedOrder(ushort Version, Bytes Mac, Bytes Content, Bytes Nonce)
{
    /// <summary>Of the same length, for planning.</summary>
    public static IssuedOrder Planned(FieldOrder order) =>
        new(0, new Bytes(new byte[StoreMac.Length]), order.Value ?? Bytes.Empty, new Bytes(new byte[StoreMac.NonceLength]));
}
