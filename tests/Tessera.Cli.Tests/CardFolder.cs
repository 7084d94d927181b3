using Tessera.Cards;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;

namespace Tessera.Cli.Tests;

/// <summary>A folder with a card of the lab in it, as <c>--card</c> takes one.</summary>
internal sealed class CardFolder : IDisposable
{
    private readonly TempFolder _folder = new();

    public CardFolder()
    {
        using var personalisation = Personalisation.Demonstration(CardId.Parse("0123456789ABCDEF"));
        using var medium = FileMedium.Create(Image);
        CardImage.Create(medium, personalisation);
    }

    public string Path => _folder.Path;

    /// <summary>The file of the card.</summary>
    public string Image => File("card.img");

    public string File(string name) => _folder.File(name);

    public void Dispose() => _folder.Dispose();
}
