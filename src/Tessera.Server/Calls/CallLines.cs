using System.Collections.Concurrent;
using Tessera.Server.Hosting;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Server.Calls;

/// <summary>
/// The links of devices on calls: a listener of their own, because a line is slow and its voice is their page, and which
/// device is in which call.
/// </summary>
internal sealed class CallLines : IAsyncDisposable
{
    /// <summary>Octets of a script, and what it takes with its answer, on a line.</summary>
    private static readonly LinkTraits Traits = new(2048, TimeSpan.FromSeconds(1.5));

    /// <summary>The end of a call ends its session; this is for a caller who talks for long between two phases.</summary>
    private static readonly TimeSpan LongestVoice = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<Bytes, CallVisit> _visits = new();

    public CallLines(DataFolder folder, TimeProvider time) => Listener = new LinkListener(
        new LinkListenerOptions
        {
            Server = PeerIdentity.Of(folder.Certificate),
            Knows = folder.Terminals.Allows,
            Traits = Traits,
            ResumeWindow = LongestVoice,
            Wanted = terminal => Find(terminal)?.Want(),
            Changed = status => Find(status.Terminal)?.Changed(status),
        },
        time);

    public LinkListener Listener { get; }

    /// <summary>The call that a device is in; null where it is in none.</summary>
    public CallVisit? Find(Bytes terminal) => _visits.GetValueOrDefault(terminal);

    /// <summary>A device is in a call from now on, and in no other.</summary>
    public void Enter(Bytes terminal, CallVisit visit) => _visits[terminal] = visit;

    /// <summary>The call of a device is over, and so is its session.</summary>
    public void Leave(Bytes terminal, CallVisit visit)
    {
        if (_visits.TryRemove(new KeyValuePair<Bytes, CallVisit>(terminal, visit)))
            Listener.Release(terminal, "The call is over.");
    }

    public ValueTask DisposeAsync() => Listener.DisposeAsync();
}
