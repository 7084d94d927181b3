using Tessera.Platform.Objects;
using Tessera.Platform.Views;
using Tessera.Wire;

namespace Tessera.Platform.Dialogues;

/// <summary>What a holder is asked to pay.</summary>
/// <param name="Amount">What is paid, or the most that may be paid where the holder types the amount.</param>
/// <param name="Item">What it is for, as the terminal shows it: 1 to <see cref="MaxItem"/> characters.</param>
/// <param name="Merchant">Who gets it; null for the application itself.</param>
/// <param name="Typed">The holder types the amount at the terminal, up to <paramref name="Amount"/>.</param>
/// <param name="WithoutPin">A key press at the terminal confirms it, no PIN and no finger.</param>
public sealed record Payment(Amount Amount, string Item, string? Merchant, bool Typed, bool WithoutPin)
{
    public const int MaxItem = 60;

    /// <summary>What comes to the card with it; nothing by default.</summary>
    public Sequence<Goods> Goods { get; init; }
}
