using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Tessera.Gateway;

/// <summary>
/// The answers that are late, read from where they are kept: none of them waits in memory, and none is forgotten.
/// </summary>
internal sealed class LateAnswers(SmsGatewayOptions options, IGatewayStore store)
{
    private const int AtOnce = 16;

    private readonly Channel<bool> _offered = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>There may be some to be read, or to be read again.</summary>
    public void Offer() => _offered.Writer.TryWrite(true);

    public void End() => _offered.Writer.TryComplete();

    /// <summary>One that is not taken does not stand in the way of those behind it.</summary>
    public async IAsyncEnumerable<LateAnswer> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        do
        {
            IReadOnlyList<LateScript> some;
            LateScript? last = null;
            do
            {
                some = await store.LateAsync(last, AtOnce, cancel);
                foreach (var late in some) yield return new LateAnswer(options, last = late);
            }
            while (some.Count == AtOnce);
        }
        while (await _offered.Reader.WaitToReadAsync(cancel) && _offered.Reader.TryRead(out _));
    }
}
