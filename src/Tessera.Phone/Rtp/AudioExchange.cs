namespace Tessera.Phone.Rtp;

/// <summary>
/// What a call does every 20 ms: hears a block, speaks a block. It runs on the thread of all calls, so it computes and
/// never waits.
/// </summary>
/// <param name="heard">160 samples of the peer.</param>
/// <param name="concealed">Some of them were made up, because packets did not come in time.</param>
/// <param name="spoken">160 samples for the peer; silence where nothing is written.</param>
public delegate void AudioExchange(ReadOnlySpan<short> heard, bool concealed, Span<short> spoken);
