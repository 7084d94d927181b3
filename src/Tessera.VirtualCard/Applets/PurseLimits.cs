using Tessera.Cards.Purse;
using Tessera.Wire;

namespace Tessera.VirtualCard.Applets;

/// <summary>What a purse may do without its issuer (docs/protocols/purse.md §2).</summary>
/// <remarks><code>allowance left 4 | number up to which the issuer has seen all 4 | greatest without PIN 4</code></remarks>
internal sealed record PurseLimits(uint Allowance, uint Seen, uint GreatestWithoutPin) : IWireFormat<PurseLimits>
{
    public const int Length = 12;

    /// <summary>Of a card that was made before there were limits.</summary>
    public static PurseLimits None { get; } = new(0, 0, uint.MaxValue);

    public static PurseLimits Read(ref ByteReader reader) => new(
        reader.ReadUInt32("allowance"), reader.ReadUInt32("seen"), reader.ReadUInt32("greatest without PIN"));

    public void Write(ByteWriter writer)
    {
        writer.WriteUInt32(Allowance);
        writer.WriteUInt32(Seen);
        writer.WriteUInt32(GreatestWithoutPin);
    }

    /// <summary>
    /// After <paramref name="record"/>: what the issuer authorises, it authorises on an S1, and only when it has all that
    /// came before.
    /// </summary>
    public PurseLimits After(LoggedMovement record) => record.Movement switch
    {
        { Kind: MoveKind.OfflineDebit, Amount: var amount } => this with { Allowance = Allowance - amount },
        { Kind: MoveKind.Allow, Amount: var allowance } => this with { Seen = record.Number - 1, Allowance = allowance },
        { Kind: MoveKind.Limit, Amount: var most } => this with { Seen = record.Number - 1, GreatestWithoutPin = most },
        _ => this with { Seen = record.Number - 1 },
    };
}
