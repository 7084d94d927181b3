using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Cli.Keys;

namespace Tessera.Cli;

/// <summary>
/// The PIN of a card's holder: out of a file, an environment variable or standard input, where it is asked for without echo.
/// </summary>
internal static class PinAtHand
{
    /// <summary>The holder is verified afterwards.</summary>
    /// <exception cref="InvalidDataException">It is not the PIN.</exception>
    /// <exception cref="CardStatusException">The card refuses it otherwise.</exception>
    public static Task VerifyAsync(ICardChannel card, CancellationToken cancel) => VerifyAsync(card, "-", cancel);

    /// <inheritdoc cref="VerifyAsync(ICardChannel, CancellationToken)"/>
    /// <param name="source">Where it is, as <see cref="SecretAtHand"/> reads it.</param>
    public static async Task VerifyAsync(ICardChannel card, string source, CancellationToken cancel)
    {
        using var pin = PinBlock.OfPin((await SecretAtHand.ReadAsync("PIN", source, cancel)).Trim());
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
