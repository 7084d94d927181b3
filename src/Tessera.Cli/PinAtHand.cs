using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Cli.Keys;

namespace Tessera.Cli;

/// <summary>The PIN of a card's holder: asked for without echo, or a line of standard input.</summary>
internal static class PinAtHand
{
    /// <summary>The holder is verified afterwards.</summary>
    /// <exception cref="InvalidDataException">It is not the PIN.</exception>
    /// <exception cref="CardStatusException">The card refuses it otherwise.</exception>
    public static async Task VerifyAsync(ICardChannel card, CancellationToken cancel)
    {
        using var pin = PinBlock.OfPin((await SecretAtHand.ReadAsync("PIN", "-", cancel)).Trim());
        await VerifyAsync(card, pin, cancel);
    }

    /// <inheritdoc cref="VerifyAsync(ICardChannel, CancellationToken)"/>
    public static async Task VerifyAsync(ICardChannel card, PinBlock pin, CancellationToken cancel)
    {
        using var verify = PinCommands.Verify(pin);
        var status = (await card.TransmitAsync(verify.Apdu, cancel)).Status;
        if (status.TriesLeft is { } tries) throw new InvalidDataException($"That is not the PIN: {tries} tries left.");
        if (!status.IsSuccess) throw new CardStatusException(verify.Apdu.Header, status);
    }
}
