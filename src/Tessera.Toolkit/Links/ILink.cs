using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>What one message of a link can carry and what a round trip costs its user.</summary>
/// <param name="MaxScript">Octets of the longest script one message carries.</param>
/// <param name="RoundTrip">What a script and its answer usually take.</param>
public sealed record LinkTraits(int MaxScript, TimeSpan RoundTrip);

/// <summary>
/// An authenticated conversation with one terminal about one insertion of a card, whatever the bearer.
/// </summary>
public interface ILink
{
    LinkTraits Traits { get; }

    TerminalProfile Profile { get; }

    /// <summary>Names the terminal: the first 8 octets of SHA-256 of its public key.</summary>
    Bytes Terminal { get; }

    /// <summary>The session number the terminal opened for this insertion; scripts name it.</summary>
    ushort Session { get; }

    /// <summary>Answer to reset of the card.</summary>
    Bytes Atr { get; }

    /// <summary>What the card said when it opened the session by itself; null where the terminal opened it.</summary>
    Opening? Opening { get; }

    /// <summary>Signalled when the session has ended: card removed, newer opening, terminal gone for good.</summary>
    CancellationToken Ended { get; }

    /// <summary>
    /// Sends a script and awaits its answer across reconnections. Idempotent: the same octets under the same number run
    /// once, however often they are sent.
    /// </summary>
    /// <param name="number">The script's number, as in its <c>C0</c>.</param>
    /// <returns>The response script, exact octets.</returns>
    /// <exception cref="ArgumentException">
    /// The script is none of this session and number, too long, or not the one sent under that number.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another script of this session waits for its answer.</exception>
    /// <exception cref="TimeoutException">
    /// No answer in the time this link allows; the same script may be sent again.
    /// </exception>
    /// <exception cref="ConnectionLostException">The session ended before an answer came.</exception>
    Task<Bytes> SendAsync(byte number, Bytes script, CancellationToken cancel);

    /// <summary>
    /// Asks the terminal for a new session for the same insertion, because script numbers end at 255; this link ends.
    /// Nobody else is handed the new link.
    /// </summary>
    /// <exception cref="ConnectionLostException">The session ended otherwise.</exception>
    Task<ILink> ReopenAsync(CancellationToken cancel);
}
