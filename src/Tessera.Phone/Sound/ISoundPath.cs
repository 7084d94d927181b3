namespace Tessera.Phone.Sound;

/// <summary>What came from a sound path in 20 ms.</summary>
public enum Hearing
{
    /// <summary>Samples as they were sent.</summary>
    Heard,

    /// <summary>Samples made up in place of a packet that did not come in time.</summary>
    Concealed,

    /// <summary>Nothing: the call is over, the stream at its end.</summary>
    Ended,
}

/// <summary>
/// Sound in both directions, a block of 20 ms at a time: an RTP session, a telephone, a sound card, a file. Who hears a
/// block says one, so the path is the clock of whoever works on it.
/// </summary>
public interface ISoundPath
{
    /// <summary>Waits for the next block and fills <paramref name="samples"/>.</summary>
    /// <param name="samples"><see cref="AudioBlock.Length"/> samples, linear.</param>
    ValueTask<Hearing> HearAsync(Memory<short> samples, CancellationToken cancel);

    /// <summary>Sends a block, without waiting for its turn; after the end it goes nowhere.</summary>
    ValueTask SayAsync(ReadOnlyMemory<short> samples, CancellationToken cancel);
}
