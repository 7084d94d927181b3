using Tessera.Cards;
using Tessera.Cards.SecureChannels;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.SecureChannels;
using Tessera.Wire;

namespace Tessera.VirtualCard;

/// <summary>What is in the image of a card, without its secrets.</summary>
/// <param name="Card">Its id, or the number of its chip before it has one.</param>
/// <param name="Applets">Applets that the card has or could have, in words.</param>
/// <param name="Octets">Of the image.</param>
/// <param name="Used">Octets in its cells.</param>
public sealed record ImageSummary(
    CardId Card, CardLifeCycle Life, bool IsSim, IReadOnlyList<string> Applets, int Octets, int Cells, int Pages, int Used)
{
    /// <summary>Reads an image, completing the transaction that was cut if one was.</summary>
    /// <param name="medium">Stays the caller's.</param>
    /// <exception cref="DamagedImageException">The medium does not hold a whole image.</exception>
    public static ImageSummary Read(IImageMedium medium)
    {
        var octets = medium.Length;
        using var memory = CardMemory.Open(new Borrowed(medium));
        var life = new CardLife(memory);
        List<string> applets = [];
        if (memory.Has(CellId.Purse) && life.Has(CardApplets.Purse)) applets.Add("purse");
        if (memory.Has(CellId.StoreKey) && life.Has(CardApplets.Store)) applets.Add("store");
        if (memory.Has(CellId.PivManagementKey)) applets.Add("PIV");
        if (memory.Has(CellId.Chv1)) applets.Add("toolkit");
        if (memory.Has(CellId.DomainTraits)) applets.Add("issuer domain");
        var cells = Enumerable.Range(1, ImageHeader.MaxCells).Where(memory.Has).ToList();
        return new ImageSummary(
            Bytes.CopyOf(memory.Read(CellId.Card)).Read<CardId>(), life.State, memory.Has(CellId.Chv1), applets, octets,
            cells.Count, memory.Pages, cells.Sum(cell => memory.Read(cell).Length));
    }

    /// <summary>A medium that is closed by whom it belongs to.</summary>
    private sealed class Borrowed(IImageMedium medium) : IImageMedium
    {
        public string Name => medium.Name;

        public int Length => medium.Length;

        public void Read(int offset, Span<byte> octets) => medium.Read(offset, octets);

        public void Write(int offset, ReadOnlySpan<byte> octets) => medium.Write(offset, octets);

        public void Flush() => medium.Flush();

        public void Dispose()
        {
            // It is the caller's.
        }
    }
}
