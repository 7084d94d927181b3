namespace Tessera.Cards.Pcsc;

/// <summary>How a reader is used.</summary>
public sealed record PcscOptions
{
    public static PcscOptions Default { get; } = new();

    /// <summary>
    /// No other program reaches the card while it is ours. Default true: a verified PIN is not shared.
    /// </summary>
    public bool Exclusive { get; init; } = true;

    /// <summary>
    /// How long a card that is shared may be kept from other programs at once; then it is reset and theirs. Default 60
    /// seconds: a holder needs time for a PIN. Windows gives less to one that asks nothing of its card.
    /// </summary>
    public TimeSpan LongestHold { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a card may take for one command. Default 30 seconds.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of <see cref="AnswerTimeout"/>. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
