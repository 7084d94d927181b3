using Tessera.Phone.Tones;

namespace Tessera.Phone.Calls;

/// <summary>The voice of a call as a machine uses it: it plays sound and collects keys, one thing at a time.</summary>
public interface IVoice
{
    /// <summary>
    /// Plays a sound to its end, or until a key is pressed, which is kept for the next question.
    /// </summary>
    /// <exception cref="Wire.ConnectionLostException">The call ended.</exception>
    /// <exception cref="InvalidOperationException">Something else is being played or asked.</exception>
    Task PlayAsync(ReadOnlyMemory<short> sound, CancellationToken cancel);

    /// <summary>
    /// Plays a question and collects the keys of the answer; the first key ends the question. Keys that are kept are the
    /// first of them, unless the rule wants them fresh.
    /// </summary>
    /// <exception cref="Wire.ConnectionLostException">The call ended.</exception>
    /// <exception cref="InvalidOperationException">Something else is being played or asked.</exception>
    Task<Keyed> AskAsync(ReadOnlyMemory<short> question, KeyRule rule, CancellationToken cancel);
}
