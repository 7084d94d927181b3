using Tessera.Cards;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;

namespace Tessera.Lab.Shelf;

/// <summary>Makes a card of the lab: no image without a registration, and no registration without an image.</summary>
internal static class NewCard
{
    /// <summary>
    /// Makes the image where there is none, has the card registered, gives the image its name; goes on where it was cut.
    /// </summary>
    /// <param name="first">The first card of the holder; null where it is this one.</param>
    public static async Task MakeAsync(
        string path, CardMake make, CardId? first, LabOptions options, CancellationToken cancel)
    {
        var unfinished = path + ".new";
        var known = IdOf(path) ?? IdOf(unfinished);
        var card = known ?? LabCardId.New();
        var order = new CardOrder(card, make, first ?? card);
        if (known is null) await MakeAsync(unfinished, order, options, cancel);
        await options.Register(order, cancel);
        if (!File.Exists(path)) File.Move(unfinished, path);
    }

    private static async Task MakeAsync(string path, CardOrder order, LabOptions options, CancellationToken cancel)
    {
        File.Delete(path);
        using var medium = FileMedium.Create(path);
        await options.Make(order, medium, cancel);
    }

    /// <summary>The card of an image; null where there is none, or it was not finished.</summary>
    private static CardId? IdOf(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            using var card = CardImage.Open(FileMedium.Open(path));
            return card.Id;
        }
        catch (DamagedImageException)
        {
            return null;
        }
    }
}
