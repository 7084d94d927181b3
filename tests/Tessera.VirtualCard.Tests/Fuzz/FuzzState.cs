using Tessera.VirtualCard.Tests.Support;

namespace Tessera.VirtualCard.Tests.Fuzz;

/// <summary>A state that a card is brought into again and again before it is sent what is wrong.</summary>
/// <param name="Image">The card.</param>
/// <param name="Known">Right commands, which are made wrong.</param>
/// <param name="Begin">For a card that was just opened: what brings it into the state, from whatever it was in.</param>
internal sealed record FuzzState(byte[] Image, IReadOnlyList<string> Known, Func<TestCard, Action> Begin)
{
    /// <summary>Puts a command as the peer of this state would; null where it goes as it is.</summary>
    public Func<TestCard, byte[], byte[]?>? Wrap { get; init; }

    /// <summary>The peer may change keys and fields: only what nobody may do is looked for.</summary>
    public bool IsIssuer { get; init; }

    /// <summary>One that is the same for every card of the image.</summary>
    public static FuzzState Of(byte[] image, IReadOnlyList<string> known, params string[] commands) =>
        new(image, known, card => () =>
        {
            card.Os.Reset();
            foreach (var command in commands) card.Send(command);
        });
}
