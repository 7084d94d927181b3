using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.Platform.Fields;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Signing;

internal sealed partial class SigningWorld
{
    private const ushort NoRoom = 0x6A84;

    /// <summary>Every place of the card's store is taken.</summary>
    /// <param name="like">What stands in each, but for its number and name.</param>
    public void FillStore(CardField like)
    {
        Transmit(StoreCommands.Select);
        for (byte id = 0; id <= StoreCommands.MaxFields; id++)
        {
            var field = like with { Id = (byte)(0x20 + id), Name = $"other-{id}" };
            var (mac, content) = new StoreKeyring(_masters).Write(Registration, field, 1, CardField.Content("full"))!.Value;
            if (Transmit(field.Write(1, mac, content)).Value == NoRoom) return;
        }

        Assert.Fail("The store is never full.");

        StatusWord Transmit(CommandApdu command) =>
            Card.Transmit(Bytes.Of(command).Span).Read<ResponseApdu>().Status;
    }
}
