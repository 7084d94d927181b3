using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Support;

/// <summary>A card as the program made it whose purse knew no limits and had a log of ten.</summary>
internal static class EarlierImage
{
    private const int FirstCellOfTwenty = CellId.PurseLog + 10;

    public static byte[] Of(byte[] image)
    {
        var medium = new CutMedium(image);
        using var memory = CardMemory.Open(medium);
        var cells = ImageHeader.Read(medium).Cells.Values
            .Where(cell => cell.Id is < FirstCellOfTwenty or >= CellId.StoreTraits)
            .Where(cell => cell.Id is not (CellId.PurseLimits or CellId.PurseOfflineKey))
            .Select(cell => new NewCell(cell.Id, cell.Capacity, Bytes.CopyOf(memory.Read(cell.Id))));
        var earlier = new CutMedium();
        CardMemory.Format(earlier, [.. cells]);
        return earlier.Image;
    }
}
